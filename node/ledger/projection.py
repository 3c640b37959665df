"""Brings the rows of people and places, and the search index, up to date with the records they are made from."""

# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from collections.abc import Iterator, Sequence
from typing import Final

from google.protobuf.message import DecodeError

from moyai.v1 import facets_pb2 as wire, record_pb2
from node.ledger import links, people, places, terms
from node.ledger.records import marks
from node.ledger.store import Connection, Value
from node.people.summary import summarise
from node.people.terms import terms_of
from node.records import kinds
from node.records.record import Record, reopen_record
from sync.envelope import SealedRecord

PERSON: Final = int(record_pb2.SUBJECT_KIND_PERSON)
PLACE: Final = int(record_pb2.SUBJECT_KIND_PLACE)

_OPEN: Final = frozenset({int(wire.STAY_STATE_PRESENT), int(wire.STAY_STATE_OUT)})
_TRANSFERRED: Final = int(wire.STAY_STATE_TRANSFERRED)
_SAY_WHO: Final = (kinds.IDENTITY, kinds.RESIDENT)

Came = tuple[Record, str]
"""A head that counts, and the organisation it came from."""

_PERSON: Final = """INSERT INTO people (number, sorted_by, resident_only, staying, needs_care, came_from,
    household, household_key, municipal_key, shown, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_PLACE: Final = """INSERT OR REPLACE INTO places (number, municipality, national_id, local_id, sorted_by, folded,
    shown) VALUES (?, ?, ?, ?, ?, ?, ?)"""
_STAY: Final = """INSERT INTO stays (number, slot, place, state, confirmed_at_ms, to_place, to_municipality)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""


def heads_that_count(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[int, list[Came]]]:
    """What the projection needs of these subjects: of each its kind, and its heads that count."""
    sql = f"SELECT number, kind FROM subjects WHERE number IN ({marks(numbers)})"
    found: dict[int, tuple[int, list[Came]]] = {number: (kind, []) for number, kind in connection.execute(sql, numbers)}
    sql = f"""SELECT subject, came_from, signature, body FROM records
        WHERE subject IN ({marks(numbers)}) AND is_head AND counts"""
    for number, came_from, signature, body in connection.execute(sql, numbers):
        found[number][1].append((reopen_record(SealedRecord(body, signature)), came_from))
    return found


