"""The members of staff of this node: their role, the verifier of their PIN, and how often it was typed wrong."""

from dataclasses import dataclass
from typing import Final

from node.ledger.store import Rows

_COLUMNS: Final = "code, role, pin, pin_is_lent, added_at_ms, retired_at_ms, failures, failed_at_ms"


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """One member of staff."""

    code: str
    """As it stands in every record they write."""
    role: str
    pin: str
    """What a PIN is checked against (node.trust.pins); never the PIN."""
    pin_is_lent: bool
    """A chief chose it: the operator chooses their own when they next sign in."""
    added_at_ms: int
    retired_at_ms: int | None = None
    failures: int = 0
    """Wrong PINs since the last right one."""
    failed_at_ms: int = 0


class OperatorsRead(Rows):
    """Questions about operators."""

    def operator(self, code: str) -> OperatorRow | None:
        """One operator, retired or not."""
        sql = f"SELECT {_COLUMNS} FROM operators WHERE code = ?"  # noqa: S608
        row = self._connection().execute(sql, (code,)).fetchone()
        return None if row is None else _operator(*row)

    def operators(self) -> list[OperatorRow]:
        """All operators by their codes, those who have retired included."""
        sql = f"SELECT {_COLUMNS} FROM operators ORDER BY code"  # noqa: S608
        return [_operator(*row) for row in self._connection().execute(sql)]

    def has_operators(self) -> bool:
        """Whether any was ever made: from then on who works here signs in."""
        return self._connection().execute("SELECT 1 FROM operators LIMIT 1").fetchone() is not None


class OperatorsWrite(OperatorsRead):
    """Keeps operators."""

    def put_operator(self, row: OperatorRow) -> None:
        """Keep an operator, in place of what was kept under the code."""
        self._connection().execute(
            f"INSERT OR REPLACE INTO operators ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                row.code,
                row.role,
                row.pin,
                int(row.pin_is_lent),
                row.added_at_ms,
                row.retired_at_ms,
                row.failures,
                row.failed_at_ms,
            ),
        )


def _operator(code: str, role: str, pin: str, lent: int, *rest: int) -> OperatorRow:
    return OperatorRow(code, role, pin, bool(lent), *rest)
