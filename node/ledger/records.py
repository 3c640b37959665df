"""What has been said of whom: the records as they were sealed, with how they came here."""

# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from node.ledger.ids import IN_ORDER, of_ids, seqs_of
from node.ledger.store import Connection, Rows, Value
from node.records.kinds import RESIDENT
from node.records.record import Record, reopen_record
from sync.envelope import PREFIX_BYTES, SealedRecord

AT_ONCE: Final = 500
"""Parameters in one statement."""

_COLUMNS: Final = """r.seq, r.is_head, r.counts, r.came_from, r.came_from_node, r.basis, r.basis_record,
    r.signature, r.body"""


@dataclass(frozen=True, slots=True)
class Held:
    """A record, with how it came here."""

    record: Record
    seq: int
    """Ascending in the order of arrival; never used twice."""
    is_head: bool
    came_from: str
    """Code of the organisation it came from; our own where it was written here."""
    came_from_node: bytes
    basis: int
    """One of `moyai.v1.Basis`: the ground it came on."""
    basis_record: bytes
    """Id of the record that ground rests on; empty where there is none."""
    counts: bool
    """False: kept and shown, but it opens nothing and puts an end to nothing."""


class RecordsRead(Rows):
    """Questions about records."""

    def record(self, id_: bytes) -> Held | None:
        """The record with this id."""
        return next(self._held(f"r.seq IN {seqs_of('?')} AND r.id = ?", (id_, id_)), None)

    def has(self, ids: Sequence[bytes]) -> set[bytes]:
        """Which of these ids are held, as head or as history."""
        return held_among(self._connection(), ids)

    def records(self, ids: Sequence[bytes]) -> list[Held]:
        """Those of these records that are held, in no order."""
        found: list[Held] = []
        for part in parts(ids):
            sql = f"SELECT {_COLUMNS} FROM {of_ids(part)}"
            found += map(_held, self._connection().execute(sql, part))
        return found

    def by_prefix(self, prefixes: Sequence[bytes]) -> list[Held]:
        """The records whose ids begin with one of these 8-byte prefixes, in the order of the prefixes."""
        found: list[Held] = []
        for prefix in prefixes:
            assert len(prefix) == PREFIX_BYTES  # noqa: S101
            found.extend(sorted(self._held(f"r.seq IN {seqs_of('?')}", (prefix,)), key=lambda held: held.record.id))
        return found

    def about(self, subject: bytes) -> list[Held]:
        """Everything held about the subject, history included, newest first."""
        return newest_first(self._held("r.subject = (SELECT number FROM subjects WHERE subject = ?)", (subject,)))

    def about_many(self, subjects: Sequence[bytes]) -> dict[bytes, list[Held]]:
        """As `about`, for many subjects at once; those of which nothing is held have an empty list."""
        found: dict[bytes, list[Held]] = {subject: [] for subject in subjects}
        for part in parts(list(found)):
            where = f"r.subject IN (SELECT number FROM subjects WHERE subject IN ({marks(part)}))"
            for held in newest_first(self._held(where, part)):
                found[held.record.subject].append(held)
        return found

    def with_foreign(self, subjects: Sequence[bytes], node: bytes) -> list[bytes]:
        """Of these subjects, the ones of which something came to this node from another, be it one of our own: what a
        laptop has from its town hall may be another town's. Of the register nobody else has anything."""
        return self._having("r.came_from_node != ? AND r.facet != ?", (node, RESIDENT), subjects)

    def with_uncounted(self, subjects: Sequence[bytes]) -> list[bytes]:
        """Of these subjects, the ones of which something is held that does not count."""
        return self._having("NOT r.counts", (), subjects)

    def _having(self, condition: str, values: Sequence[Value], subjects: Sequence[bytes]) -> list[bytes]:
        found: list[bytes] = []
        for part in parts(list(subjects)):
            sql = f"""SELECT s.subject FROM subjects s WHERE s.subject IN ({marks(part)})
                AND EXISTS (SELECT 1 FROM records r WHERE r.subject = s.number AND {condition})"""
            found += [row[0] for row in self._connection().execute(sql, (*part, *values))]
        return found

    def heads(self, subject: bytes, facet: int | None = None, slot: bytes | None = None) -> list[Held]:
        """The heads about the subject, newest first; also those that do not count: look at `counts`."""
        where = "r.is_head AND r.subject = (SELECT number FROM subjects WHERE subject = ?)"
        values: list[Value] = [subject]
        if facet is not None:
            where += " AND r.facet = ?"
            values.append(facet)
        if slot is not None:
            where += " AND r.slot = ?"
            values.append(slot)
        return newest_first(self._held(where, values))

    def heads_of_facet(self, facet: int, *, counting_only: bool = True) -> Iterator[Held]:
        """All heads of one facet, in the order of arrival."""
        counting = " AND r.counts" if counting_only else ""
        return self._held(f"r.facet = ? AND r.is_head{counting} ORDER BY r.seq", (facet,))

    def own_heads(self, node: bytes) -> Iterator[Held]:
        """All heads that this node has written, in the order of arrival: reads every record."""
        held = self._held("r.is_head AND r.came_from_node = ? ORDER BY r.seq", (node,))
        return (one for one in held if one.record.author == node)

    def subjects_changed_since(self, seq: int, *, passing_over: int | None = None) -> tuple[int, list[bytes]]:
        """The newest sequence number, and the subjects touched by keep, erase or counting after `seq`.

        `passing_over` leaves out those of which only records of this facet are held.
        """
        newest = self._connection().execute("SELECT coalesce(max(changed), 0) FROM subjects").fetchone()
        sql, values = "SELECT s.subject FROM subjects s WHERE s.changed > ?", [seq]
        if passing_over is not None:
            sql += """ AND NOT (EXISTS (SELECT 1 FROM records r WHERE r.subject = s.number AND r.facet = ?)
                AND NOT EXISTS (SELECT 1 FROM records r WHERE r.subject = s.number AND r.facet != ?))"""
            values += [passing_over, passing_over]
        rows = self._connection().execute(f"{sql} ORDER BY s.changed", values)
        return (int(newest[0]) if newest else 0), [row[0] for row in rows]

    def count_from(self, subject: bytes, organisation: str, *, heads_only: bool) -> int:
        """How many records, or heads, about a subject this organisation has handed over."""
        sql = """SELECT count(*) FROM records WHERE subject = (SELECT number FROM subjects WHERE subject = ?)
            AND came_from = ? AND is_head >= ?"""
        row = self._connection().execute(sql, (subject, organisation, int(heads_only))).fetchone()
        return int(row[0]) if row else 0

    def highest_counter(self, node: bytes, *, after: int = 0) -> int:
        """The highest own counter among the records held that came from this node; 0 where there are none.

        `after` leaves out what came up to that sequence number.
        """
        sql = "SELECT body, signature FROM records WHERE seq > ? AND came_from_node = ?"
        opened = (reopen_record(SealedRecord(*row)) for row in self._connection().execute(sql, (after, node)))
        return max((record.counter for record in opened if record.author == node), default=0)

    def newest_of_facet(self, facet: int) -> int:
        """The sequence number of the newest head of this facet; 0 where there is none."""
        sql = "SELECT max(seq) FROM records WHERE facet = ? AND is_head"
        row = self._connection().execute(sql, (facet,)).fetchone()
        return int(row[0] or 0) if row else 0

    def conflicts(self) -> list[tuple[bytes, int, bytes]]:
        """(subject, facet, slot) of which several heads say different things and none has settled it yet."""
        sql = """SELECT s.subject, c.facet, c.slot FROM contested c JOIN subjects s ON s.number = c.subject
            ORDER BY c.subject, c.facet, c.slot"""
        return [(subject, facet, slot) for subject, facet, slot in self._connection().execute(sql)]

    def subject_origin(self, subject: bytes) -> str | None:
        """The organisation that minted the subject, as it was first learnt here; it outlives an erasure."""
        row = self._connection().execute("SELECT origin FROM subjects WHERE subject = ?", (subject,)).fetchone()
        return None if row is None else str(row[0])

    def _held(self, where: str, values: Sequence[Value]) -> Iterator[Held]:
        sql = f"SELECT {_COLUMNS} FROM records r WHERE {where}"
        return map(_held, self._connection().execute(sql, values))


def _held(row: tuple[Any, ...]) -> Held:
    seq, is_head, counts, came_from, came_from_node, basis, basis_record, signature, body = row
    return Held(
        record=reopen_record(SealedRecord(body, signature)),
        seq=seq,
        is_head=bool(is_head),
        came_from=came_from,
        came_from_node=came_from_node,
        basis=basis,
        basis_record=basis_record,
        counts=bool(counts),
    )


def held_among(connection: Connection, ids: Sequence[bytes]) -> set[bytes]:
    """Which of these ids are held."""
    found: set[bytes] = set()
    for part in parts(ids):
        found.update(row[0] for row in connection.execute(f"SELECT r.id FROM {of_ids(part, IN_ORDER)}", part))
    return found


def has_rows(connection: Connection, table: str) -> bool:
    """Whether there is anything in a table that is empty as a rule."""
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def newest_first(held: Iterable[Held]) -> list[Held]:
    """In the order of display: what counts before what does not, then by clock and id."""
    return sorted(held, key=lambda each: (each.counts, each.record.newest_first), reverse=True)


def parts(values: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The values in handfuls that fit a statement."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def marks(values: Sequence[object]) -> str:
    """As many question marks."""
    return ",".join("?" * len(values))
