"""A few first cells tell how many to ask for, and what is asked for is neither far too much nor often too little."""

import numpy as np
import pytest

from sync.decoding import decode
from sync.estimate import ask_for, counts_beside, enough_for, estimate
from sync.mapping import CELLS_MAX
from sync.sketch import CELL_BYTES, COUNTED_CELLS, Cells, encode

SEEDS = range(40)


def sides(ours: int, theirs: int, seed: int, stop: int) -> tuple[Cells, Cells]:
    both = np.random.default_rng(seed).integers(0, 2**64, ours + theirs, dtype=np.uint64)
    return encode(both[:ours], stop), encode(both[ours:], stop)


def estimates(ours: int, theirs: int, stop: int, counts: int) -> np.ndarray:
    found = []
    for seed in SEEDS:
        here, there = sides(ours, theirs, seed, stop)
        few = Cells(there.sums, there.checks, there.counts[:counts])
        found.append(estimate(here, few, ours - theirs))
    return np.array(found) / (ours + theirs)


def conversation(ours: int, theirs: int, seed: int) -> tuple[int, int]:
    """Bytes of cells, counts and wants, half of which are ours; and how often more cells were asked for."""
    most = 4 * (ours + theirs) + 200
    here, there = sides(ours, theirs, seed, most)
    had = max(32, enough_for(abs(ours - theirs)))
    first = Cells.from_bytes(there.cut(0, had).to_bytes(), there.counts_bytes(counts_beside(had)))
    asked = 0
    while (found := decode(here.cut(0, had).minus(there))) is None:
        known = first.followed_by(there.cut(len(first), had)) if asked else first
        had = ask_for(estimate(here.cut(0, had), known, ours - theirs), ours - theirs, had)
        asked += 1
    assert len(found) == ours + theirs
    return CELL_BYTES * had + len(first.counts_bytes()) + 8 * theirs, asked


# --- the estimate


@pytest.mark.parametrize(("ours", "theirs"), [(50, 50), (500, 500), (700, 300), (900, 1_100), (4_000, 4_000)])
def test_the_estimate_is_off_by_an_eighth_and_not_to_one_side(ours: int, theirs: int) -> None:
    found = estimates(ours, theirs, 32, COUNTED_CELLS)
    assert abs(float(np.mean(found)) - 1) < 0.08
    assert float(np.std(found)) < 0.17


def test_a_hundred_differences_are_not_taken_for_thousands() -> None:
    """Counting empty cells did: all 32 are full, and 22 kB were asked for."""
    for seed in SEEDS:
        here, there = sides(50, 50, seed, 32)
        assert not np.any(here.minus(there).sums == 0)
        asked = ask_for(estimate(here, there, 0), 0, 32)
        assert asked * CELL_BYTES < 3_200


def test_with_only_32_counts_the_estimate_is_worse_but_no_other() -> None:
    found = estimates(500, 500, 32, 32)
    assert abs(float(np.mean(found)) - 1) < 0.12
    assert float(np.std(found)) < 0.35


def test_empty_cells_sharpen_the_estimate_once_there_are_many() -> None:
    assert float(np.std(estimates(500, 500, 1_200, COUNTED_CELLS))) < 0.06


def test_without_counts_the_empty_cells_do() -> None:
    assert float(np.std(estimates(20, 20, 200, 0))) < 0.2


@pytest.mark.parametrize("apart", [1, 100, 20_000, 60_000])
def test_a_difference_on_one_side_is_at_least_the_difference_in_size(apart: int) -> None:
    here, there = sides(apart, 0, 1, 32)
    assert apart <= estimate(here, there, apart) < 1.3 * apart + 3
    assert apart <= estimate(there, here, -apart) < 1.3 * apart + 3


@pytest.mark.parametrize("count_difference", [0, 2**64, -(2**64)])
def test_whatever_a_liar_says_the_estimate_comes_and_asks_within_bounds(count_difference: int) -> None:
    noise = np.random.default_rng(3)
    lie = Cells.from_bytes(noise.bytes(12 * 500), noise.bytes(256))
    guess = estimate(Cells.empty(500), lie, count_difference)
    assert 500 < ask_for(guess, count_difference, 500) <= CELLS_MAX


def test_nothing_but_empty_cells_is_no_difference_to_speak_of() -> None:
    assert estimate(Cells.empty(32), Cells.empty(32), 0) == 1


# --- what is asked for


def test_more_is_asked_for_until_a_sketch_ends() -> None:
    had, asked = 32, 0
    while ask_for(1, 0, had) > had:
        had, asked = ask_for(1, 0, had), asked + 1
    assert had == CELLS_MAX
    assert asked < 400


@pytest.mark.parametrize("differences", [1, 10, 50, 100, 400, 1_000])
def test_enough_is_enough_19_times_in_20(differences: int) -> None:
    stop = max(32, enough_for(differences))
    decoded = [decode(sides(differences, 0, seed, stop)[0]) is not None for seed in SEEDS]
    assert np.mean(decoded) >= 0.9


def test_a_hundred_scattered_differences_cost_three_kilobytes() -> None:
    spent = np.array([conversation(50, 50, seed) for seed in SEEDS])
    assert np.mean(spent[:, 0] <= 3_000) >= 0.85
    assert np.mean(spent[:, 1] <= 1) >= 0.7
    assert np.max(spent[:, 1]) <= 5


@pytest.mark.parametrize(("ours", "theirs"), [(500, 500), (530, 470), (700, 300), (0, 1_000)])
def test_a_thousand_differences_cost_33_kilobytes_and_one_question_more(ours: int, theirs: int) -> None:
    spent = np.array([conversation(ours, theirs, seed) for seed in SEEDS])
    assert np.mean((spent[:, 0] <= 33_000) & (spent[:, 1] <= 1)) >= 0.9


def test_ten_thousand_scattered_differences_cost_240_kilobytes() -> None:
    spent = np.array([conversation(5_000, 5_000, seed) for seed in range(3)])
    assert np.max(spent[:, 0]) <= 240_000
