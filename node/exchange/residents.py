"""Reads a roster of residents (住民名簿) with reasonable column names into residents, row by row."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any, BinaryIO, Final

from pydantic import ValidationError

from node.errors import FileHeaderUnknown, FileKeyIsMyNumber
from node.exchange.births import read_birth
from node.exchange.care_words import read_care
from node.exchange.cells import Cells, refused_field
from node.exchange.headers import BETWEEN, Header
from node.exchange.my_number_census import Census
from node.exchange.names import has_private_characters, split_kana, split_name, to_katakana
from node.exchange.rows import ColumnRefused, Mend, Row, RowRefused, RowTaken
from node.exchange.source import Progress, Source
from node.exchange.table import Line, Table
from node.exchange.words import read_flag, word
from node.people.facets import BirthDate, Resident, Sex
from node.people.facets.fields import LINE_CHARACTERS_MAX
from node.people.my_number import is_my_number

_NAMES: Final = ("name", "family_name", "given_name", "kana", "family_kana", "given_kana")
_LINES: Final = (
    *("municipal_key", "household_key", "family_name", "given_name", "family_kana", "given_kana"),
    *("address", "relation", "phone"),
)
_SEXES: Final = {"male": Sex.MALE, "female": Sex.FEMALE, "not_applicable": Sex.NOT_APPLICABLE}

_NOT_DIGITS: Final = re.compile(r"[^0-9]")

KEY_CHARACTERS_MAX: Final = 64
"""Of a municipality's own key, as the schema has it."""

DERIVED_KEY_PREFIX: Final = "x-"
MARKED_KEY_PREFIX: Final = "k-"


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """A resident, and whether the roster says that they are to be protected (秘匿) from who looks for them."""

    resident: Resident
    protect: bool = False


def read_residents(stream: BinaryIO, *, today: date, progress: Progress | None = None) -> Iterator[Row[ResidentRow]]:
    """What a roster says, row by row; columns that are not read at all come first.

    A missing column is fine, a missing value too: a row needs a key or a name. Without a key one is derived from name,
    birth and address, the same each time. My Numbers are kept out wherever they stand (Rule 8-6(3)).

    Raises:
        InputRefused: the file as a whole can't be read, or its keys are My Numbers.
    """
    table = Table(Source(stream, progress=progress))
    found = table.find_header(lambda cells: _is_header(Header(cells, "resident")))
    if found is None:
        raise FileHeaderUnknown(expected="宛名番号, 氏名, フリガナ, 生年月日, 性別, 住所")
    header = Header(found.cells, "resident")
    census = Census(table, after=found.number)
    if header.positions.get("municipal_key", -1) in census.columns:
        raise FileKeyIsMyNumber
    return _rows(table, found.number, _Reader(header, census, today))


def _is_header(header: Header) -> bool:
    return any(name in header for name in _NAMES) and len(header.positions) >= 2


def _rows(table: Table, after: int, reader: "_Reader") -> Iterator[Row[ResidentRow]]:
    for position in sorted(reader.census.columns):
        yield ColumnRefused(reader.header.label(position), "MY_NUMBER_COLUMN")
    for line in table.lines(after=after, tell=True):
        yield RowRefused(line.number, line.wrong) if line.wrong else reader.read(line)


class _Reader:
    """Reads the rows of one file: remembers the keys it has seen."""

    def __init__(self, header: Header, census: Census, today: date) -> None:
        self.header = header
        self.census = census
        self._today = today
        self._seen: set[str] = set()

    def read(self, line: Line) -> RowTaken[ResidentRow] | RowRefused:
        header = self.header
        if any(line.cells[header.width :]):
            return RowRefused(line.number, "CELLS_TOO_MANY")
        mends: list[Mend] = []
        cells = self._without_my_numbers(line.cells, mends)
        if len(cells) < header.width:
            if len(cells) <= max(header.positions.get(name, 0) for name in _NAMES):
                return RowRefused(line.number, "CELLS_TOO_FEW")
            mends.append(Mend("ROW_SHORT", ""))
        row = _Cells(header, header.fields(cells), mends)
        if line.has_breaks:
            row.join_lines()
        fields = self._fields_of(row)
        key = fields["municipal_key"]
        if not key and not any(fields[name] for name in _NAMES if name in fields):
            return RowRefused(line.number, "NEITHER_KEY_NOR_NAME")
        if not key:
            key = fields["municipal_key"] = _derived_key(fields)
            row.mend("KEY_DERIVED", "municipal_key")
        if key in self._seen:
            return RowRefused(line.number, "KEY_TWICE", header.label_of("municipal_key"))
        try:
            resident = _resident(fields)
        except ValidationError as error:
            return RowRefused(line.number, "VALUE_NOT_ALLOWED", header.label_of(refused_field(error)))
        self._seen.add(key)
        return RowTaken(line.number, ResidentRow(resident, row.protect()), tuple(mends))

    def _without_my_numbers(self, cells: Sequence[str], mends: list[Mend]) -> Sequence[str]:
        hidden = self.census.hidden_in(cells)
        if not hidden and not self.census.columns:
            return cells
        mends.extend(Mend("MY_NUMBER_REMOVED", self.header.label(position)) for position in hidden)
        return ["" if at in hidden or at in self.census.columns else cell for at, cell in enumerate(cells)]

    def _fields_of(self, row: "_Cells") -> dict[str, Any]:
        get = row.values.get
        fields = {
            "municipal_key": row.own_number("municipal_key"),
            "birth": row.birth(self._today),
            "sex": row.sex(),
            "address": get("address", ""),
            "postcode": row.postcode(),
            "household_key": row.own_number("household_key"),
            "relation": get("relation", ""),
            "phone": get("phone", ""),
            "care_codes": row.care(),
        }
        if more := get("address_more"):
            fields["address"] = f"{fields['address']} {more}".strip()
        _put_names(fields, row)
        return fields


