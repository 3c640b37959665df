"""What is decoded is the difference, and a liar's cells cost a bounded number of steps."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sync.decoding import WAVES_MAX, decode
from sync.errors import Undecodable
from sync.estimate import enough_for
from sync.mapping import Symbols, cells_of, checksum, walk
from sync.sketch import Cells, encode

WORDS = st.integers(0, 2**64 - 1)
SETS = st.sets(WORDS, max_size=80)


def chance(seed: int, size: int) -> Symbols:
    return np.random.default_rng(seed).integers(0, 2**64, size, dtype=np.uint64)


def decoded(ours: Symbols, theirs: Symbols, key: int = 0) -> Symbols:
    """The difference from as few cells as suffice, asked for in steps."""
    stop = 8
    while True:
        found = decode(encode(ours, stop, key=key).minus(encode(theirs, stop, key=key)), key)
        if found is not None:
            return found
        stop += stop // 2
        assert stop < 4 * (len(ours) + len(theirs)) + 64, "never decodes"


# --- against brute force


@pytest.mark.parametrize("common", [0, 1_000])
@pytest.mark.parametrize(("ours", "theirs"), [(0, 0), (1, 0), (0, 1), (1, 1), (30, 0), (0, 300), (150, 150), (400, 7)])
def test_what_either_side_has_alone_is_found(common: int, ours: int, theirs: int) -> None:
    both, here, there = chance(1, common), chance(2, ours), chance(3, theirs)
    found = decoded(np.concatenate([both, here]), np.concatenate([there, both]))
    assert found.tolist() == sorted([*here.tolist(), *there.tolist()])


@pytest.mark.parametrize("hundred", range(4))
def test_hundreds_of_sizes(hundred: int) -> None:
    for size in range(100 * hundred, 100 * hundred + 100, 2):
        here, there = chance(size, size // 2), chance(size + 10_000, size - size // 2)
        assert decoded(here, there).tolist() == sorted([*here.tolist(), *there.tolist()])


@given(SETS, SETS, st.sampled_from([0, 12345, 2**64 - 1]))
@settings(deadline=None, max_examples=200)
def test_the_set_difference_is_found_whatever_the_symbols(ours: set[int], theirs: set[int], key: int) -> None:
    found = decoded(np.array(sorted(ours), np.uint64), np.array(sorted(theirs), np.uint64), key)
    assert found.tolist() == sorted(ours ^ theirs)


@given(SETS, st.integers(0, 120))
@settings(deadline=None)
def test_too_few_cells_say_that_more_are_needed_and_nothing_wrong(numbers: set[int], stop: int) -> None:
    found = decode(encode(np.array(sorted(numbers), np.uint64), stop + 1))
    assert found is None or found.tolist() == sorted(numbers)


def test_ten_thousand_differences_need_less_than_one_and_a_half_cells_each() -> None:
    many = chance(5, 10_000)
    assert decode(encode(many, 13_900)) is not None
    assert decode(encode(many, 13_000)) is None
    assert enough_for(10_000) < 13_900


def test_the_cells_that_were_given_are_left_as_they_are() -> None:
    cells = encode(chance(6, 40), 100)
    before = cells.to_bytes()
    decode(cells)
    assert cells.to_bytes() == before


# --- what a liar may send


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_never_decode(seed: int) -> None:
    cells = Cells.from_bytes(np.random.default_rng(seed).bytes(12 * 3_000))
    assert decode(cells) is None


def lone(symbol: int) -> bytes:
    return symbol.to_bytes(8, "big") + checksum(symbol, 0).to_bytes(4, "big")


def test_a_symbol_in_a_cell_that_is_not_its_own_is_a_contradiction() -> None:
    elsewhere = next(symbol for symbol in range(100) if 1 not in cells_of(symbol, 8))
    with pytest.raises(Undecodable, match="not its own"):
        decode(Cells.from_bytes(bytes(12) + lone(elsewhere) + 6 * bytes(12)))


def test_a_symbol_that_comes_back_is_a_contradiction() -> None:
    """One cell does not hold a symbol that the others hold: taking it out of all puts it there, and so on."""
    some = chance(12, 3)
    cells = encode(some, 64)
    cells.sums[0] ^= some[0]
    cells.checks[0] ^= np.uint32(checksum(int(some[0]), 0))
    with pytest.raises(Undecodable, match="more symbols than cells"):
        decode(cells)


def test_a_different_symbol_alone_in_every_cell_is_a_contradiction() -> None:
    with pytest.raises(Undecodable):
        decode(Cells.from_bytes(b"".join(lone(symbol) for symbol in range(2_000))))


def test_a_symbol_alone_in_all_cells_is_a_contradiction() -> None:
    with pytest.raises(Undecodable):
        decode(Cells.from_bytes(lone(77) * 2_000))


def test_another_key_makes_nothing_of_the_cells() -> None:
    assert decode(encode(chance(8, 50), 200, key=1), key=2) is None


def chain(length: int) -> Cells:
    """A liar's cells: a symbol stands alone only after the one before was taken out, and the last contradicts."""
    stop = 2_000
    pool = chance(9, 40_000)
    in_cells: dict[int, list[int]] = {}
    for cells, positions in walk(pool, stop):
        for cell, position in zip(cells.tolist(), positions.tolist(), strict=True):
            in_cells.setdefault(cell, []).append(position)
    bent = Cells.from_bytes(np.random.default_rng(7).bytes(12 * stop))
    gone = Cells.empty(stop)
    pivot, pivots = 1_000, {1_000}
    for _ in range(length):
        symbol, further = next(
            (int(pool[position]), cell)
            for position in in_cells[pivot]
            if not pivots - {pivot} & set(cells := cells_of(int(pool[position]), stop))
            for cell in cells
            if cell > 300 and cell not in pivots
        )
        one = np.array([symbol], dtype=np.uint64)
        bent.sums[pivot] = gone.sums[pivot] ^ one[0]
        bent.checks[pivot] = gone.checks[pivot] ^ np.uint32(checksum(symbol, 0))
        gone.toggle(one)
        pivot = further
        pivots.add(pivot)
    alien = next(symbol for symbol in range(100) if pivot not in cells_of(symbol, stop))
    bent.sums[pivot] = gone.sums[pivot] ^ np.uint64(alien)
    bent.checks[pivot] = gone.checks[pivot] ^ np.uint32(checksum(alien, 0))
    return bent


def test_a_chain_of_single_symbols_is_followed_only_so_far() -> None:
    with pytest.raises(Undecodable):
        decode(chain(40))
    assert decode(chain(WAVES_MAX)) is None


def test_two_records_that_begin_alike_cancel_each_other_and_leave_the_rest() -> None:
    """The roots still differ: that, and not the sketch, finds them."""
    twins = np.array([99, 99], dtype=np.uint64)
    others = chance(10, 20)
    found = decode(encode(np.concatenate([twins, others]), 64))
    assert found is not None
    assert found.tolist() == sorted(others.tolist())


@given(st.binary(max_size=12 * 40), SETS)
@settings(deadline=None)
def test_cells_with_anything_added_end_without_a_wrong_answer(noise: bytes, numbers: set[int]) -> None:
    cells = encode(np.array(sorted(numbers), np.uint64), 60)
    bent = cells.to_bytes()
    mask = noise.ljust(len(bent), b"\0")[: len(bent)]
    changed = Cells.from_bytes(bytes(one ^ other for one, other in zip(bent, mask, strict=True)))
    try:
        found = decode(changed)
    except Undecodable:
        return
    if found is not None:
        assert encode(found, 60).to_bytes() == changed.to_bytes()
