"""What two nodes spend to find out what the other lacks, beside Negentropy V1 with the same records.

Two real sessions speak to each other in memory (`duet.py`). Counted is every frame from the greetings to the rest, less
the packed records themselves; round trips are counted to the proof that both views are equal. For Negentropy the
messages alone are counted: neither its transport, nor the records, nor a proof.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from statistics import median_low

from sync.effects import Woken
from sync.envelope import SealedRecord
from sync.frames import DATA
from sync.pace import FRAME_BYTES_MOST
from tests.benchmarks.duet import Duet, Spent
from tests.benchmarks.negentropy import REFERENCE, TUNED, Moved, Negentropy, reconcile
from tests.benchmarks.report import Line
from tests.benchmarks.shelves import Shelf, common_of_many, node_with, nothing
from tests.benchmarks.statements import clocks_of_differing, clocks_of_many, ids_of_many, statements

COMMON, COMMON_QUICK = 1_000_000, 5_000
DRAWS, DRAWS_QUICK = 15, 1
"""Every reconciliation is done with so many sets of records, and the middle one told: how many symbols it takes to
decode is a matter of luck."""
EMPTY_NODE = 100_000
QUICK_DIVISOR = 50
"""By how much less of everything is moved where it must be quick."""


@dataclass(frozen=True, slots=True)
class Case:
    """Who has what, and what it may cost."""

    name: str
    calls: int
    """Records that only the side that calls has."""
    called: int
    """Records that only the side that is called has."""
    bytes_most: int
    fewer: tuple[int, int] = (40, 12)
    """By what the bytes must be fewer than Negentropy's: at its reference settings, and tuned; 0: no goal."""
    recent: bool = False
    """Written in the last ten minutes; else spread over ten days."""
    together: int = 1
    """So many were written at one moment, which suits ranges."""
    waiting: bool = True
    """Whether each side knows that the other lacks them."""
    round_trips_most: int = 0
    cpu_ms_most: int = 0


CASES = (
    Case("100 recent", 50, 50, 3_000, (0, 0), recent=True, round_trips_most=3),
    Case("1,000 scattered", 500, 500, 33_000, round_trips_most=3, cpu_ms_most=50),
    Case("10,000 scattered", 5_000, 5_000, 240_000),
    Case("4,000 consented, by the caller", 4_000, 0, 105_000),
    Case("4,000 consented, five at a time", 4_000, 0, 105_000, (0, 0), together=5),
    Case("4,000 consented, by the called", 0, 4_000, 105_000),
    Case("5,000 lost by a restore", 0, 5_000, 130_000, (1, 1), recent=True, waiting=False),
)


