"""Safety inquiries as they were made: who asked, after whom, why, and what they were told (Rule 8-3)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from node.ledger.store import Rows

_COLUMNS: Final = "id, at_ms, operator, subject, outcome, told, inquirer, sought"


@dataclass(frozen=True, slots=True, repr=False)
class InquiryRow:
    """One inquiry and its answer."""

    id: bytes
    """16 random bytes; the log names it."""
    at_ms: int
    operator: str
    subject: bytes | None
    """Who was meant, where this node knows them; whatever was answered."""
    outcome: str
    told: tuple[str, ...]
    """What kinds of things were told."""
    inquirer: Mapping[str, str] = field(default_factory=dict)
    """Who asked, how that was made sure of, and why they asked."""
    sought: Mapping[str, str] = field(default_factory=dict)
    """Whom they looked for and the answer in words; empty once the person was erased."""


class InquiriesRead(Rows):
    """Questions about inquiries."""

    def inquiry(self, id_: bytes) -> InquiryRow | None:
        """One inquiry."""
        found = self._inquiries("id = ?", id_)
        return found[0] if found else None

    def inquiries(self, *, limit: int = 100) -> list[InquiryRow]:
        """The newest first."""
        return self._inquiries("TRUE ORDER BY number DESC LIMIT ?", limit)

    def inquiries_about(self, subject: bytes) -> list[InquiryRow]:
        """Every inquiry after one person, oldest first."""
        return self._inquiries("subject = ? ORDER BY number", subject)

    def inquiries_before(self, at_ms: int) -> list[tuple[bytes, int]]:
        """Those made by then: their ids, and when."""
        sql = "SELECT id, at_ms FROM inquiries WHERE at_ms <= ?"
        return [(id_, asked_ms) for id_, asked_ms in self._connection().execute(sql, (at_ms,))]

    def _inquiries(self, where: str, value: bytes | int) -> list[InquiryRow]:
        sql = f"SELECT {_COLUMNS} FROM inquiries WHERE {where}"  # noqa: S608
        return [
            InquiryRow(id_, at_ms, operator, subject, outcome, _list(told), json.loads(inquirer), json.loads(sought))
            for id_, at_ms, operator, subject, outcome, told, inquirer, sought in self._connection().execute(
                sql, (value,)
            )
        ]


class InquiriesWrite(InquiriesRead):
    """Keeps inquiries until their time is over; they are never changed, but for what an erasure takes out of them."""

    _has_erased: bool

    def keep_inquiry(self, row: InquiryRow) -> None:
        """Keep one."""
        self._connection().execute(
            f"INSERT INTO inquiries ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                row.id,
                row.at_ms,
                row.operator,
                row.subject,
                row.outcome,
                ",".join(row.told),
                json.dumps(dict(row.inquirer), ensure_ascii=False),
                json.dumps(dict(row.sought), ensure_ascii=False),
            ),
        )

    def erase_inquiries(self, ids: Sequence[bytes]) -> None:
        """Erase these, whole."""
        self._connection().executemany("DELETE FROM inquiries WHERE id = ?", [(id_,) for id_ in ids])
        self._has_erased = self._has_erased or bool(ids)


def _list(told: str) -> tuple[str, ...]:
    return tuple(word for word in told.split(",") if word)
