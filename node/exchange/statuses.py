"""Reads lists of open shelters with their headcounts, as towns publish them, into places and their status."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from pydantic import ValidationError

from node.errors import FileHeaderUnknown
from node.exchange.cells import Cells, refused_field
from node.exchange.headers import Header
from node.exchange.moments import Told, moment_in_file_name, read_moment
from node.exchange.places import PlaceRow, place_of
from node.exchange.rows import Row, RowRefused, RowTaken
from node.exchange.source import Progress, Source
from node.exchange.table import Line, Table
from node.exchange.words import word
from node.people.facets import Opening, Status, Supply

_HEADCOUNT_AT: Final = re.compile(r"(?:避難者)?(?:人数|避難者数)[_\s]*[(（]?(.+?)[)）]?")
_COUNTS: Final = ("headcount", "men", "women", "sex_unknown", "households", "outside_people")
_OPENINGS: Final = {"open": Opening.OPEN, "closed": Opening.CLOSED}
_SUPPLIES: Final = {"enough": Supply.ENOUGH, "short": Supply.SHORT, "none": Supply.NONE}

AHEAD_MS_MAX: Final = 300_000
"""A moment further ahead than this of the node's clock is a slip of the pen, and would bury every later report."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A place as the list tells of it, and how it stood."""

    place: PlaceRow
    status: Status


def read_statuses(
    stream: BinaryIO, *, name: str, now_ms: int, municipality: str = "", progress: Progress | None = None
) -> Iterator[Row[StatusRow]]:
    """The places of a list of open shelters, row by row; a place that is listed is open unless a column says otherwise.

    When it was seen is told by a column, else by the header of the headcount, else by the file's name, which also
    becomes the source. `municipality` is the code for rows that tell none.

    Raises:
        InputRefused: the file as a whole can't be read.
    """
    table = Table(Source(stream, progress=progress))
    found = table.find_header(_is_header)
    if found is None:
        raise FileHeaderUnknown(expected="ID / 共通ID, 名称, 人数, 時点")
    reader = _Reader(found.cells, name, now_ms, municipality)
    return (reader.read(line) for line in table.lines(after=found.number, tell=True))


def _is_header(cells: Sequence[str]) -> bool:
    return "name" in Header(cells, "place") and bool(
        {"headcount", "opening"} & _status_header(cells)[0].positions.keys()
    )


def _status_header(cells: Sequence[str]) -> tuple[Header, Told | None]:
    """The columns, and the moment where the headcount's header tells one: 人数_令和6年1月9日午後6時時点."""
    header = Header(cells, "status")
    for position, cell in enumerate(cells):
        match = _HEADCOUNT_AT.fullmatch(cell)
        told = read_moment(match[1]) if match else None
        if told:
            header.positions.setdefault("headcount", position)
            return header, told
    return header, None


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, cells: Sequence[str], name: str, now_ms: int, municipality: str) -> None:
        self._places = Header(cells, "place")
        self._states, self._by_header = _status_header(cells)
        self._name = name.rsplit("/", 1)[-1]
        self._now_ms = now_ms
        self._municipality = municipality
        self._seen: set[tuple[bytes, int]] = set()
        self._by_name = moment_in_file_name(self._name)

    def read(self, line: Line) -> RowTaken[StatusRow] | RowRefused:
        if line.wrong or any(line.cells[self._places.width :]):
            return RowRefused(line.number, line.wrong or "CELLS_TOO_MANY")
        cells = Cells(self._places, self._places.fields(line.cells))
        place = place_of(line.number, cells, self._municipality)
        if isinstance(place, RowRefused):
            return place
        state = Cells(self._states, self._states.fields(line.cells), cells.mends)
        state.join_lines()
        told = self._observed(state)
        if told is None or told.at_ms > self._now_ms + AHEAD_MS_MAX:
            reason = "TIME_AHEAD" if told else "TIME_MISSING"
            return RowRefused(line.number, reason, self._states.label_of("observed_at"))
        if (place.subject, told.at_ms) in self._seen:
            return RowRefused(line.number, "PLACE_TWICE", self._places.label_of("name"))
        try:
            status = self._status(state, told)
        except ValidationError as error:
            return RowRefused(line.number, "VALUE_NOT_ALLOWED", self._states.label_of(refused_field(error)))
        self._seen.add((place.subject, told.at_ms))
        return RowTaken(line.number, StatusRow(place, status), tuple(cells.mends))

    def _observed(self, state: Cells) -> Told | None:
        text = state.line("observed_at")
        told = read_moment(text)
        if text and not told:
            state.mend("TIME_NOT_READ", "observed_at")
        if not told and self._by_header:
            told = self._by_header
            state.mend("TIME_FROM_HEADER", "headcount")
        if not told and self._by_name:
            told = self._by_name
            state.mend("TIME_FROM_FILE_NAME", "observed_at")
        if told and told.day_only:
            state.mend("TIME_DAY_ONLY", "observed_at")
        return told

    def _status(self, state: Cells, told: Told) -> Status:
        counts = {name: state.count(name) for name in _COUNTS}
        return Status(
            observed_at_ms=told.at_ms,
            opening=_OPENINGS.get(_word(state, "opening", "opening"), Opening.UNSPECIFIED)
            if state.line("opening")
            else Opening.OPEN,
            headcount=counts["headcount"],
            men=counts["men"],
            women=counts["women"],
            sex_unknown=counts["sex_unknown"],
            households=counts["households"],
            outside_people=counts["outside_people"],
            water=_SUPPLIES.get(_word(state, "supply", "water"), Supply.UNSPECIFIED),
            food=_SUPPLIES.get(_word(state, "supply", "food"), Supply.UNSPECIFIED),
            communications=_communications(state),
            text=state.line("text"),
            source=self._name,
        )


def _word(state: Cells, kind: str, name: str) -> str:
    meaning = word(kind, state.line(name))
    if meaning is None:
        state.mend("WORD_NOT_READ", name)
    return meaning or ""


def _communications(state: Cells) -> tuple[str, ...]:
    parts = re.split(r"[、,，・/／\s]+", state.line("communications"))
    meanings = [word("communication", part) for part in parts]
    if None in meanings:
        state.mend("WORD_NOT_READ", "communications")
    return tuple(sorted({meaning for meaning in meanings if meaning}))
