"""Headcounts over time: every report held of a shelter, and a town's sum as it was known at each moment.

Only the newest report of a place travels to others, so that what a node has received over time is the history it has.
A town hall has every report of its own; a prefecture has those that were the newest when the two spoke.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from node.desk.post import Post
from node.ledger import PlaceRow
from node.people.facets import Opening, Status, from_content
from node.records.kinds import STATUS

STALE_MS: Final = 24 * 3_600_000
"""A figure older than this at a moment says how things were, not how they are."""

PLACES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Reported:
    """One report of one shelter."""

    at_ms: int
    """When it was seen."""
    headcount: int | None
    """None: it was not counted, which is not 0."""
    opening: int


@dataclass(frozen=True, slots=True)
class Summed:
    """What was known of several shelters at one moment at which something was seen."""

    at_ms: int
    people: int
    """Of the shelters counted within STALE_MS before."""
    counted: int
    """How many shelters that is."""
    stale: int
    """People by figures that were older then, of shelters nobody had said to be closed. Not in `people`."""
    stale_shelters: int


@dataclass(frozen=True, slots=True)
class Trend:
    """One shelter over time."""

    name: str
    capacity: int | None
    reports: tuple[Reported, ...]
    """The oldest first."""


@dataclass(frozen=True, slots=True)
class SumTrend:
    """The shelters of a town, or of all towns, over time."""

    municipality: str
    """"" for all."""
    capacity: int | None
    """Of the shelters in the sum whose capacity is known; None: of none."""
    shelters: int
    """How many of them ever reported a figure."""
    moments: tuple[Summed, ...]
    """The oldest first."""


class Trends:
    """The history of reports as far as this node holds it."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def of(self, place: bytes) -> Trend:
        """One shelter.

        Raises:
            PlaceUnknown: this node knows no such place.
        """
        row = self._post.site(place)
        return Trend(row.name, row.capacity, tuple(reports(self._statuses([row])[place])))

    def of_town(self, municipality: str = "") -> SumTrend:
        """The sum of a town's shelters; "": of all shelters held."""
        rows = [
            row
            for row in self._post.ledger.places(municipality or None, limit=PLACES_MAX)
            if row.observed_at_ms is not None
        ]
        by_place = {place: reports(said) for place, said in self._statuses(rows).items()}
        counted = [row for row in rows if any(each.headcount is not None for each in by_place[row.subject])]
        known = [row.capacity for row in counted if row.capacity is not None]
        moments = tuple(sums([by_place[row.subject] for row in counted]))
        return SumTrend(municipality, sum(known) if known else None, len(counted), moments)

    def _statuses(self, rows: Iterable[PlaceRow]) -> dict[bytes, list[Status]]:
        held = self._post.ledger.about_many([row.subject for row in rows])
        return {
            place: [
                said
                for one in records
                if one.record.facet == STATUS and one.counts
                if isinstance(said := from_content(STATUS, one.record.content), Status)
            ]
            for place, records in held.items()
        }


def reports(statuses: Iterable[Status]) -> list[Reported]:
    """One shelter's reports by when they were seen; of several of one moment the one with a figure."""
    by_time: dict[int, Reported] = {}
    for status in statuses:
        before = by_time.get(status.observed_at_ms)
        if before is None or before.headcount is None:
            headcount = 0 if status.headcount is None and status.opening == Opening.CLOSED else status.headcount
            by_time[status.observed_at_ms] = Reported(status.observed_at_ms, headcount, int(status.opening))
    return [by_time[at_ms] for at_ms in sorted(by_time)]


def sums(shelters: Iterable[list[Reported]]) -> list[Summed]:
    """At every moment at which something was seen: the newest figures by then, fresh and stale apart. A closed shelter
    holds nobody and is not in either."""
    seen = sorted(
        ((report.at_ms, number, report) for number, history in enumerate(shelters) for report in history),
        key=lambda each: each[:2],
    )
    newest: dict[int, Reported] = {}
    summed: list[Summed] = []
    for place, (at_ms, number, report) in enumerate(seen):
        if report.headcount is not None:
            newest[number] = report
        if place + 1 < len(seen) and seen[place + 1][0] == at_ms:
            continue
        opened = [each for each in newest.values() if each.opening != Opening.CLOSED]
        fresh = [each for each in opened if at_ms - each.at_ms <= STALE_MS]
        stale = [each for each in opened if at_ms - each.at_ms > STALE_MS]
        summed.append(Summed(at_ms, _people(fresh), len(fresh), _people(stale), len(stale)))
    return summed


def _people(figures: list[Reported]) -> int:
    return sum(each.headcount or 0 for each in figures)
