"""What a list shows of each place: one row with its newest figures."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final, TypeVar

from google.protobuf.message import DecodeError, Message

from moyai.v1 import facets_pb2 as wire
from node.ledger.links import stood_for
from node.ledger.people import OPEN
from node.ledger.records import marks
from node.ledger.store import Rows, Value
from node.people.addresses import fold_address
from node.people.asking_places import SHORTENED, PlaceWord, place_words, whole_texts
from node.people.kana import to_katakana
from node.people.names import fold_name
from node.records import kinds
from node.records.record import Record

MessageType = TypeVar("MessageType", bound=Message)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place. Texts are empty where nothing is known; a figure that nobody has reported is None, not 0."""

    subject: bytes
    name: str
    kana: str
    national_id: str
    local_id: str
    municipality: str
    address: str
    type: int
    latitude: float | None
    longitude: float | None
    capacity: int | None
    capacity_text: str
    phone: str
    opening: int
    headcount: int | None
    """As last reported."""
    households: int | None
    outside_people: int | None
    observed_at_ms: int | None
    """When those figures were seen."""
    status_source: str
    conflict: bool
    present: int = 0
    """People with an open stay here, according to the records held."""


def place_row(heads: Sequence[Record]) -> PlaceRow | None:
    """The row of a place from all its heads that count; None where no head describes it."""
    described = [head for head in heads if head.facet == kinds.PLACE]
    reported = [head for head in heads if head.facet == kinds.STATUS]
    place, status = _newest(wire.Place, described), _newest_seen(reported)
    if place is None:
        return None
    return PlaceRow(
        subject=heads[0].subject,
        name=place.name,
        kana=place.kana,
        national_id=place.national_id,
        local_id=place.local_id,
        municipality=place.municipality,
        address=place.address,
        type=int(place.type),
        latitude=place.latitude if place.HasField("latitude") else None,
        longitude=place.longitude if place.HasField("longitude") else None,
        capacity=place.capacity if place.HasField("capacity") else None,
        capacity_text=place.capacity_text,
        phone=place.phone,
        opening=int(status.opening),
        headcount=status.headcount if status.HasField("headcount") else None,
        households=status.households if status.HasField("households") else None,
        outside_people=status.outside_people if status.HasField("outside_people") else None,
        observed_at_ms=status.observed_at_ms or None,
        status_source=status.source,
        conflict=len({head.content for head in described}) > 1,
    )


def folded(row: PlaceRow) -> str:
    """What a place is found by, as one text."""
    parts = (fold_name(row.name), to_katakana(row.kana), fold_address(row.address), row.national_id, row.local_id)
    return "\n".join(parts).casefold()


def to_column(row: PlaceRow) -> str:
    """A row as the text of a column."""
    told = {name: getattr(row, name) for name in _FIELDS if name not in ("subject", "present")}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


class PlacesRead(Rows):
    """Questions about places."""

    def place(self, subject: bytes) -> PlaceRow | None:
        """One place."""
        return next(self._places("WHERE s.subject = ?", subject), None)

    def place_name(self, subject: bytes) -> str:
        """Its name alone, for lists of people: nobody is counted for it. "" where no such place is known."""
        sql = "SELECT l.shown FROM places l JOIN subjects s ON s.number = l.number WHERE s.subject = ?"
        row = self._rows().execute(sql, (subject,)).fetchone()
        return "" if row is None else str(json.loads(row[0])["name"])

    def place_by_national_id(self, national_id: str) -> PlaceRow | None:
        """The place with this 14-character ID."""
        return next(self._places("WHERE l.national_id = ?", national_id), None)

    def place_by_local_id(self, local_id: str) -> PlaceRow | None:
        """The place that a local list gives this id."""
        return next(self._places("WHERE l.local_id = ?", local_id), None)

    def places(
        self,
        municipality: str | None = None,
        text: str = "",
        *,
        first: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> list[PlaceRow]:
        """Places whose name, kana, address or id contains the text in one piece, then those that have all its words as
        they may be read; of each, those of the municipality `first` come first."""
        conditions, values = ["TRUE"], list[Value]()
        if municipality is not None:
            conditions.append("l.municipality = ?")
            values.append(municipality)
        whole, in_one_piece = _any_of(whole_texts(text))
        if in_one_piece:
            words = [_has_word(word) for word in place_words(text)]
            conditions.append(f"({whole} OR ({' AND '.join(condition for condition, _ in words)}))")
            values += in_one_piece
            values += [value for _, of_word in words for value in of_word]
        where = f"""WHERE {" AND ".join(conditions)}
            ORDER BY {whole} DESC, l.municipality != ?, l.municipality, l.sorted_by, l.number LIMIT ? OFFSET ?"""
        return list(self._places(where, *values, *in_one_piece, first, limit, offset))

    def _places(self, where: str, *values: Value) -> Iterator[PlaceRow]:
        sql = f"""SELECT s.subject, l.shown,
            (SELECT count(DISTINCT t.number) FROM stays t
                WHERE t.place = s.subject AND t.state IN ({OPEN}) AND NOT {stood_for("t")})
            FROM places l JOIN subjects s ON s.number = l.number {where}"""  # noqa: S608
        for subject, shown, present in self._rows().execute(sql, values):
            yield replace(_from_column(subject, shown), present=present)


_FIELDS: Final = tuple(PlaceRow.__dataclass_fields__)
_SHORTENED: Final = reduce(lambda sql, pair: f"replace({sql}, '{pair[0]}', '{pair[1]}')", SHORTENED, "l.folded")
"""What a place is found by, with short vowels, as `node.people.asking_places.shortened` has it."""


def _from_column(subject: bytes, shown: str) -> PlaceRow:
    told: dict[str, Any] = json.loads(shown)
    return PlaceRow(subject=subject, **told)


def _any_of(texts: Sequence[str]) -> tuple[str, list[str]]:
    """A condition that one of the texts is contained, and its values."""
    return f"({' OR '.join('instr(l.folded, ?) > 0' for _ in texts) or 'TRUE'})", list(texts)


def _has_word(word: PlaceWord) -> tuple[str, list[str]]:
    """A condition that the word holds in one of its meanings, and its values."""
    condition, values = _any_of(word.texts)
    if word.sound:
        condition += f" OR instr({_SHORTENED}, ?) > 0"
        values.append(word.sound)
    if word.municipalities:
        condition += f" OR l.municipality IN ({marks(word.municipalities)})"
        values += word.municipalities
    return f"({condition})", values


def _newest(message: type[MessageType], heads: Sequence[Record]) -> MessageType | None:
    for head in sorted(heads, key=lambda each: each.newest_first, reverse=True):
        try:
            return message.FromString(head.content)
        except DecodeError:
            continue
    return None


def _newest_seen(heads: Sequence[Record]) -> wire.Status:
    """Of several reports the one seen last: when it was typed does not matter."""
    seen = [status for head in heads if (status := _newest(wire.Status, [head])) is not None]
    return max(seen, key=lambda status: status.observed_at_ms, default=wire.Status())
