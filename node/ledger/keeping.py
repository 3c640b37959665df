"""Keeps records: known or suppressed ones are told apart first, then the heads are brought up to date."""

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import islice
from typing import Final, NamedTuple

from moyai.v1 import record_pb2 as wire
from node.ledger import versions
from node.ledger.batch import Arrival, Batch
from node.ledger.due import AT_ONCE as DUE_AT_ONCE, DONE, PUT_OFF, has_put_off
from node.ledger.ids import WHERE_IT_IS
from node.ledger.numbers import NumbersWrite
from node.ledger.projection import Came, Projection, heads_that_count
from node.ledger.records import AT_ONCE, RecordsRead, marks, parts
from node.ledger.store import Rows
from node.records import kinds
from node.records.record import Record
from node.records.version import VersionVector, dominates

PERSON: Final = int(wire.SUBJECT_KIND_PERSON)
NEVER_SUPPRESSED: Final = frozenset({kinds.ERASURE, kinds.RECEIPT})

_HEADS_OF_MANY: Final = """WITH wanted (subject, facet, slot) AS (VALUES {})
    SELECT w.subject, w.facet, w.slot, r.seq, r.counts, r.body FROM wanted w
    CROSS JOIN records r ON r.subject = w.subject AND r.facet = w.facet AND r.slot = w.slot WHERE r.is_head"""
_SENDERS: Final = """INSERT OR IGNORE INTO holders (peer, subject) SELECT p.peer, s.number FROM records r
    JOIN passed p ON p.record = r.seq JOIN subjects s ON s.number = r.subject WHERE r.seq = ? AND s.kind = 1"""
"""Who sent it while it did not count is a holder now that it does."""
_GROUP: Final = "SELECT seq, counts, body FROM records WHERE subject = ? AND facet = ? AND slot = ?"
_BURY: Final = "UPDATE records SET is_head = 0 WHERE seq = ?"
_CONTEST: Final = "INSERT OR IGNORE INTO contested (subject, facet, slot) VALUES (?, ?, ?)"
_SETTLE: Final = "DELETE FROM contested WHERE subject = ? AND facet = ? AND slot = ?"

Slot = tuple[int, int, bytes]
"""Subject number, facet and slot."""


class Kept(Enum):
    """What became of a record that was to be kept."""

    NEW_HEAD = "new-head"
    NEW_HISTORY = "new-history"
    """Kept, but a record that was already held has put an end to it."""
    KNOWN = "known"
    SUPPRESSED = "suppressed"
    """Not kept: the subject, or this version of the facet, has been erased."""


class Standing(NamedTuple):
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

    def suppressed_among(self, subjects: Sequence[bytes]) -> set[bytes]:
        """Of these subjects, those of which anything was ever erased."""
        found: set[bytes] = set()
        for part in parts(subjects):
            sql = f"SELECT DISTINCT subject FROM suppressions WHERE subject IN ({marks(part)})"  # noqa: S608
            found.update(row[0] for row in self._connection().execute(sql, part))
        return found

    def is_barred(self, subject: bytes) -> bool:
        """Whether everything about this subject has been erased, for good."""
        sql = "SELECT 1 FROM suppressions WHERE subject = ? AND facet = 0"
        return self._connection().execute(sql, (subject,)).fetchone() is not None


