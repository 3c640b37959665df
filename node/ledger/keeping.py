"""Keeps records: known or suppressed ones are told apart first, then the heads are brought up to date."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Final

from moyai.v1 import record_pb2 as wire
from node.ledger import versions
from node.ledger.batch import Arrival, Batch
from node.ledger.numbers import NumbersWrite
from node.ledger.projection import Came, Projection, heads_that_count
from node.ledger.records import AT_ONCE, RecordsRead
from node.ledger.store import Rows
from node.records import kinds
from node.records.record import Record
from node.records.version import VersionVector, dominates

PERSON: Final = int(wire.SUBJECT_KIND_PERSON)
NEVER_SUPPRESSED: Final = frozenset({kinds.ERASURE, kinds.RECEIPT})

_HEADS: Final = "SELECT seq, counts, body FROM records WHERE subject = ? AND facet = ? AND slot = ? AND is_head"
_SENDERS: Final = """INSERT OR IGNORE INTO holders (peer, subject) SELECT p.peer, s.number FROM records r
    JOIN passed p ON p.record = r.seq JOIN subjects s ON s.number = r.subject WHERE r.seq = ? AND s.kind = 1"""
"""Who sent it while it did not count is a holder now that it does."""
_GROUP: Final = "SELECT seq, counts, body FROM records WHERE subject = ? AND facet = ? AND slot = ?"


class Kept(Enum):
    """What became of a record that was to be kept."""

    NEW_HEAD = "new-head"
    NEW_HISTORY = "new-history"
    """Kept, but a record that was already held has put an end to it."""
    KNOWN = "known"
    SUPPRESSED = "suppressed"
    """Not kept: the subject, or this version of the facet, has been erased."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides between the records of one slot."""

    seq: int
    counts: bool
    version: VersionVector
    content: bytes


class SuppressionRead(Rows):
    """What has been erased and must not come back."""

    def is_suppressed(self, record: Record) -> bool:
        """Whether this record has been erased, or is no newer than what has been."""
        if record.facet in NEVER_SUPPRESSED:
            return False
        sql = "SELECT facet, up_to FROM suppressions WHERE subject = ? AND facet IN (0, ?)"
        return any(
            facet == 0 or not dominates(record.version, versions.from_bytes(up_to))
            for facet, up_to in self._connection().execute(sql, (record.subject, record.facet)).fetchall()
        )


