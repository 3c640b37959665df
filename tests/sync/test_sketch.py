"""A sketch depends on the set and on nothing else, and says the same on every machine."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sync.mapping import CELLS_MAX, Symbols, cells_of, checksum, checksums, shares, walk
from sync.sketch import COUNTED_CELLS, KEPT_CELLS, Cells, encode

WORDS = st.integers(0, 2**64 - 1)
SETS = st.sets(WORDS, max_size=60)
KEYS = st.sampled_from([0, 1, 2**63, 2**64 - 1])


def symbols(numbers: object) -> Symbols:
    return np.array(sorted(numbers), dtype=np.uint64)  # type: ignore[call-overload]


def chance(seed: int, size: int) -> Symbols:
    return np.random.default_rng(seed).integers(0, 2**64, size, dtype=np.uint64)


def same(one: Cells, other: Cells) -> bool:
    return one.to_bytes() == other.to_bytes() and one.counts_bytes() == other.counts_bytes()


def by_hand(some: Symbols, stop: int, key: int) -> Cells:
    """One symbol at a time, in whole numbers."""
    cells = Cells.empty(stop)
    for symbol in some.tolist():
        for cell in cells_of(symbol, max(stop, COUNTED_CELLS)):
            if cell < stop:
                cells.sums[cell] ^= np.uint64(symbol)
                cells.checks[cell] ^= np.uint32(checksum(symbol, key))
            if cell < COUNTED_CELLS:
                cells.counts[cell] = (int(cells.counts[cell]) + 1) % 65_536
    return cells


# --- mapping


@given(st.lists(WORDS, max_size=40), st.integers(0, 3_000))
@settings(deadline=None)
def test_many_symbols_fall_where_each_one_falls(numbers: list[int], stop: int) -> None:
    fallen: list[list[int]] = [[] for _ in numbers]
    for cells, positions in walk(np.array(numbers, dtype=np.uint64), stop):
        for cell, position in zip(cells.tolist(), positions.tolist(), strict=True):
            if cell < stop:
                fallen[position].append(cell)
    assert fallen == [cells_of(number, stop) for number in numbers]


def test_binary64_divides_as_whole_numbers_do_up_to_the_last_cell() -> None:
    some = chance(1, 300)
    assert same(encode(some, CELLS_MAX), by_hand(some, CELLS_MAX, 0))


@given(WORDS)
def test_a_symbol_is_in_the_first_cell_and_in_no_cell_twice(symbol: int) -> None:
    cells = cells_of(symbol, CELLS_MAX)
    assert cells[0] == 0
    assert all(before < after for before, after in pairwise(cells))


def test_a_symbol_falls_into_a_cell_with_the_chance_that_is_specified() -> None:
    counts = encode(chance(2, 60_000), COUNTED_CELLS).counts
    cell = np.arange(1, COUNTED_CELLS)
    expected = 60_000 * 8 * (cell + 1) / (2 * cell + 3) ** 2
    assert counts[0] == 60_000
    assert np.all(np.abs(counts[1:] - expected) < 5 * np.sqrt(expected))
    assert np.allclose(shares(cell) * 60_000, expected)


@given(st.lists(WORDS, min_size=1, max_size=40), WORDS)
@settings(deadline=None)
def test_many_checksums_are_those_of_each_one(numbers: list[int], key: int) -> None:
    many = checksums(np.array(numbers, dtype=np.uint64), key)
    assert many.tolist() == [checksum(number, key) for number in numbers]


def test_the_symbol_of_zeros_does_not_look_like_nothing() -> None:
    assert checksum(0, 0) != 0


# --- cells


@given(SETS, st.integers(0, 300), KEYS)
@settings(deadline=None)
def test_cells_hold_what_adding_by_hand_makes(numbers: set[int], stop: int, key: int) -> None:
    assert same(encode(symbols(numbers), stop, key=key), by_hand(symbols(numbers), stop, key))


def test_more_symbols_than_are_added_at_once() -> None:
    many = chance(3, 40_000)
    parts = encode(many[:1], 50)
    for first in range(1, len(many), 7_001):
        parts.toggle(many[first : first + 7_001])
    assert same(encode(many, 50), parts)


@given(SETS, st.integers(0, 400), st.integers(0, 400))
@settings(deadline=None)
def test_further_cells_are_those_of_the_longer_sketch(numbers: set[int], one: int, other: int) -> None:
    start, stop = sorted((one, other))
    whole = encode(symbols(numbers), stop)
    further = encode(symbols(numbers), stop, start=start)
    assert further.to_bytes() == whole.cut(start, stop).to_bytes()
    assert whole.cut(0, start).followed_by(further).to_bytes() == whole.to_bytes()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 80)), max_size=30), st.integers(1, 40))
@settings(deadline=None)
def test_kept_cells_equal_those_made_anew(changes: list[tuple[bool, int]], each: int) -> None:
    held: set[int] = set()
    kept = Cells.empty(200)
    for comes, first in changes:
        some = {number * number + 7 for number in range(first, first + each)}
        some = some - held if comes else some & held
        kept.toggle(symbols(some), 1 if comes else -1)
        held = held | some if comes else held - some
    assert same(kept, encode(symbols(held), 200))


@given(SETS, SETS, KEYS)
@settings(deadline=None)
def test_the_difference_of_sketches_is_the_sketch_of_the_difference(ours: set[int], theirs: set[int], key: int) -> None:
    apart = encode(symbols(ours), 150, key=key).minus(encode(symbols(theirs), 90, key=key))
    assert apart.to_bytes() == encode(symbols(ours ^ theirs), 90, key=key).to_bytes()
    signed = encode(symbols(ours - theirs), 90)
    signed.toggle(symbols(theirs - ours), -1)
    assert apart.counts_bytes() == signed.counts_bytes()


def test_counts_go_round_at_65_536() -> None:
    cells = Cells.empty(1)
    cells.toggle(symbols({5}), -1)
    assert cells.counts[0] == 65_535
    cells.toggle(chance(4, 65_540))
    assert cells.counts[0] == 3


# --- as they travel


@given(SETS, st.integers(0, 300))
@settings(deadline=None)
def test_cells_come_back_from_their_bytes(numbers: set[int], stop: int) -> None:
    cells = encode(symbols(numbers), stop)
    assert same(Cells.from_bytes(cells.to_bytes(), cells.counts_bytes()), cells)
    assert len(cells.to_bytes()) == 12 * stop


@pytest.mark.parametrize(
    ("cells", "counts"),
    [(b"1" * 13, b""), (b"1" * 12, b"1"), (b"1" * 12, b"1" * 258)],
    ids=["cut cell", "cut count", "too many counts"],
)
def test_bytes_that_are_no_cells_are_refused(cells: bytes, counts: bytes) -> None:
    with pytest.raises(ValueError, match="cells"):
        Cells.from_bytes(cells, counts)


@pytest.mark.parametrize(("start", "stop"), [(0, CELLS_MAX + 1), (2, 1), (-1, 5)])
def test_cells_out_of_range_are_refused(start: int, stop: int) -> None:
    with pytest.raises(ValueError, match="range"):
        Cells.empty(stop, start=start)


@pytest.mark.parametrize(("start", "stop", "counts"), [(0, 32, 128), (0, 2_048, 128), (32, 64, 0)])
def test_counts_go_with_the_first_cells_however_few(start: int, stop: int, counts: int) -> None:
    assert len(Cells.empty(KEPT_CELLS).cut(start, stop).counts) == counts
