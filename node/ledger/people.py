"""What a list shows of each person: one row, kept beside the records it is made from."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from moyai.v1 import facets_pb2 as wire
from node.ledger.links import stood_for
from node.ledger.store import Rows, Value
from node.people.summary import PersonSummary

OPEN: Final = f"{int(wire.STAY_STATE_PRESENT)}, {int(wire.STAY_STATE_OUT)}"
_OUT: Final = int(wire.STAY_STATE_OUT)
_LEFT: Final = int(wire.STAY_STATE_LEFT)
_TRANSFERRED: Final = int(wire.STAY_STATE_TRANSFERRED)

CLOSED_AS: Final = {
    int(wire.Closure.KIND_RETURNED): "returned",
    int(wire.Closure.KIND_MOVED): "moved",
    int(wire.Closure.KIND_DIED): "died",
    int(wire.Closure.KIND_NO_NEED): "no_need",
}

LISTS: Final = {
    "here": f"s.state IN ({OPEN})",
    "out": f"s.state = {_OUT}",
    "unconfirmed": f"s.state IN ({OPEN}) AND s.confirmed_at_ms < ?",
    "care": f"s.state IN ({OPEN}) AND p.needs_care",
    "left": f"s.state IN ({_LEFT}, {_TRANSFERRED})",
}
"""The lists of a place, by which stays there make them. "expected" goes by where people were sent to instead."""


@dataclass(frozen=True, slots=True, repr=False)
class PersonRow:
    """One person in one row. Texts and ids are empty and numbers 0 where nothing is known."""

    subject: bytes
    family_name: str
    given_name: str
    kana: str
    """Family and given kana, with a space between."""
    former_name: str
    alias: str
    description: str
    birth: str
    """"1948-05-03", "1948-05" or "1948"; "~70" where only an age was guessed."""
    sex: int
    municipality: str
    """Code of the home municipality."""
    address: str
    postcode: str
    phone: str
    household: bytes
    household_key: str
    """The municipality's own key for the registered household."""
    municipal_key: str
    relation: str
    care_codes: tuple[str, ...]
    condition: int
    resident_only: bool
    """Known from the resident register alone: nobody has seen them since."""
    protected: bool
    conflict: bool
    closed: str
    """"" or one of `CLOSED_AS`."""
    death_reported: bool
    """A death waits for the second operator."""
    place: bytes
    """Of the newest open stay, or else of the newest stay."""
    outside: int
    stay_municipality: str
    stay_state: int
    stay_slot: bytes
    since_ms: int
    confirmed_at_ms: int
    confirmed_by: str
    destination_place: bytes
    destination_outside: int
    destination_municipality: str
    destination_text: str
    came_from: str
    """Code of the organisation the identity came from."""

    @property
    def name(self) -> str:
        """The name to show: as typed, else the reading, else another name, else the description."""
        written = f"{self.family_name} {self.given_name}".strip()
        return written or self.kana or self.alias or self.description

    def __repr__(self) -> str:
        return f"PersonRow({self.subject.hex()[:8]})"


_TOLD: Final = tuple(name for name in PersonRow.__dataclass_fields__ if name not in ("came_from", "closed"))
_BYTES: Final = ("subject", "household", "place", "stay_slot", "destination_place")
_EMPTY: Final[dict[str, Any]] = {
    **dict.fromkeys(PersonRow.__dataclass_fields__, ""),
    **dict.fromkeys(("sex", "condition", "outside", "stay_state", "destination_outside"), 0),
    **dict.fromkeys(("since_ms", "confirmed_at_ms"), 0),
    **dict.fromkeys(("resident_only", "protected", "conflict", "death_reported"), False),
    "care_codes": (),
}
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_column(summary: PersonSummary, came_from: str) -> str:
    """The row of a summary as the text of a column, what is empty left out."""
    told: dict[str, object] = {"came_from": came_from}
    for name in _TOLD:
        value = getattr(summary, name)
        if value:
            told[name] = value.hex() if isinstance(value, bytes) else value
    if summary.estimated_age is not None and not summary.birth:
        told["birth"] = f"~{summary.estimated_age}"
    if summary.closed in CLOSED_AS:
        told["closed"] = CLOSED_AS[summary.closed]
    return _encode(told)


def from_column(text: str) -> PersonRow:
    """The row as it was written there."""
    told: dict[str, Any] = {**_EMPTY, **json.loads(text)}
    for name in _BYTES:
        told[name] = bytes.fromhex(told[name])
    told["care_codes"] = tuple(told["care_codes"])
    return PersonRow(**told)


