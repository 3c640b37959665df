"""Residents nobody has confirmed (未確認者): of the register those of whom nothing else is known, by district and age.

The register never leaves the municipality. What its staff may tell others are counts, with small ones withheld.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from node.desk.looking import log_read
from node.desk.post import Post
from node.desk.showing import Showing
from node.desk.views import PersonView
from node.errors import FileNotWritten
from node.files import write_durably
from node.ledger.residents import ResidentRow
from node.pen import ORGANISATION
from node.people import ages
from node.people.districts import district
from node.people.facets import Tally, TallyCell, TallyRow, from_content
from node.records.kinds import TALLY
from node.records.subjects import organisation_subject
from node.reference.codes import care_word
from node.reference.organisations import organisation_name
from node.release.statistics import suppress, suppress_row
from node.words import word

LISTED_MAX: Final = 2_000
"""So many are listed at a time; the counts are of all."""

PURPOSE: Final = "rescue"
EVERYBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them: all that is said must hold."""

    district: str | None = None
    """None: all; "": those whose address tells none."""
    band: str = EVERYBODY
    """One of `ages.ALL`; "" for all."""
    care_only: bool = False


@dataclass(frozen=True, slots=True)
class District:
    """One district: how many of its residents nobody has confirmed."""

    name: str
    residents: int
    """Of the register, confirmed ones too."""
    unconfirmed: int
    care: int
    """Of the unconfirmed, those with special needs."""
    by_band: tuple[int, ...]
    """Of the unconfirmed, in the order of `ages.ALL`."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The list of those who are wanted, special needs first, then by district, address and household."""

    people: tuple[PersonView, ...]
    districts: tuple[str, ...]
    """Of each of them."""
    count: int
    """How many there are in all."""


@dataclass(frozen=True, slots=True)
class Told:
    """Counts that may be told to others: None is withheld."""

    bands: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    """Name of the district, and the unconfirmed of each band."""
    sums: tuple[int | None, ...]
    """Of each band."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one member has told of its own residents."""

    organisation: str
    organisation_name: str
    counted_at_ms: int
    told: Told


