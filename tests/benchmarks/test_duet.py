"""What the benchmarks of the exchange count is what travels."""

from itertools import islice

from sync.effects import Woken
from sync.frames import DATA
from tests.benchmarks.duet import Duet
from tests.benchmarks.shelves import Shelf, ShelfNode, common_of_many, node_with
from tests.benchmarks.statements import statements


def two(here: int, there: int) -> tuple[ShelfNode, ShelfNode]:
    records = list(islice(statements(here + there), here + there))
    common = common_of_many(500)
    return node_with("here", Shelf(common, records[:here])), node_with("there", Shelf(common, records[here:]))


def test_both_sides_end_with_everything_and_each_record_travels_once() -> None:
    here, there = two(30, 20)
    spent = Duet(here, there).until_rest()
    assert here.shelves[DATA].root() == there.shelves[DATA].root()
    assert here.shelves[DATA].count == 550
    assert spent.records == 50
    assert spent.packed_bytes > 50 * 64  # a signature can't be compressed
    assert spent.round_trips >= 2


def test_equal_views_cost_a_hello_and_its_answer() -> None:
    spent = Duet(*two(0, 0)).until_rest()
    assert (spent.round_trips, spent.records, spent.packed_bytes) == (1, 0, 0)
    assert 0 < spent.overhead_bytes < 64


def test_a_resting_conversation_asks_for_one_round_trip_and_one_row_a_view() -> None:
    nodes = two(0, 0)
    duet = Duet(*nodes)
    duet.until_rest()
    before = [node.rows_read[DATA] for node in nodes]
    assert duet.wake(Woken.TIME).round_trips == 1
    assert [node.rows_read[DATA] for node in nodes] == [count + 1 for count in before]


def test_what_a_view_has_is_what_it_says_it_has() -> None:
    shelf = two(30, 0)[0].shelves[DATA]
    assert len(shelf.prefixes()) == shelf.count == 530
    assert len(shelf.ids()) == 32 * 530
    anew = Shelf(common_of_many(500), list(shelf.records.values())[::-1])
    assert anew.root() == shelf.root()
    assert anew.snapshot().cells.to_bytes() == shelf.snapshot().cells.to_bytes()