class KeepingWrite(RecordsRead, SuppressionRead, NumbersWrite):
    """Keeps records in the open transaction."""

    _batch: Batch
    _filled_of_fresh: dict[int, set[tuple[int, bytes]]]
    """Of subjects first heard of in this transaction, the slots it filled: the others are known to be empty."""
    _kept_of_fresh: dict[int, list[Came]]
    """Of those, the heads that count, as long as none was contested."""
    _touched: dict[int, int]
    """Subject number to the sequence number of its newest change."""
    _puts_off_rows: bool
    _not_put_off: set[int]
    """Of the subjects touched, those whose row may not wait."""

    def put_off_rows(self) -> None:
        """Bring the rows of the people this transaction touches up to date later (`Ledger.catch_up`), noting which.

        What protects, closes or erases a person is in their row at once all the same.
        """
        self._puts_off_rows = True

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
        outcomes: list[Kept] = []
        rest = iter(arrivals)
        while part := list(islice(rest, AT_ONCE)):
            self._batch.meet(part)
            slots = _Slots(self._heads_before(part))
            outcomes += [self._keep(arrival, slots) for arrival in part]
            self._batch.write(self._touched)
            self._write_heads(slots)
        return outcomes

    def set_counts(self, id_: bytes, counts: bool) -> bool:
        """Judge a held record anew, and with it who is head. False: it is not held."""
        row = self._connection().execute(WHERE_IT_IS, (id_, id_)).fetchone()
        if row is None:
            return False
        seq, subject, facet, slot = row
        self._connection().execute("UPDATE records SET counts = ? WHERE seq = ?", (int(counts), seq))
        self._batch.fresh.pop(id_, None)
        if counts:
            self._connection().execute(_SENDERS, (seq,))
        self._settle_heads(subject, facet, slot)
        self._touched[subject] = self._next_seq()
        return True

    def _keep(self, arrival: Arrival, slots: "_Slots") -> Kept:
        record, batch = arrival.record, self._batch
        if record.id in batch.known:
            return Kept.KNOWN
        if record.subject in batch.suppressed and self.is_suppressed(record):
            return Kept.SUPPRESSED
        subject = self._subject_number(record)
        seq = self._next_seq()
        self._touched[subject] = seq
        if record.facet in kinds.PERSON_CONTROL or record.subject_kind != PERSON:
            self._not_put_off.add(subject)
        if self._issued and _written_here(arrival, self._issued):
            self._connection().execute("INSERT INTO unsent (record) VALUES (?)", (seq,))
        filled = self._filled_of_fresh.get(subject)
        if filled is not None:
            filled.add((record.facet, record.slot))
        standing = Standing(seq, arrival.counts, record.version, record.content)
        is_head, alone = slots.put((subject, record.facet, record.slot), standing)
        batch.add_record(seq, subject, arrival, is_head=is_head)
        self._note_for_rows(arrival, subject, alone=alone)
        return Kept.NEW_HEAD if is_head else Kept.NEW_HISTORY

    def _subject_number(self, record: Record) -> int:
        """Of whom a person's record comes is a person, whatever was said before: nobody hides one as a place."""
        number = self._batch.numbers.get(record.subject)
        if number is None:
            number = self._take("subject", self._number("subject") + 1)
            self._batch.add_subject(number, record)
            self._filled_of_fresh[number] = set()
            self._kept_of_fresh[number] = []
        elif number in self._batch.not_people and record.subject_kind == PERSON:
            self._batch.not_people.discard(number)
            self._not_put_off.add(number)
            self._batch.write(self._touched)  # it may be among what waits
            self._batch.fresh.clear()
            self._kept_of_fresh.pop(number, None)
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

    def _heads_before(self, arrivals: Iterable[Arrival]) -> dict[Slot, list[Standing]]:
        """The heads of the slots these will go into; those known to be empty are not asked for."""
        wanted: set[Slot] = set()
        for record in (arrival.record for arrival in arrivals):
            number = self._batch.numbers.get(record.subject)
            if number is not None and record.id not in self._batch.known:
                filled = self._filled_of_fresh.get(number)
                if filled is None or (record.facet, record.slot) in filled:
                    wanted.add((number, record.facet, record.slot))
        found: dict[Slot, list[Standing]] = {}
        if wanted:
            values = [value for slot in wanted for value in slot]
            sql = _HEADS_OF_MANY.format(", ".join(["(?, ?, ?)"] * len(wanted)))
            for subject, facet, slot, *rest in self._connection().execute(sql, values):
                found.setdefault((subject, facet, slot), []).append(_standing(*rest))
        return found

    def _write_heads(self, slots: "_Slots") -> None:
        connection = self._connection()
        connection.executemany(_BURY, [(seq,) for seq in slots.buried])
        contested = [(slot, _is_contested(slots.heads[slot])) for slot in slots.changed]
        connection.executemany(_CONTEST, [slot for slot, is_so in contested if is_so])
        connection.executemany(_SETTLE, [slot for slot, is_so in contested if not is_so])

    def _settle_heads(self, subject: int, facet: int, slot: bytes) -> None:
        """Find the heads of a slot again from all that is held of it, after something was taken away or judged anew."""
        self._kept_of_fresh.pop(subject, None)
        self._not_put_off.add(subject)
        self._batch.write(self._touched)
        connection = self._connection()
        group = [_standing(*row) for row in connection.execute(_GROUP, (subject, facet, slot)).fetchall()]
        heads: list[Standing] = []
        for each in group:
            others = ((other.version, other.counts) for other in group if other is not each)
            is_head = not versions.is_buried(each.version, each.counts, others)
            connection.execute("UPDATE records SET is_head = ? WHERE seq = ?", (int(is_head), each.seq))
            if is_head:
                heads.append(each)
        connection.execute(_CONTEST if _is_contested(heads) else _SETTLE, (subject, facet, slot))

    def _write_touched(self) -> None:
        connection = self._connection()
        self._batch.write(self._touched)
        if not self._touched:
            return
        newest = ((seq, subject, seq) for subject, seq in self._touched.items())
        connection.executemany("UPDATE subjects SET changed = ? WHERE number = ? AND changed != ?", newest)
        now = set(self._touched)
        if self._puts_off_rows:
            connection.executemany(PUT_OFF, [(number,) for number in now - self._not_put_off])
            now &= self._not_put_off
        self._write_rows(now)

    def write_rows_due(self, most: int = DUE_AT_ONCE) -> None:
        """Bring the rows of so many people up to date whose rows were put off."""
        due = self._connection().execute("SELECT subject FROM rows_due LIMIT ?", (most,)).fetchall()
        self._write_rows([row[0] for row in due])

    def write_row_due(self, subject: bytes) -> None:
        """Bring the row of this person up to date."""
        sql = "SELECT number FROM subjects WHERE subject = ?"
        self._write_rows([row[0] for row in self._connection().execute(sql, (subject,)).fetchall()])

    def _write_rows(self, numbers: Iterable[int]) -> None:
        """Bring the rows of these subjects up to date."""
        connection, rows = self._connection(), Projection(self._connection())
        rest: list[int] = []
        for number in numbers:
            kept = self._kept_of_fresh.get(number)
            if kept:
                rows.add(number, kept[0][0].subject_kind, kept, fresh=True)
            else:
                rest.append(number)
        for start in range(0, len(rest), AT_ONCE):
            part = rest[start : start + AT_ONCE]
            shown = rows.shown_among(part)
            for number, (kind, heads) in heads_that_count(connection, part).items():
                rows.add(number, kind, heads, fresh=number not in shown)
        if rest and has_put_off(connection):
            connection.executemany(DONE, [(number,) for number in rest])
        rows.write()


