"""Records on their way into the file: looked up together and written together, which is what makes ingest fast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from node.ledger.ids import add_ids
from node.ledger.records import held_among, marks
from node.ledger.sieve import Sieve
from node.ledger.store import Connection, Value
from node.records.record import Record

_RECORD: Final = """INSERT INTO records (seq, id, subject, facet, slot, is_head, counts, came_from, came_from_node,
    basis, basis_record, signature, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
PERSON: Final = 1
_SUBJECT: Final = "INSERT INTO subjects (number, subject, kind, origin, changed) VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that has passed every check, and how it came."""

    record: Record
    came_from: str
    came_from_node: bytes
    basis: int
    basis_record: bytes = b""
    counts: bool = True


class Fresh(NamedTuple):
    """A record that was added, as far as others need to know of it."""

    seq: int
    weighs_for: int | None
    """The number of its subject, if that is a person and it counts: who has it is a holder."""


class Batch:
    """What one transaction knows of the records and subjects it has met, and what it has still to write."""

    def __init__(self, connection: Connection, sieve: Sieve) -> None:
        self._connection = connection
        self._sieve = sieve
        self._subjects: list[tuple[int, bytes, int, str]] = []
        self._records: list[tuple[Value, ...]] = []
        self._ids: list[tuple[bytes, int]] = []
        self.added: list[bytes] = []
        """Ids of the records added, in their order."""
        self.fresh: dict[bytes, Fresh] = {}
        """Of these, what need not be read back; whatever changes one takes it out."""
        self.first_seq = 0
        """Sequence number of the first of them."""
        self.known: set[bytes] = set()
        """Of the ids met, those that are held."""
        self.numbers: dict[bytes, int] = {}
        """Subject to subject number, of the subjects met that are known."""
        self.suppressed: set[bytes] = set()
        """Of the subjects met, those of which anything was ever erased."""
        self.not_people: set[int] = set()
        """Numbers of the subjects met that are known as something else than a person."""

    def meet(self, arrivals: Sequence[Arrival]) -> None:
        """Look up what is known of these; no more of them than fit a statement."""
        ids = [arrival.record.id for arrival in arrivals]
        subjects = list({arrival.record.subject for arrival in arrivals})
        execute = self._connection.execute
        self.known.update(held_among(self._connection, self._sieve.may_be_held(ids, self._connection)))
        sql = f"SELECT DISTINCT subject FROM suppressions WHERE subject IN ({marks(subjects)})"  # noqa: S608
        self.suppressed.update(row[0] for row in execute(sql, subjects))
        unmet = [subject for subject in subjects if subject not in self.numbers]
        sql = f"SELECT subject, number, kind FROM subjects WHERE subject IN ({marks(unmet)})"  # noqa: S608
        for subject, number, kind in execute(sql, unmet):
            self.numbers[subject] = number
            if kind != PERSON:
                self.not_people.add(number)

    def add_subject(self, number: int, record: Record) -> None:
        """A subject first heard of; its origin is whose record that is."""
        self.numbers[record.subject] = number
        self._subjects.append((number, record.subject, record.subject_kind, record.organisation))
        if record.subject_kind != PERSON:
            self.not_people.add(number)

    def add_record(self, seq: int, subject: int, arrival: Arrival, *, is_head: bool) -> None:
        """A record to be written."""
        record, sealed = arrival.record, arrival.record.sealed
        self.known.add(sealed.id)
        self.first_seq = self.first_seq or seq
        self.added.append(sealed.id)
        self.fresh[sealed.id] = Fresh(seq, subject if arrival.counts and subject not in self.not_people else None)
        self._ids.append((sealed.id, seq))
        self._records.append(
            (
                seq,
                sealed.id,
                subject,
                record.facet,
                record.slot,
                int(is_head),
                int(arrival.counts),
                arrival.came_from,
                arrival.came_from_node,
                arrival.basis,
                arrival.basis_record,
                sealed.signature,
                sealed.body,
            )
        )

    def write(self, changed: Mapping[int, int]) -> None:
        """Write what is waiting; `changed` has each subject's newest sequence number."""
        subjects, self._subjects = self._subjects, []
        records, self._records = self._records, []
        ids, self._ids = self._ids, []
        if subjects:
            self._connection.executemany(_SUBJECT, [(*subject, changed.get(subject[0], 0)) for subject in subjects])
        if records:
            self._connection.executemany(_RECORD, records)
            add_ids(self._connection, ids)
