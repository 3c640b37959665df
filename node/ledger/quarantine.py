"""Records that could not be taken: kept apart with the reason, never dropped in silence."""

# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from node.errors import RecordMalformed
from node.ledger.records import has_rows, marks, parts
from node.ledger.store import Rows, Value
from node.records.record import open_record
from sync.envelope import SealedRecord

_COLUMNS: Final = "body, signature, reason, came_from_node, at_ms, retry_at_ms, subject"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record set aside."""

    sealed: SealedRecord
    reason: str
    came_from_node: bytes
    at_ms: int
    retry_at_ms: int | None
    """When it is to be looked at again; None: only when someone asks."""
    subject: bytes | None
    """Whom it claims to be about; None where even that can't be read."""


class QuarantineRead(Rows):
    """Questions about what was set aside."""

    def quarantined(self, *, reason: str | None = None, limit: int = 100, offset: int = 0) -> list[Quarantined]:
        """What was set aside, newest first."""
        if reason is None:
            return list(self._set_aside("TRUE ORDER BY at_ms DESC, id LIMIT ? OFFSET ?", limit, offset))
        return list(self._set_aside("reason = ? ORDER BY at_ms DESC, id LIMIT ? OFFSET ?", reason, limit, offset))

    def quarantine_due(self, now_ms: int, limit: int = 1000) -> list[Quarantined]:
        """What is to be looked at again by now, in the order it came."""
        return list(self._set_aside("retry_at_ms <= ? ORDER BY at_ms, id LIMIT ?", now_ms, limit))

    def set_aside_from(self, node: bytes) -> int:
        """How many of this node are set aside."""
        sql = "SELECT count(*) FROM quarantine WHERE came_from_node = ?"
        row = self._connection().execute(sql, (node,)).fetchone()
        return int(row[0]) if row else 0

    def quarantine_counts(self) -> dict[tuple[bytes, str], int]:
        """How many by the node they came from and the reason."""
        sql = "SELECT came_from_node, reason, count(*) FROM quarantine GROUP BY came_from_node, reason"
        return {(node, reason): count for node, reason, count in self._connection().execute(sql)}

    def _set_aside(self, where: str, *values: Value) -> Iterator[Quarantined]:
        sql = f"SELECT {_COLUMNS} FROM quarantine WHERE {where}"
        return map(_quarantined, self._connection().execute(sql, values))


class QuarantineWrite(Rows):
    """Sets aside, and takes back."""

    def quarantine(
        self,
        sealed: SealedRecord,
        reason: str,
        *,
        came_from_node: bytes,
        at_ms: int,
        retry_at_ms: int | None = None,
    ) -> None:
        """Set a record aside; one that is there already gets the newer reason and keeps its time.

        Each time it waits at least as long again as it has waited, so that a heap of them costs ever less.
        """
        subject, facet = _claimed(sealed)
        self._connection().execute(
            f"""INSERT INTO quarantine (id, facet, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET reason = excluded.reason,
                    retry_at_ms = max(excluded.retry_at_ms, 2 * excluded.at_ms - quarantine.at_ms)""",
            (sealed.id, facet, sealed.body, sealed.signature, reason, came_from_node, at_ms, retry_at_ms, subject),
        )

    def drop_quarantine(self, id_: bytes) -> bool:
        """Take a record out: it has been kept after all, or someone decided it is nothing. False: it was not in."""
        return self._connection().execute("DELETE FROM quarantine WHERE id = ?", (id_,)).rowcount > 0

    def drop_quarantined(self, ids: Sequence[bytes]) -> None:
        """As `drop_quarantine`, for many."""
        for part in parts(ids if has_rows(self._connection(), "quarantine") else ()):
            self._connection().execute(f"DELETE FROM quarantine WHERE id IN ({marks(part)})", part)


def _claimed(sealed: SealedRecord) -> tuple[bytes | None, int | None]:
    try:
        record = open_record(sealed)
    except RecordMalformed:
        return None, None
    return record.subject, record.facet


def _quarantined(row: tuple[Any, ...]) -> Quarantined:
    body, signature, *rest = row
    return Quarantined(SealedRecord(body, signature), *rest)
