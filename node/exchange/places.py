"""Reads lists of shelters and emergency sites: the national list (国土地理院) as CSV and GeoJSON, and towns' own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from pydantic import ValidationError

from node.errors import FileHeaderUnknown
from node.exchange.capacity import indoor_capacity
from node.exchange.cells import Cells, refused_field
from node.exchange.geojson import features, is_geojson
from node.exchange.headers import Header
from node.exchange.names import has_private_characters, to_katakana
from node.exchange.rows import Row, RowRefused, RowTaken
from node.exchange.site_codes import code_named, read_code, read_national_id
from node.exchange.source import Progress, Source
from node.exchange.table import Table
from node.exchange.words import read_flag
from node.people.facets import Place, PlaceType
from node.records.subjects import place_subject

_HAZARDS: Final = ("flood", "landslide", "surge", "earthquake", "tsunami", "fire", "inland_flood", "volcano")
_LATITUDES: Final = (20.0, 46.0)
_LONGITUDES: Final = (122.0, 154.0)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place, with the subject everybody derives alike for it."""

    subject: bytes
    place: Place


def read_places(
    stream: BinaryIO, *, municipality: str = "", progress: Progress | None = None
) -> Iterator[Row[PlaceRow]]:
    """The places of a list, row by row. `municipality` is the code for rows that tell none.

    Where the list names a national ID, the municipality is the one in that ID, whatever other column says another:
    the joined national list carries the other 泊村's code in 36 rows.

    Raises:
        InputRefused: the file as a whole can't be read.
    """
    source = Source(stream, progress=progress)
    reader = _Reader(municipality)
    if is_geojson(source):
        return (reader.read(number, cells) for number, cells in features(source, "place"))
    return _rows(Table(source), reader)


def _rows(table: Table, reader: "_Reader") -> Iterator[Row[PlaceRow]]:
    found = table.find_header(lambda cells: _is_header(Header(cells, "place")))
    if found is None:
        raise FileHeaderUnknown(expected="共通ID / ID, 施設・場所名, 住所, 緯度, 経度")
    header = Header(found.cells, "place")
    return (
        RowRefused(line.number, line.wrong)
        if line.wrong
        else RowRefused(line.number, "CELLS_TOO_MANY")
        if any(line.cells[header.width :])
        else reader.read(line.number, Cells(header, header.fields(line.cells)))
        for line in table.lines(after=found.number, tell=True)
    )


def _is_header(header: Header) -> bool:
    """Whether these columns can make a place: a name, and an ID or an address."""
    return "name" in header and bool({"national_id", "local_id", "address"} & header.positions.keys())


class _Reader:
    """Reads the rows of one file: remembers the places it has seen."""

    def __init__(self, municipality: str) -> None:
        self._municipality = municipality
        self._seen: set[bytes] = set()

    def read(self, number: int, cells: Cells) -> RowTaken[PlaceRow] | RowRefused:
        row = place_of(number, cells, self._municipality)
        if isinstance(row, RowRefused):
            return row
        if row.subject in self._seen:
            return RowRefused(number, "PLACE_TWICE", cells.header.label_of("national_id"))
        self._seen.add(row.subject)
        return RowTaken(number, row, tuple(cells.mends))


def place_of(
    number: int, cells: Cells, municipality: str, *, unlisted: PlaceType = PlaceType.SELF_STARTED
) -> PlaceRow | RowRefused:
    """The place a row tells of. One without a national ID and without a hazard is in no designated list: `unlisted`."""
    cells.join_lines()
    name = cells.line("name")
    if not name:
        return RowRefused(number, "NAME_MISSING", cells.header.label_of("name"))
    national = read_national_id(cells.line("national_id"))
    if national is None and cells.line("national_id"):
        return RowRefused(number, "NATIONAL_ID_NOT_READ", cells.header.label_of("national_id"))
    code = _municipality_of(cells, national[1] if national else "") or municipality
    if not code:
        return RowRefused(number, "MUNICIPALITY_UNKNOWN", cells.header.label_of("code"))
    if has_private_characters(name):
        cells.mend("GAIJI_KEPT", "name")
    latitude, longitude = _position(cells)
    hazards = _hazards(cells)
    try:
        place = Place(
            national_id=national[0] if national else "",
            name=name,
            kana=to_katakana(cells.line("kana"))[0],
            municipality=code,
            address=cells.line("address"),
            latitude=latitude,
            longitude=longitude,
            type=national[2] if national else PlaceType.EMERGENCY_SITE if hazards else unlisted,
            capacity_text=cells.line("capacity"),
            capacity=indoor_capacity(cells.line("capacity")),
            local_id=cells.line("local_id"),
            phone=cells.line("phone"),
            text=_text(cells, hazards),
        )
    except ValidationError as error:
        return RowRefused(number, "VALUE_NOT_ALLOWED", cells.header.label_of(refused_field(error)))
    return PlaceRow(place_subject(_key(cells, place)), place)


def _key(cells: Cells, place: Place) -> str:
    if place.national_id:
        return place.national_id
    if not place.local_id:
        cells.mend("ID_FROM_NAME", "name")
    return f"{place.municipality}/{place.local_id or place.name}"


def _municipality_of(cells: Cells, by_national_id: str) -> str:
    told, note = read_code(cells.line("code"))
    if by_national_id:
        if told and told != by_national_id:
            cells.mend("CODE_FROM_NATIONAL_ID", "code")
        return by_national_id
    if note:
        cells.mend(note, "code")
    if told:
        return told
    name = cells.line("municipality_name") or cells.line("prefecture") + cells.line("city")
    named = code_named(name)
    if named and "code" in cells.header:
        cells.mend("CODE_FROM_NAME", "code")
    return named


def _position(cells: Cells) -> tuple[float | None, float | None]:
    """Latitude and longitude; neither where one is missing or they do not lie in Japan. Swapped ones are put right."""
    texts = cells.line("latitude"), cells.line("longitude")
    if not any(texts):
        return None, None
    try:
        latitude, longitude = float(texts[0]), float(texts[1])
    except ValueError:
        latitude = longitude = 0.0
    if _LATITUDES[0] < latitude < _LATITUDES[1] and _LONGITUDES[0] < longitude < _LONGITUDES[1]:
        return latitude, longitude
    if _LATITUDES[0] < longitude < _LATITUDES[1] and _LONGITUDES[0] < latitude < _LONGITUDES[1]:
        cells.mend("POSITION_SWAPPED", "latitude")
        return longitude, latitude
    cells.mend("POSITION_NOT_READ", "latitude")
    return None, None


def _hazards(cells: Cells) -> list[str]:
    """The hazards an emergency site is for, in the words of the list's header."""
    return [cells.header.label_of(name).removeprefix("災害種別_") for name in _HAZARDS if _is_set(cells.line(name))]


def _is_set(text: str) -> bool:
    return bool(text) and read_flag(text.removesuffix(".0"))[0]


def _text(cells: Cells, hazards: list[str]) -> str:
    parts = [cells.line("remarks")]
    if cells.line("accepts"):
        parts.append("受入対象者: " + cells.line("accepts"))
    if cells.line("further") not in ("", "1"):
        parts.append(cells.line("further"))
    if hazards:
        parts.append("災害種別: " + "、".join(hazards))
    return "\n".join(dict.fromkeys(filter(None, parts)))