class Missing:
    """Who of the register is not found yet. Every list and every file is logged; counts are not about anybody."""

    def __init__(self, post: Post, showing: Showing) -> None:
        self._post = post
        self._showing = showing

    def districts(self) -> list[District]:
        """All districts of the register, those with most people to find first."""
        today = self._post.today()
        residents: Counter[str] = Counter()
        care: Counter[str] = Counter()
        bands: dict[str, Counter[str]] = {}
        for row in self._post.ledger.residents():
            name = self._district(row.address)
            residents[name] += 1
            if row.unseen:
                care[name] += row.needs_care
                bands.setdefault(name, Counter())[ages.band_of(row.birth, today)] += 1
        found = [
            District(
                name=name,
                residents=count,
                unconfirmed=bands.get(name, Counter()).total(),
                care=care[name],
                by_band=tuple(bands.get(name, Counter())[band] for band in ages.ALL),
            )
            for name, count in residents.items()
        ]
        return sorted(found, key=lambda each: (-each.unconfirmed, each.name))

    def told(self) -> Told:
        """What may be told to the prefecture and to others (69(2)4): the counts by district and age, small ones
        withheld, and others with them, so that no sum gives one away."""
        table = {each.name: dict(zip(ages.ALL, each.by_band, strict=True)) for each in self.districts()}
        told = suppress(table)
        total = {band: sum(row[band] for row in table.values()) for band in ages.ALL}
        return Told(
            bands=ages.ALL,
            rows=tuple((name, tuple(told[name][band] for band in ages.ALL)) for name in table),
            sums=tuple(suppress_row(total).values()),
        )

    def tell(self) -> Told:
        """Write down what may be told, for the prefecture and the other members: it goes to them as places do."""
        told, now = self.told(), self._post.now_ms()
        with self._post.pen.sheet(operator=self._post.operator, act="tell-counts") as sheet:
            tally = Tally(
                counted_at_ms=now,
                rows=tuple(TallyRow(name=name, cells=_cells(told.bands, cells)) for name, cells in told.rows),
                sums=_cells(told.bands, told.sums),
            )
            sheet.put(organisation_subject(self._post.organisation), TALLY, tally, kind=ORGANISATION)
        return told

    def heard(self) -> list[Heard]:
        """What the members have told of those they have not found, this one's own among it."""
        found = []
        for held in self._post.ledger.heads_of_facet(TALLY):
            said = from_content(TALLY, held.record.content)
            if isinstance(said, Tally):
                code = held.record.organisation
                rows = tuple((row.name, _read(row.cells)) for row in said.rows)
                found.append(
                    Heard(code, organisation_name(code), said.counted_at_ms, Told(ages.ALL, rows, _read(said.sums)))
                )
        return sorted(found, key=lambda each: each.organisation)

    def listed(self, wanted: Wanted, *, limit: int = LISTED_MAX) -> Unconfirmed:
        """Those who are wanted. Logged as a look."""
        chosen = self._chosen(wanted)
        people = self._views([number for number, _ in chosen[:limit]])
        log_read(self._post, "read", purpose=PURPOSE, count=len(people), subjects=())
        districts = tuple(self._district(each.address) for each in people)
        return Unconfirmed(tuple(people), districts, len(chosen))

    def written(self, wanted: Wanted, language: str) -> tuple[str, int, int]:
        """The file for checks from door to door: CSV, how many people it has, and how many it leaves out because they
        are protected: paper is lost, and their address with it. Logged as an export."""
        people = self._views([number for number, _ in self._chosen(wanted)])
        carried = [each for each in people if not each.protected]
        lines = io.StringIO()
        writer = csv.writer(lines)
        writer.writerow([word(f"doors.{name}", language) for name in COLUMNS])
        today = self._post.today()
        for each in carried:
            age = ages.age_on(each.birth, today)
            writer.writerow([_plain(cell) for cell in (*self._cells(each, language), "" if age is None else str(age))])
        log_read(self._post, "export", purpose=PURPOSE, count=len(carried), subjects=())
        return lines.getvalue(), len(carried), len(people) - len(carried)

    def write(self, file: Path, wanted: Wanted, language: str) -> tuple[int, int]:
        """The same into a file that only its owner can read; how many people it has, how many it leaves out.

        Raises:
            FileNotWritten: it can't be written there; `what` says why.
        """
        text, people, left_out = self.written(wanted, language)
        try:
            write_durably(file, text.encode("utf-8-sig"))
        except OSError as error:
            raise FileNotWritten(expected=file.name, what=type(error).__name__) from error
        return people, left_out

    def _cells(self, person: PersonView, language: str) -> Iterator[str]:
        yield self._district(person.address)
        yield person.address
        yield person.name
        yield person.kana
        yield person.phone
        yield " ".join(care_word(code, language) for code in person.care_codes)
        yield from ("", "")
        yield person.birth

    def _chosen(self, wanted: Wanted) -> list[tuple[int, str]]:
        today = self._post.today()
        found: list[tuple[tuple[bool, str, str], int, str]] = []
        for row in self._post.ledger.residents():
            name = self._district(row.address)
            if row.unseen and _is_wanted(row, name, ages.band_of(row.birth, today), wanted):
                found.append(((not row.needs_care, name, row.address), row.number, name))
        return [(number, name) for _, number, name in sorted(found, key=lambda each: each[0])]

    def _views(self, numbers: Sequence[int]) -> list[PersonView]:
        return [self._showing.person(row) for row in self._post.ledger.residents_by_number(list(numbers))]

    def _district(self, address: str) -> str:
        return district(address, self._post.organisation_name)


COLUMNS: Final = ("district", "address", "name", "kana", "phone", "care", "seen", "remark", "birth", "age")


def _cells(bands: Sequence[str], people: Sequence[int | None]) -> tuple[TallyCell, ...]:
    """The counts with the ages of their bands, which another version may draw otherwise."""
    cells = []
    for band, count in zip(bands, people, strict=True):
        first, last = ages.BANDS.get(band, (None, None))
        cells.append(TallyCell(from_age=first, to_age=last, people=count))
    return tuple(cells)


def _read(cells: Sequence[TallyCell]) -> tuple[int | None, ...]:
    """The counts of the bands drawn here; of any other band nothing is known here."""
    by_ages = {(cell.from_age, cell.to_age): cell.people for cell in cells}
    return tuple(by_ages.get(ages.BANDS.get(band, (None, None))) for band in ages.ALL)


def _is_wanted(row: ResidentRow, name: str, band: str, wanted: Wanted) -> bool:
    return (
        (wanted.district is None or wanted.district == name)
        and (not wanted.band or wanted.band == band)
        and (row.needs_care or not wanted.care_only)
    )


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