class _Slots:
    """The heads of the slots that one part of a batch goes into, as they change record by record."""

    def __init__(self, heads: dict[Slot, list[Standing]]) -> None:
        self.heads = heads
        self.buried: list[int] = []
        """Sequence numbers of what is head no more."""
        self.changed: set[Slot] = set()
        """Slots in which a record met a head and became one."""

    def put(self, slot: Slot, standing: Standing) -> tuple[bool, bool]:
        """Whether the record becomes a head, and whether it met none."""
        heads = self.heads.get(slot)
        if not heads:
            self.heads[slot] = [standing]
            return True, True
        if versions.is_buried(standing.version, standing.counts, ((head.version, head.counts) for head in heads)):
            return False, False
        newer = [(standing.version, standing.counts)]
        left = []
        for head in heads:
            if versions.is_buried(head.version, head.counts, newer):
                self.buried.append(head.seq)
            else:
                left.append(head)
        self.heads[slot] = [*left, standing]
        self.changed.add(slot)
        return True, False


def _standing(seq: int, counts: int, body: bytes) -> Standing:
    opened = wire.Body.FromString(body)
    version = tuple((entry.author, entry.counter) for entry in opened.version)
    return Standing(seq, bool(counts), version, opened.content)


def _is_contested(heads: Iterable[Standing]) -> bool:
    return len({head.content for head in heads if head.counts}) > 1


def _written_here(arrival: Arrival, issued: set[int]) -> bool:
    """Whether it carries a counter of this transaction. Rows of the register are never waited for: they stay inside."""
    record = arrival.record
    return record.counter in issued and record.author == arrival.came_from_node and record.facet != kinds.RESIDENT