def measure(*, quick: bool) -> Iterator[Line]:
    """Both ways of reconciling views of a million, then a node that has nothing yet."""
    world = World(COMMON_QUICK if quick else COMMON, DRAWS_QUICK if quick else DRAWS, quick=quick)
    yield from world.in_sync()
    yield from world.pushed_ahead()
    for case in CASES:
        yield from world.case(case)
    yield from empty_node(EMPTY_NODE // QUICK_DIVISOR if quick else EMPTY_NODE, quick=quick)


class World:
    """What both sides have in common, as the exchange and as Negentropy keep it."""

    def __init__(self, count: int, draws: int, *, quick: bool) -> None:
        self._draws = draws
        self._quick = quick
        self._common = common_of_many(count)
        self._ranges = ranges_of_many(count)

    def in_sync(self) -> Iterator[Line]:
        """A resting conversation asks whether anything is owed."""
        dialler, called = (node_with(name, Shelf(self._common)) for name in ("dialler", "called"))
        duet = Duet(dialler, called)
        duet.until_rest()
        before = dialler.rows_read[DATA] + called.rows_read[DATA]
        spent = duet.wake(Woken.TIME)
        rows = dialler.rows_read[DATA] + called.rows_read[DATA] - before
        ours = spent.overhead_bytes
        yield Line("exchange: in sync", ours, "B", "<= 32 B", ours <= 32)
        yield Line("exchange: in sync, round trips", spent.round_trips, "", "1", spent.round_trips == 1)
        yield Line("exchange: in sync, rows a side reads", rows / 2, "", "1 a view", rows == 2)
        yield from self._beside("in sync", ours, (self._ranges, self._ranges), (10, 0))

    def pushed_ahead(self) -> Iterator[Line]:
        """A hundred records are written while the conversation rests."""
        name = "100 recent, the line open"
        count = 100 // QUICK_DIVISOR if self._quick else 100
        dialler, called = (node_with(name, Shelf(self._common)) for name in ("dialler", "called"))
        duet = Duet(dialler, called)
        duet.until_rest()
        dialler.shelves[DATA].put(islice(statements(count), count), waiting=True)
        spent = duet.wake(Woken.NEWS)
        assert called.shelves[DATA].root() == dialler.shelves[DATA].root()
        yield Line(f"exchange: {name}", spent.overhead_bytes, "B", "<= 3,000 B", spent.overhead_bytes <= 3_000)
        yield Line(f"exchange: {name}, round trips", spent.round_trips, "", "1", spent.round_trips == 1)

    def case(self, case: Case) -> Iterator[Line]:
        """One case, so many times, the middle one told; Negentropy with the last of them."""
        calls, called = (-(-count // QUICK_DIVISOR) if self._quick else count for count in (case.calls, case.called))
        costs: list[Spent] = []
        for draw in range(self._draws if calls + called < 2_000 else 1):
            records = list(islice(statements(calls + called, seed=draw), calls + called))
            costs.append(self._conversation(case, records[:calls], records[calls:]))
        ours = median_low(one.overhead_bytes for one in costs)
        goal = f"<= {case.bytes_most:,} B"
        most = max(one.overhead_bytes for one in costs)
        of_how_many = f"the middle one of {len(costs)}; the dearest: {most:,} B" if len(costs) > 1 else ""
        yield Line(f"exchange: {case.name}", ours, "B", goal, ours <= case.bytes_most, None, of_how_many)
        yield from self._other_goals(case, costs)
        sides = sides_of(self._ranges, records, calls, recent=case.recent, together=case.together)
        yield from self._beside(case.name, ours, sides, case.fewer, differing=len(records))

    def _conversation(self, case: Case, calls: list[SealedRecord], called: list[SealedRecord]) -> Spent:
        shelves = [Shelf(self._common, own, waiting=case.waiting) for own in (calls, called)]
        spent = Duet(node_with("dialler", shelves[0]), node_with("called", shelves[1])).until_rest()
        assert shelves[0].root() == shelves[1].root()
        assert shelves[0].count == len(self._common.ids) + len(calls) + len(called)
        return spent

    def _other_goals(self, case: Case, costs: list[Spent]) -> Iterator[Line]:
        if case.round_trips_most:
            trips = median_low(one.round_trips for one in costs)
            goal = f"<= {case.round_trips_most}"
            met = trips <= case.round_trips_most
            yield Line(f"exchange: {case.name}, round trips", trips, "", goal, met)
        if case.cpu_ms_most:
            cpu_ms = median_low(1000 * one.cpu_s for one in costs)
            goal = f"<= {case.cpu_ms_most} ms"
            yield Line(f"exchange: {case.name}, both CPUs", cpu_ms, "ms", goal, cpu_ms <= case.cpu_ms_most)

    def _beside(
        self, name: str, ours: int, sides: tuple[Negentropy, Negentropy], fewer: tuple[int, int], *, differing: int = 0
    ) -> Iterator[Line]:
        """How many times as much Negentropy needs."""
        for settings, called, goal in zip((REFERENCE, TUNED), ("as published", "tuned"), fewer, strict=True):
            moved: Moved = reconcile(*(side.tuned(settings) for side in sides))
            assert len(moved.found.have) + len(moved.found.need) == differing
            ratio = moved.bytes / ours
            against = f"Negentropy {called}: {moved.bytes:,} B, {moved.round_trips} round trips"
            met = ratio >= goal or self._quick
            yield Line(f"exchange: {name}, beside", ours, "B", f">= {goal}x fewer" if goal else "", met, ratio, against)


@cache
def ranges_of_many(count: int) -> Negentropy:
    """What both sides have, as Negentropy keeps it; kept for the benchmarks of one run."""
    return Negentropy(zip(clocks_of_many(count).tolist(), map(bytes, ids_of_many(count)), strict=True))


def sides_of(
    both: Negentropy, records: list[SealedRecord], calls: int, *, recent: bool, together: int = 1
) -> tuple[Negentropy, Negentropy]:
    """Two participants, of whom the first alone has the first so many of these records, and the second the others."""
    clocks = clocks_of_differing(len(records), recent=recent, together=together)
    clocked = [(clock, record.id) for clock, record in zip(clocks, records, strict=True)]
    return both.with_more(clocked[:calls]), both.with_more(clocked[calls:])


def empty_node(count: int, *, quick: bool) -> Iterator[Line]:
    """A node with nothing calls one that has everything it may have."""
    full = Shelf(nothing(), _statements(count))
    empty = Shelf(nothing())
    spent = Duet(node_with("empty", empty), node_with("full", full), frame_bytes=FRAME_BYTES_MOST).until_rest()
    assert empty.root() == full.root()
    assert spent.records == count
    asked = spent.overhead_bytes - spent.moving_bytes
    whole = (spent.overhead_bytes + spent.packed_bytes) / count
    bodies = sum(len(record.body) + len(record.signature) for record in full.records.values()) / count
    yield Line("exchange: to an empty node", asked, "B", "<= 64 B", asked <= 64)
    yield Line(
        "exchange: to an empty node, a record",
        whole,
        "B",
        "<= 160 B",
        whole <= 160 or quick,
        bodies / whole,
        f"body and signature, unpacked: {bodies:,.0f} B",
    )


def _statements(count: int) -> Iterable[SealedRecord]:
    return islice(statements(count), count)
