"""Checks a list of municipalities against its check digits and against the list that comes with the product."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from node.errors import FileHeaderUnknown
from node.exchange.cells import Cells
from node.exchange.headers import Header
from node.exchange.names import to_katakana
from node.exchange.rows import Row, RowRefused, RowTaken
from node.exchange.site_codes import read_code
from node.exchange.source import Progress, Source
from node.exchange.table import Table
from node.people.facets import OrganisationKind
from node.reference.municipalities import municipality
from node.reference.prefectures import prefecture


@dataclass(frozen=True, slots=True)
class LocalGovernment:
    """A municipality, a ward of a designated city, or a prefecture, as a list has it."""

    code: str
    """Six digits; the last is right."""
    name: str
    """Without the prefecture; a ward with its city: "札幌市中央区"."""
    kana: str
    """Full-width katakana."""
    prefecture: str
    kind: OrganisationKind
    is_ward: bool = False
    """A ward of a designated city, which is no organisation by itself."""


def read_municipalities(stream: BinaryIO, *, progress: Progress | None = None) -> Iterator[Row[LocalGovernment]]:
    """The local governments of a list, row by row. Lost leading zeros are put back; a name that differs from the one
    this house has for the code is noted; a code that nobody has is refused.

    Raises:
        InputRefused: the file as a whole can't be read.
    """
    table = Table(Source(stream, progress=progress))
    found = table.find_header(lambda cells: {"code", "prefecture"} <= Header(cells, "municipality").positions.keys())
    if found is None:
        raise FileHeaderUnknown(expected="lgcode / 団体コード, 都道府県名, 市区町村名")
    header = Header(found.cells, "municipality")
    return (
        RowRefused(line.number, line.wrong)
        if line.wrong
        else _read(line.number, Cells(header, header.fields(line.cells)))
        for line in table.lines(after=found.number, tell=True)
    )


def _read(number: int, cells: Cells) -> RowTaken[LocalGovernment] | RowRefused:
    code, note = read_code(cells.line("code"))
    listed, governor = municipality(code), prefecture(code)
    if listed is None and governor is None:
        return RowRefused(number, "CODE_NOT_KNOWN", cells.header.label_of("code"))
    if note:
        cells.mend(note, "code")
    name = "".join(cells.line("city").split())
    told = name or cells.line("prefecture")
    if told != (listed.name if listed else governor.name if governor else ""):
        cells.mend("NAME_UNLIKE_CODE", "city" if name else "prefecture")
    return RowTaken(
        number,
        LocalGovernment(
            code=code,
            name=told,
            kana="".join(to_katakana(cells.line("kana") or cells.line("prefecture_kana"))[0].split()),
            prefecture=cells.line("prefecture"),
            kind=OrganisationKind.MUNICIPALITY if listed else OrganisationKind.PREFECTURE,
            is_ward=listed is not None and listed.is_ward,
        ),
        tuple(cells.mends),
    )