class Projection:
    """Rows to be written when a transaction ends.

    The search index comes last and in one go: any statement that opens a savepoint makes FTS5 write out what it has
    gathered, which made each person cost ten times as much when the two were written in turn.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._people: list[tuple[Value, ...]] = []
        self._stays: list[tuple[Value, ...]] = []
        self._links: list[tuple[Value, ...]] = []
        self._places: list[tuple[Value, ...]] = []
        self._gone: list[tuple[int, str]] = []
        self._come: list[tuple[int, str]] = []

    def shown_among(self, numbers: Sequence[int]) -> set[int]:
        """Which of these people have a row; no more of them than fit a statement."""
        sql = f"SELECT number FROM people WHERE number IN ({marks(numbers)})"
        return {row[0] for row in self._connection.execute(sql, numbers)}

    def add(self, number: int, kind: int, heads: Sequence[Came], *, fresh: bool) -> None:
        """Make the row of one subject anew, or take it away where nothing is left to show.

        Args:
            number: of the subject.
            kind: of the subject; only people and places have rows.
            heads: all heads that count, in any order.
            fresh: there can be no row yet.
        """
        if kind == PERSON:
            shown = any(record.facet not in kinds.PERSON_CONTROL for record, _ in heads)
            before = None if fresh else self._take_out(number)
            after = self._add_person(number, heads) if shown else None
            if before is not None and after is None:
                self._connection.execute("DELETE FROM alike WHERE first = ? OR second = ?", (number, number))
            self._index(number, before, after)
        elif kind == PLACE:
            self._add_place(number, [record for record, _ in heads])

    def write(self) -> None:
        """Write what was added."""
        self._connection.executemany(_PERSON, self._people)
        self._connection.executemany(_STAY, self._stays)
        self._connection.executemany(links.INSERT, self._links)
        self._connection.executemany(_PLACE, self._places)
        self._connection.executemany("INSERT INTO found (found, rowid, tokens) VALUES ('delete', ?, ?)", self._gone)
        self._connection.executemany("INSERT INTO found (rowid, tokens) VALUES (?, ?)", sorted(self._come))

    def _take_out(self, number: int) -> frozenset[str] | None:
        """Take a person's rows away; returns the tokens by which they could be found; None: there was no row."""
        row = self._connection.execute("DELETE FROM people WHERE number = ? RETURNING terms", (number,)).fetchone()
        if row is None:
            return None
        self._connection.execute("DELETE FROM stays WHERE number = ?", (number,))
        self._connection.execute("DELETE FROM links WHERE number = ?", (number,))
        return terms.tokens_from_column(row[0])

    def _add_person(self, number: int, heads: Sequence[Came]) -> frozenset[str]:
        summary = summarise([record for record, _ in heads])
        found_by = terms_of(summary)
        sites = [stay.place for stay in summary.open_stays if stay.place]
        towns = [stay.municipality for stay in summary.open_stays]
        came_from = _came_from(heads)
        self._people.append(
            (
                number,
                summary.kana or f"{summary.family_name} {summary.given_name}",
                int(summary.resident_only),
                int(bool(summary.open_stays)),
                int(bool(summary.care_codes)),
                came_from,
                summary.household,
                summary.household_key or None,
                summary.municipal_key or None,
                people.to_column(summary, came_from),
                terms.to_column(found_by, sites, towns),
            )
        )
        if summary.stay_state:
            self._stays.extend(_stay_rows(number, heads))
        self._links.extend(links.link_rows(number, [record for record, _ in heads]))
        return terms.tokens_of(found_by, sites, towns)

    def _index(self, number: int, before: frozenset[str] | None, after: frozenset[str] | None) -> None:
        """Change only the tokens that differ: a check-in adds one, and the name stays where it is.

        Whoever stays in the index is taken out and put in once each, if with no token: the index counts its rows by
        that, and calls itself damaged when it is to take out more than it has put in.
        """
        if before is not None and before != after:
            self._gone.append((number, " ".join(before - (after or frozenset()))))
        if after is not None and before != after:
            self._come.append((number, " ".join(after - (before or frozenset()))))

    def _add_place(self, number: int, heads: Sequence[Record]) -> None:
        row = places.place_row(heads) if heads else None
        if row is None:
            self._connection.execute("DELETE FROM places WHERE number = ?", (number,))
            return
        self._places.append(
            (
                number,
                row.municipality,
                row.national_id or None,
                row.local_id or None,
                row.kana or row.name,
                places.folded(row),
                places.to_column(row),
            )
        )


def _stay_rows(number: int, heads: Sequence[Came]) -> Iterator[tuple[Value, ...]]:
    newest: dict[bytes, Record] = {}
    for record, _ in heads:
        if record.facet != kinds.STAY:
            continue
        other = newest.get(record.slot)
        if other is None or record.newest_first > other.newest_first:
            newest[record.slot] = record
    for slot, record in newest.items():
        stay = _stay(record)
        if stay is None:
            continue
        onward = stay.destination if stay.state == _TRANSFERRED else wire.Destination()
        yield (
            number,
            slot,
            stay.place or None,
            int(stay.state),
            stay.confirmed_at_ms,
            onward.place or None,
            onward.municipality or None,
        )


def _stay(record: Record) -> wire.Stay | None:
    try:
        return wire.Stay.FromString(record.content)
    except DecodeError:  # kept before this was checked: shown as not there
        return None


def _came_from(heads: Sequence[Came]) -> str:
    """Who told us who this is: of several the newest, an identity before a row of the register."""
    for facet in _SAY_WHO:
        told = [came for came in heads if came[0].facet == facet]
        if told:
            return max(told, key=_newest_first)[1]
    return max(heads, key=_newest_first)[1]


def _newest_first(came: Came) -> tuple[int, bytes]:
    return came[0].newest_first