class KeepingWrite(RecordsRead, SuppressionRead, NumbersWrite):
    """Keeps records in the open transaction."""

    _batch: Batch
    _slots_of_fresh: dict[int, set[tuple[int, bytes]]]
    """Of subjects first heard of in this transaction, the slots it filled: the others are known to be empty."""
    _kept_of_fresh: dict[int, list[Came]]
    """Of those, the heads that count, as long as none was contested."""
    _touched: dict[int, int]
    """Subject number to the sequence number of its newest change."""

    def keep(
        self,
        record: Record,
        *,
        came_from: str,
        came_from_node: bytes,
        basis: int,
        basis_record: bytes = b"",
        counts: bool = True,
    ) -> Kept:
        """Keep one record. A known one costs one look-up and changes nothing, not even how it came."""
        return self.keep_many([Arrival(record, came_from, came_from_node, basis, basis_record, counts)])[0]

    def keep_many(self, arrivals: Iterable[Arrival]) -> list[Kept]:
        """Keep a batch: the same outcome as one after the other."""
        outcomes = []
        rest = iter(arrivals)
        while part := list(islice(rest, AT_ONCE)):
            self._batch.meet(part)
            outcomes += [self._keep(arrival) for arrival in part]
            self._batch.write(self._touched)
        return outcomes

    def set_counts(self, id_: bytes, counts: bool) -> bool:
        """Judge a held record anew, and with it who is head. False: it is not held."""
        sql = "SELECT seq, subject, facet, slot FROM records WHERE id = ?"
        row = self._connection().execute(sql, (id_,)).fetchone()
        if row is None:
            return False
        seq, subject, facet, slot = row
        self._connection().execute("UPDATE records SET counts = ? WHERE seq = ?", (int(counts), seq))
        if counts:
            self._connection().execute(_SENDERS, (seq,))
        self._settle_heads(subject, facet, slot)
        self._touched[subject] = self._next_seq()
        return True

    def _keep(self, arrival: Arrival) -> Kept:
        record = arrival.record
        if record.id in self._batch.known:
            return Kept.KNOWN
        if record.subject in self._batch.suppressed and self.is_suppressed(record):
            return Kept.SUPPRESSED
        subject = self._subject_number(record)
        heads = self._heads_before(subject, record)
        is_head = not versions.is_buried(record.version, arrival.counts, ((h.version, h.counts) for h in heads))
        self._insert(arrival, subject, is_head)
        self._note_for_rows(arrival, subject, alone=not heads)
        if heads and is_head:
            self._bury(arrival, heads)
            self._note_contest(subject, record.facet, record.slot)
        return Kept.NEW_HEAD if is_head else Kept.NEW_HISTORY

    def _subject_number(self, record: Record) -> int:
        """Of whom a person's record comes is a person, whatever was said before: nobody hides one as a place."""
        number = self._batch.numbers.get(record.subject)
        if number is None:
            number = self._take("subject", self._number("subject") + 1)
            self._batch.add_subject(number, record)
            self._slots_of_fresh[number] = set()
            self._kept_of_fresh[number] = []
        elif number in self._batch.not_people and record.subject_kind == PERSON:
            self._batch.not_people.discard(number)
            self._connection().execute("UPDATE subjects SET kind = ? WHERE number = ?", (PERSON, number))
            self._connection().execute("DELETE FROM places WHERE number = ?", (number,))
        return number

    def _note_for_rows(self, arrival: Arrival, subject: int, *, alone: bool) -> None:
        """Spare the projection from reading back what was written a moment ago, as long as nothing is in its way."""
        kept = self._kept_of_fresh.get(subject)
        if kept is None:
            return
        if not alone:
            del self._kept_of_fresh[subject]
        elif arrival.counts:
            kept.append((arrival.record, arrival.came_from))

    def _heads_before(self, subject: int, record: Record) -> list[Standing]:
        filled = self._slots_of_fresh.get(subject)
        if filled is None or (record.facet, record.slot) in filled:
            return self._standing(_HEADS, subject, record.facet, record.slot)
        filled.add((record.facet, record.slot))
        return []

    def _standing(self, sql: str, subject: int, facet: int, slot: bytes) -> list[Standing]:
        self._batch.write(self._touched)
        found = []
        for seq, counts, body in self._connection().execute(sql, (subject, facet, slot)).fetchall():
            opened = wire.Body.FromString(body)
            version = tuple((entry.author, entry.counter) for entry in opened.version)
            found.append(Standing(seq, bool(counts), version, opened.content))
        return found

    def _insert(self, arrival: Arrival, subject: int, is_head: bool) -> None:
        seq = self._next_seq()
        self._touched[subject] = seq
        if _written_here(arrival, self._issued):
            self._connection().execute("INSERT INTO unsent (record) VALUES (?)", (seq,))
        self._batch.add_record(seq, subject, arrival, is_head=is_head)

    def _bury(self, arrival: Arrival, heads: list[Standing]) -> None:
        newer = [(arrival.record.version, arrival.counts)]
        buried = [(head.seq,) for head in heads if versions.is_buried(head.version, head.counts, newer)]
        self._connection().executemany("UPDATE records SET is_head = 0 WHERE seq = ?", buried)

    def _settle_heads(self, subject: int, facet: int, slot: bytes) -> None:
        """Find the heads of a slot again from all that is held of it, after something was taken away or judged anew."""
        self._kept_of_fresh.pop(subject, None)
        group = self._standing(_GROUP, subject, facet, slot)
        for each in group:
            others = ((other.version, other.counts) for other in group if other is not each)
            is_head = not versions.is_buried(each.version, each.counts, others)
            self._connection().execute("UPDATE records SET is_head = ? WHERE seq = ?", (int(is_head), each.seq))
        self._note_contest(subject, facet, slot)

    def _note_contest(self, subject: int, facet: int, slot: bytes) -> None:
        heads = self._standing(_HEADS, subject, facet, slot)
        contested = len({head.content for head in heads if head.counts}) > 1
        sql = (
            "INSERT OR IGNORE INTO contested (subject, facet, slot) VALUES (?, ?, ?)"
            if contested
            else "DELETE FROM contested WHERE subject = ? AND facet = ? AND slot = ?"
        )
        self._connection().execute(sql, (subject, facet, slot))

    def _write_touched(self) -> None:
        connection = self._connection()
        self._batch.write(self._touched)
        marks = ((seq, subject, seq) for subject, seq in self._touched.items())
        connection.executemany("UPDATE subjects SET changed = ? WHERE number = ? AND changed != ?", marks)
        rows = Projection(connection)
        for number in self._touched:
            kept = self._kept_of_fresh.get(number)
            if kept:
                rows.add(number, kept[0][0].subject_kind, kept, fresh=True)
                continue
            row = connection.execute("SELECT subject, kind FROM subjects WHERE number = ?", (number,)).fetchone()
            if row is not None:
                rows.add(number, row[1], heads_that_count(self, row[0]), fresh=number in self._slots_of_fresh)
        rows.write()


def _written_here(arrival: Arrival, issued: set[int]) -> bool:
    """Whether it carries a counter of this transaction. Rows of the register are never waited for: they stay inside."""
    record = arrival.record
    return record.counter in issued and record.author == arrival.came_from_node and record.facet != kinds.RESIDENT