class PeopleRead(Rows):
    """Questions about people."""

    def person(self, subject: bytes) -> PersonRow | None:
        """The row of one person; None: nothing but perhaps consents is held of them."""
        return next(self._people("WHERE p.number = (SELECT number FROM subjects WHERE subject = ?)", subject), None)

    def household(self, household: bytes) -> list[PersonRow]:
        """The members of a household, in the order of their names."""
        return list(self._people("WHERE p.household = ? ORDER BY p.sorted_by", household))

    def residents_of_household(self, household_key: str) -> list[PersonRow]:
        """The registered members of the household with this key of the municipality, adopted or not."""
        return list(self._people("WHERE p.household_key = ? ORDER BY p.sorted_by", household_key))

    def resident_by_key(self, municipal_key: str) -> bytes | None:
        """The subject of the registered person with this key of the municipality."""
        found = next(self._people("WHERE p.municipal_key = ?", municipal_key), None)
        return None if found is None else found.subject

    def evacuees(self) -> Iterator[bytes]:
        """The subjects of everybody who is more than a row of the resident register."""
        sql = """SELECT s.subject FROM people p JOIN subjects s ON s.number = p.number WHERE NOT p.resident_only"""
        return (row[0] for row in self._rows().execute(sql))

    def whereabouts(self) -> Iterator[tuple[bytes, str, frozenset[str]]]:
        """Of everybody who is more than a row of the register: the subject, the home, and where they stay or go."""
        sql = """SELECT s.subject, coalesce(json_extract(p.shown, '$.municipality'), ''),
            coalesce(json_extract(p.shown, '$.stay_municipality'), ''),
            coalesce(json_extract(p.shown, '$.destination_municipality'), '')
            FROM people p JOIN subjects s ON s.number = p.number WHERE NOT p.resident_only"""
        for subject, home, stays, bound in self._rows().execute(sql):
            yield subject, home, frozenset({stays, bound} - {""})

    def people_at(
        self,
        place: bytes | None,
        *,
        which: str = "here",
        municipality: str = "",
        seen_before_ms: int = 0,
        limit: int = 100,
        offset: int = 0,
    ) -> list[PersonRow]:
        """One of the lists of a place, or of all places and stays outside, in the order of the names.

        Args:
            place: None: everywhere.
            which: one of LISTS, or "expected": who was sent here and has not been seen here.
            municipality: for "expected", whose own place they were sent to where no place is named.
            seen_before_ms: for "unconfirmed", nobody has seen them since.
            limit: at most so many.
            offset: after so many.
        """
        where, values = _list(place, which, municipality, seen_before_ms)
        return list(
            self._people(
                f"JOIN stays s ON s.number = p.number WHERE ({where}) AND NOT {stood_for('s')} GROUP BY p.number"
                " ORDER BY p.sorted_by, p.number LIMIT ? OFFSET ?",
                *values,
                limit,
                offset,
            )
        )

    def people_count(
        self, place: bytes | None, *, which: str = "here", municipality: str = "", seen_before_ms: int = 0
    ) -> int:
        """How many people one of these lists has."""
        where, values = _list(place, which, municipality, seen_before_ms)
        sql = f"""SELECT count(DISTINCT p.number) FROM people p JOIN stays s ON s.number = p.number
            WHERE ({where}) AND NOT {stood_for("s")}"""  # noqa: S608
        row = self._rows().execute(sql, values).fetchone()
        return 0 if row is None else int(row[0])

    def _people(self, where: str, *values: Value) -> Iterator[PersonRow]:
        sql = f"SELECT p.shown FROM people p {where}"  # noqa: S608
        return (from_column(row[0]) for row in self._rows().execute(sql, values))


def _list(place: bytes | None, which: str, municipality: str, seen_before_ms: int) -> tuple[str, list[Value]]:
    """What makes the list, as a condition with its values."""
    if which == "expected":
        return _expected(place, municipality)
    where = LISTS[which]
    values: list[Value] = [seen_before_ms] if "?" in where else []
    if place is not None:
        where = f"s.place = ? AND {where}"
        values.insert(0, place)
    return where, values


def _expected(place: bytes | None, municipality: str) -> tuple[str, list[Value]]:
    by_town = "s.to_municipality = ? AND s.to_place IS NULL AND NOT p.staying"
    if place is None:
        return by_town, [municipality]
    where = f"""(s.to_place = ? AND NOT EXISTS
        (SELECT 1 FROM stays t WHERE t.number = s.number AND t.place = s.to_place AND t.state IN ({OPEN})))
        OR ({by_town})"""  # noqa: S608
    return where, [place, municipality]
