"""Files and a ledger in memory for tests of imports; everybody in them is made up."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from node.exchange.apply import Outcome
from node.exchange.places import PlaceRow
from node.exchange.residents import ResidentRow, read_residents
from node.exchange.rows import ColumnRefused, Row, RowRefused, RowTaken
from node.exchange.statuses import StatusRow
from node.people.facets import Place, Resident, Status
from node.people.my_number import check_digit

TODAY = date(2024, 1, 1)
REAL = Path(__file__).parents[1] / "fixtures" / "real"
NANAO = Path(__file__).parents[2] / "deploy" / "demo" / "data" / "nanao"


def my_number(eleven: int) -> str:
    """Twelve digits with the right check digit."""
    return f"{eleven:011}{check_digit(f'{eleven:011}')}"


def roster(text: str, encoding: str = "utf-8") -> list[Row[ResidentRow]]:
    """What is read of a roster."""
    return list(read_residents(io.BytesIO(text.encode(encoding)), today=TODAY))


def people(rows: Sequence[Row[ResidentRow]]) -> list[Resident]:
    """The residents that were taken."""
    return [row.content.resident for row in rows if isinstance(row, RowTaken)]


def notes(rows: Sequence[Row[object]]) -> list[tuple[int, str, str]]:
    """Line, note and column of every mend."""
    return [(row.line, mend.note, mend.column) for row in rows if isinstance(row, RowTaken) for mend in row.mended]


def refusals(rows: Sequence[Row[object]]) -> list[tuple[int, str, str]]:
    """Line, reason and column of every refused row."""
    return [(row.line, row.reason, row.column) for row in rows if isinstance(row, RowRefused)]


def refused_columns(rows: Sequence[Row[object]]) -> list[tuple[str, str]]:
    """Column and reason of every refused column."""
    return [(row.column, row.reason) for row in rows if isinstance(row, ColumnRefused)]


class MemoryImporter:
    """A ledger for imports that forgets everything with the test."""

    def __init__(self) -> None:
        self.residents: dict[str, Resident] = {}
        self.protected: set[str] = set()
        self.places: dict[bytes, Place] = {}
        self.statuses: dict[bytes, list[Status]] = {}
        self.batches: list[int] = []

    def places_of(self, municipality: str) -> Mapping[bytes, Place]:
        return {subject: place for subject, place in self.places.items() if place.municipality == municipality}

    def put_residents(self, batch: Sequence[ResidentRow]) -> Sequence[Outcome]:
        self.batches.append(len(batch))
        self.protected |= {row.resident.municipal_key for row in batch if row.protect}
        return [self._put(self.residents, row.resident.municipal_key, row.resident) for row in batch]

    def put_places(self, batch: Sequence[PlaceRow]) -> Sequence[Outcome]:
        self.batches.append(len(batch))
        return [self._put(self.places, row.subject, row.place) for row in batch]

    def put_statuses(self, batch: Sequence[StatusRow]) -> Sequence[Outcome]:
        self.batches.append(len(batch))
        return [self._put_status(row.place.subject, row.status) for row in batch]

    def _put_status(self, subject: bytes, status: Status) -> Outcome:
        assert subject in self.places
        held = self.statuses.setdefault(subject, [])
        if not held:
            held.append(status)
            return Outcome.NEW
        if held[-1].observed_at_ms > status.observed_at_ms:
            return Outcome.OLDER
        if held[-1] == status:
            return Outcome.UNCHANGED
        held.append(status)
        return Outcome.CHANGED

    @staticmethod
    def _put(held: dict[Any, Any], key: object, value: object) -> Outcome:
        before = held.get(key)
        held[key] = value
        return Outcome.NEW if before is None else Outcome.UNCHANGED if before == value else Outcome.CHANGED
