"""Puts what readers took into the ledger, in batches, and counts what became of every row."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar

from node.exchange.linking import filled, national_entry
from node.exchange.places import PlaceRow
from node.exchange.report import Report
from node.exchange.residents import ResidentRow
from node.exchange.rows import Row, RowTaken
from node.exchange.statuses import StatusRow
from node.people.facets import Place

BATCH_ROWS_MAX: Final = 1_000
"""Rows in one transaction: what is lost when the power goes is at most this, and it is done again next time."""

TOWNS_REMEMBERED: Final = 16
"""Towns whose places are kept at hand; lists go town by town."""

Content = TypeVar("Content")


class Outcome(Enum):
    """What a row did to the ledger."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The ledger said exactly this already; nothing was written."""
    OLDER = "older"
    """The ledger knows something observed later; nothing was written."""


class Importer(Protocol):
    """What an import asks of the ledger. Each `put_` is one transaction with its audit entry, durable when it returns,
    and answers for each row of the batch in its order.
    """

    def places_of(self, municipality: str) -> Mapping[bytes, Place]:
        """All places known in a municipality, by subject."""

    def put_residents(self, batch: Sequence[ResidentRow]) -> Sequence[Outcome]:
        """Residents, found again by `municipal_key`. `protect` sets protection (秘匿); its absence never lifts any."""

    def put_places(self, batch: Sequence[PlaceRow]) -> Sequence[Outcome]:
        """Places by subject, written as they are."""

    def put_statuses(self, batch: Sequence[StatusRow]) -> Sequence[Outcome]:
        """The status of each row's `place.subject`; the place itself is known. OLDER where the ledger's head was
        observed later than the row; several rows of one place may come, in any order.
        """


def import_residents(rows: Iterable[Row[ResidentRow]], importer: Importer, report: Report) -> Report:
    """Takes a roster in. The same roster again changes nothing."""
    for batch in _batches(rows, report):
        batch.note(importer.put_residents(batch.taken) if batch.taken else ())
    return report


def import_places(rows: Iterable[Row[PlaceRow]], importer: Importer, report: Report) -> Report:
    """Takes a list of places in. The same list again changes nothing, nor do two lists in turn.

    What a list leaves open stays as it is known. A site of a town's own list that is plainly one with a national ID
    fills that entry's gaps, and never overwrites it.
    """
    known = _KnownPlaces(importer)
    for batch in _batches(rows, report):
        settled = [known.settle(row) for row in batch.taken]
        batch.note(importer.put_places(settled) if settled else ())
    return report


def import_statuses(rows: Iterable[Row[StatusRow]], importer: Importer, report: Report) -> Report:
    """Takes headcounts in, and the places they speak of where these are not known yet."""
    known = _KnownPlaces(importer)
    for batch in _batches(rows, report):
        new: list[PlaceRow] = []
        statuses = []
        for row in batch.taken:
            subject = known.find(row.place)
            if subject is None:
                new.append(row.place)
                known.remember(row.place)
            statuses.append(row if subject is None else _at(row, subject))
        if new:
            report.places_made += sum(outcome is Outcome.NEW for outcome in importer.put_places(new))
        batch.note(importer.put_statuses(statuses) if statuses else ())
    return report


class _Batch(Generic[Content]):
    """Some rows of a file in their order, the refused ones among them."""

    def __init__(self, rows: Sequence[Row[Content]], report: Report) -> None:
        self._rows = rows
        self._report = report
        self.taken = [row.content for row in rows if isinstance(row, RowTaken)]

    def __len__(self) -> int:
        return len(self._rows)

    def note(self, outcomes: Sequence[Outcome]) -> None:
        """Puts into the report, in the order of the file, what became of each row."""
        left = iter(outcomes)
        for row in self._rows:
            if isinstance(row, RowTaken):
                self._report.take(row, next(left).value)
            else:
                self._report.refuse(row)


class _KnownPlaces:
    """The places of the towns a list speaks of, as they stand after what was put so far."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer
        self._towns: OrderedDict[str, dict[bytes, Place]] = OrderedDict()

    def find(self, row: PlaceRow) -> bytes | None:
        """The subject under which the place is known: its own, or that of its national entry."""
        town = self._town(row.place.municipality)
        return row.subject if row.subject in town else national_entry(row.place, town)

    def settle(self, row: PlaceRow) -> PlaceRow:
        """The row as it is to be written, under the subject it is known by, if it is."""
        subject = self.find(row)
        town = self._town(row.place.municipality)
        if subject is None:
            settled = row
        elif subject == row.subject:
            settled = PlaceRow(subject, filled(row.place, town[subject]))
        else:
            settled = PlaceRow(subject, filled(town[subject], row.place))
        self.remember(settled)
        return settled

    def remember(self, row: PlaceRow) -> None:
        self._town(row.place.municipality)[row.subject] = row.place

    def _town(self, code: str) -> dict[bytes, Place]:
        if code not in self._towns:
            self._towns[code] = dict(self._importer.places_of(code))
            if len(self._towns) > TOWNS_REMEMBERED:
                self._towns.popitem(last=False)
        return self._towns[code]


def _at(row: StatusRow, subject: bytes) -> StatusRow:
    return replace(row, place=PlaceRow(subject, row.place.place))


def _batches(rows: Iterable[Row[Content]], report: Report) -> Iterator[_Batch[Content]]:
    rows = iter(rows)
    while batch := _Batch(list(islice(rows, BATCH_ROWS_MAX)), report):
        yield batch