def _resident(fields: dict[str, Any]) -> Resident:
    """The resident, held against the rules of the facet. Where all of its text is short and printable no rule of one
    line can be broken, and it is not asked field by field, which takes a third of the time of reading a roster.

    Raises:
        ValidationError: a field breaks a rule.
    """
    told = "".join([fields[name] for name in _LINES])
    plain = len(told) <= LINE_CHARACTERS_MAX and told.replace("\u3000", "").isprintable()
    if plain and len(fields["municipal_key"]) <= KEY_CHARACTERS_MAX >= len(fields["household_key"]):
        return Resident.model_construct(**fields)
    return Resident(**fields)


def _put_names(fields: dict[str, Any], row: "_Cells") -> None:
    family_kana, given_kana = row.kana("family_kana"), row.kana("given_kana")
    if not family_kana and not given_kana:
        family_kana, given_kana = split_kana(row.kana("kana"))
    family, given = row.line("family_name"), row.line("given_name")
    if not family and not given:
        family, given, note = split_name(row.line("name"), family_kana if given_kana else "")
        if note:
            row.mend(note, "name")
    if has_private_characters(family + given):
        row.mend("GAIJI_KEPT", "name" if "name" in row.header else "family_name")
    fields |= {"family_name": family, "given_name": given, "family_kana": family_kana, "given_kana": given_kana}


def _derived_key(fields: dict[str, Any]) -> str:
    """A key for a person the roster gives none: the same for the same name, birth and address."""
    birth = fields["birth"].date if fields["birth"] else ""
    names = (fields[name] for name in ("family_name", "given_name", "family_kana", "given_kana"))
    told = "\n".join((*names, birth, fields["address"]))
    return DERIVED_KEY_PREFIX + sha256(told.encode()).hexdigest()[:24]


@lru_cache(maxsize=4096)
def _read_postcode(text: str) -> str:
    """Seven digits; "" for anything else."""
    digits = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    return digits if len(digits) == 7 else ""


class _Cells(Cells):
    """The cells of a resident."""

    def own_number(self, name: str) -> str:
        """The town's own number; marked where by chance it has the form of a My Number, which no field may have."""
        value = self.values.get(name, "")
        if len(value) >= 12 and is_my_number(value):
            self.mend("KEY_MARKED", name)
            return MARKED_KEY_PREFIX + value
        return value

    def kana(self, name: str) -> str:
        value = self.values.get(name)
        if not value:
            return ""
        katakana, note = to_katakana(value)
        if note:
            self.mend(note, name)
        return katakana

    def sex(self) -> Sex:
        meaning = word("sex", self.values.get("sex", ""))
        if meaning is None:
            self.mend("SEX_NOT_READ", "sex")
        return _SEXES.get(meaning or "", Sex.UNSPECIFIED)

    def birth(self, today: date) -> BirthDate | None:
        text = self.values.get("birth")
        birth = read_birth(text, today) if text else None
        if text and birth is None:
            self.mend("BIRTH_NOT_READ", "birth")
        return birth

    def postcode(self) -> str:
        text = self.values.get("postcode")
        digits = _read_postcode(text) if text else ""
        if text and not digits:
            self.mend("POSTCODE_NOT_READ", "postcode")
        return digits

    def care(self) -> tuple[str, ...]:
        text = self.values.get("care")
        if not text:
            return ()
        found: tuple[str, ...] = ()
        for part in text.split(BETWEEN):
            codes, understood = read_care(part)
            found += codes
            if not understood:
                self.mend("CARE_NOT_UNDERSTOOD", "care")
        return tuple(sorted(set(found)))

    def protect(self) -> bool:
        text = self.values.get("protect")
        if not text:
            return False
        marks = [read_flag(part) for part in text.split(BETWEEN)]
        if not all(understood for _, understood in marks):
            self.mend("PROTECTION_ASSUMED", "protect")
        return any(is_set for is_set, _ in marks)
