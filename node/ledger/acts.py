"""The last acts of each operator, so that one can be taken back: ids only."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.ledger.store import Rows


@dataclass(frozen=True, slots=True)
class Act:
    """One act, and the records it wrote."""

    token: bytes
    """16 random bytes that name it."""
    act: str
    """The act's word, such as "check-in"."""
    operator: str
    at_ms: int
    subjects: int
    """How many people or places it was about."""
    steps: tuple[tuple[bytes, bytes], ...]
    """Id of each record written, with the id of the head it replaced; empty where there was none."""


class ActsRead(Rows):
    """Questions about acts."""

    def act(self, token: bytes) -> Act | None:
        """One act; None: there is none, or it was taken back."""
        found = self._acts("token = ?", (token,))
        return found[0] if found else None

    def acts(self, operator: str, *, since_ms: int, limit: int = 20) -> list[Act]:
        """This operator's acts that can still be taken back, newest first."""
        return self._acts(
            "operator = ? AND at_ms >= ? ORDER BY at_ms DESC, rowid DESC LIMIT ?", (operator, since_ms, limit)
        )

    def _acts(self, where: str, values: Sequence[str | int | bytes]) -> list[Act]:
        sql = f"SELECT token, act, operator, at_ms, subjects FROM acts WHERE {where}"  # noqa: S608
        return [
            Act(token, act, operator, at_ms, subjects, tuple(self._steps(token)))
            for token, act, operator, at_ms, subjects in self._connection().execute(sql, values).fetchall()
        ]

    def _steps(self, token: bytes) -> list[tuple[bytes, bytes]]:
        sql = "SELECT record, before FROM act_steps WHERE token = ? ORDER BY number"
        return [(record, before) for record, before in self._connection().execute(sql, (token,))]


class ActsWrite(ActsRead):
    """Remembers and forgets acts."""

    def remember_act(self, act: Act) -> None:
        """Make an act one that can be taken back."""
        self._connection().execute(
            "INSERT INTO acts (token, act, operator, at_ms, subjects) VALUES (?, ?, ?, ?, ?)",
            (act.token, act.act, act.operator, act.at_ms, act.subjects),
        )
        self._connection().executemany(
            "INSERT INTO act_steps (token, number, record, before) VALUES (?, ?, ?, ?)",
            [(act.token, number, record, before) for number, (record, before) in enumerate(act.steps)],
        )

    def forget_act(self, token: bytes) -> None:
        """It was taken back."""
        self._connection().execute("DELETE FROM act_steps WHERE token = ?", (token,))
        self._connection().execute("DELETE FROM acts WHERE token = ?", (token,))
