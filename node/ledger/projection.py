"""Brings the rows of people and places, and the search index, up to date with the records they are made from."""

from collections.abc import Iterable, Sequence
from typing import Final

from google.protobuf.message import DecodeError

from moyai.v1 import facets_pb2 as wire
from moyai.v1 import record_pb2
from node.ledger import people, places, terms
from node.ledger.records import RecordsRead
from node.ledger.store import Connection
from node.people.matching import terms_of
from node.people.summary import summarise
from node.records import kinds
from node.records.record import Record

PERSON: Final = int(record_pb2.SUBJECT_KIND_PERSON)
PLACE: Final = int(record_pb2.SUBJECT_KIND_PLACE)

_OPEN: Final = frozenset({int(wire.STAY_STATE_PRESENT), int(wire.STAY_STATE_OUT)})
_TRANSFERRED: Final = int(wire.STAY_STATE_TRANSFERRED)
_SAY_WHO: Final = (kinds.IDENTITY, kinds.RESIDENT)

Came = tuple[Record, str]
"""A head that counts, and the organisation it came from."""

_PERSON: Final = """INSERT OR REPLACE INTO people (number, sorted_by, resident_only, staying, needs_care, came_from,
    household, household_key, municipal_key, shown, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_PLACE: Final = """INSERT OR REPLACE INTO places (number, municipality, national_id, local_id, sorted_by, folded,
    shown) VALUES (?, ?, ?, ?, ?, ?, ?)"""
_STAY: Final = """INSERT INTO stays (number, slot, place, state, confirmed_at_ms, to_place, to_municipality)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""


def project(connection: Connection, number: int, kind: int, heads: Sequence[Came], *, fresh: bool) -> None:
    """Write the row of one subject anew, or take it away where nothing is left to show.

    Args:
        connection: with a transaction open.
        number: of the subject.
        kind: of the subject; only people and places have rows.
        heads: all heads that count, in any order.
        fresh: there can be no row yet.
    """
    if kind == PERSON:
        shown = [came for came in heads if came[0].facet not in kinds.PERSON_CONTROL]
        _project_person(connection, number, heads if shown else [], fresh=fresh)
    elif kind == PLACE:
        _project_place(connection, number, [record for record, _ in heads])


def heads_that_count(rows: RecordsRead, subject: bytes) -> list[Came]:
    """What `project` needs of a subject."""
    return [(held.record, held.came_from) for held in rows.heads(subject) if held.counts]


def _project_person(connection: Connection, number: int, heads: Sequence[Came], *, fresh: bool) -> None:
    before = None if fresh else connection.execute("SELECT terms FROM people WHERE number = ?", (number,)).fetchone()
    if before is not None:
        connection.execute("DELETE FROM stays WHERE number = ?", (number,))
    if not heads:
        if before is not None:
            connection.execute("DELETE FROM people WHERE number = ?", (number,))
            _index(connection, number, before[0], None)
        return
    summary = summarise([record for record, _ in heads])
    row = people.row_of(summary, _came_from(heads))
    sites = [stay.place for stay in summary.open_stays if stay.place]
    found_by = terms.to_column(terms_of(summary), sites, [stay.municipality for stay in summary.open_stays])
    connection.execute(
        _PERSON,
        (
            number,
            row.kana or f"{row.family_name} {row.given_name}",
            int(row.resident_only),
            int(bool(summary.open_stays)),
            int(bool(row.care_codes)),
            row.came_from,
            row.household or None,
            row.household_key or None,
            row.municipal_key or None,
            people.to_column(row),
            found_by,
        ),
    )
    _write_stays(connection, number, heads)
    _index(connection, number, before[0] if before else None, found_by)


def _write_stays(connection: Connection, number: int, heads: Sequence[Came]) -> None:
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
        connection.execute(
            _STAY,
            (
                number,
                slot,
                stay.place or None,
                int(stay.state),
                stay.confirmed_at_ms,
                onward.place or None,
                onward.municipality or None,
            ),
        )


def _stay(record: Record) -> wire.Stay | None:
    try:
        return wire.Stay.FromString(record.content)
    except DecodeError:  # kept before this was checked: shown as not there
        return None


def _index(connection: Connection, number: int, before: str | None, after: str | None) -> None:
    """Change only the tokens that differ: a check-in adds one, and the name stays where it is."""
    if before == after:
        return
    old = terms.tokens_from_column(before) if before else frozenset()
    new = terms.tokens_from_column(after) if after else frozenset()
    if gone := old - new:
        sql = "INSERT INTO found (found, rowid, tokens) VALUES ('delete', ?, ?)"
        connection.execute(sql, (number, " ".join(sorted(gone))))
    if come := new - old:
        connection.execute("INSERT INTO found (rowid, tokens) VALUES (?, ?)", (number, " ".join(sorted(come))))


def _project_place(connection: Connection, number: int, heads: Sequence[Record]) -> None:
    row = places.place_row(heads) if heads else None
    if row is None:
        connection.execute("DELETE FROM places WHERE number = ?", (number,))
        return
    connection.execute(
        _PLACE,
        (
            number,
            row.municipality,
            row.national_id or None,
            row.local_id or None,
            row.kana or row.name,
            places.folded(row),
            places.to_column(row),
        ),
    )


def _came_from(heads: Iterable[Came]) -> str:
    """Who told us who this is: of several the newest, an identity before a row of the register."""
    told = {facet: [came for came in heads if came[0].facet == facet] for facet in _SAY_WHO}
    chosen = next((cames for cames in told.values() if cames), list(heads))
    return max(chosen, key=lambda came: came[0].newest_first)[1]
