"""Says into which cells of a sketch a symbol falls and what its checksum is, alike on every machine.

Defined in whole numbers (SPECIFICATION 7.4), as `cells_of` reads. For many symbols at once the division is done in
binary64, which comes to the same: dividend and divisor are whole numbers and the dividend is below 2^53, so a quotient
that is not whole is never rounded up to the next whole number.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Symbols = NDArray[np.uint64]
"""The first 8 bytes of record ids, or of salted ids, as big-endian numbers."""

CELLS_MAX = 1_048_576
"""A sketch has no more cells than this: above it the division would not be exact. Enough for 700,000 differences."""

STEP = 0x9E3779B97F4A7C15
CHECK = 0xD1B54A32D192ED03
FIRST_FACTOR = 0xBF58476D1CE4E5B9
SECOND_FACTOR = 0x94D049BB133111EB
_WORD = 2**64 - 1
_AHEAD = 8
"""Steps whose chances are drawn together: few calls for few symbols, little in vain for many."""


def cells_of(symbol: int, stop: int) -> list[int]:
    """The cells below `stop` into which one symbol falls, ascending; every symbol is in cell 0."""
    cells = []
    cell, state = 0, symbol
    while cell < stop:
        cells.append(cell)
        state = (state + STEP) & _WORD
        chance = mixed(state)
        larger = max(chance >> 32, chance & 0xFFFFFFFF, 1)
        cell = (((2 * cell + 3) << 32) - larger) // (2 * larger)
    return cells


def checksum(symbol: int, key: int) -> int:
    """Four bytes; the key makes them another function in every conversation that has a salt."""
    return mixed(((symbol ^ key) + CHECK) & _WORD) >> 32


def mixed(number: int) -> int:
    """SplitMix64's finisher: every bit of the number decides about every bit of what comes out."""
    number = ((number ^ number >> 30) * FIRST_FACTOR) & _WORD
    number = ((number ^ number >> 27) * SECOND_FACTOR) & _WORD
    return number ^ number >> 31


def walk(symbols: Symbols, stop: int) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """`cells_of` for many symbols: cells, and the positions of the symbols that fall into them, step by step.

    A cell that equals `stop` means nothing: that symbol has left the sketch.
    """
    positions = np.arange(len(symbols), dtype=np.uint32)
    yield np.zeros(len(symbols), dtype=np.uint32), positions
    state = symbols
    last = np.full(len(symbols), 3 * 2.0**32)
    while len(positions):
        for larger in _chances(state):
            np.subtract(last, larger, out=last)
            last /= larger
            last *= 0.5
            np.floor(last, out=last)
            np.minimum(last, stop, out=last)
            cells = last.astype(np.uint32)
            yield cells, positions
            last *= 2.0**33
            last += 3 * 2.0**32
        live = cells < stop
        positions, last = positions[live], last[live]
        state = state[live] + np.uint64(_AHEAD * STEP & _WORD)


def shares(cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of all symbols that falls into each of these cells, about 2 / (i + 2); the first has all."""
    shares: NDArray[np.float64] = 1 - ((2 * cells + 1) / (2 * cells + 3)) ** 2
    return shares


def checksums(symbols: Symbols, key: int) -> NDArray[np.uint32]:
    """`checksum` for many symbols."""
    keyed = symbols ^ np.uint64(key)
    keyed += np.uint64(CHECK)
    _mix(keyed)
    return (keyed >> np.uint64(32)).astype(np.uint32)


def _chances(state: NDArray[np.uint64]) -> NDArray[np.float64]:
    """For each of the next steps and each symbol the larger half of a mixed number: the root of an even chance."""
    steps = np.arange(1, _AHEAD + 1, dtype=np.uint64) * np.uint64(STEP)
    chances = state + steps[:, np.newaxis]
    _mix(chances)
    halves = chances.view(np.uint32)
    larger = np.maximum(halves[:, 0::2], halves[:, 1::2])
    return np.maximum(larger, 1).astype(np.float64)


def _mix(numbers: NDArray[np.uint64]) -> None:
    """`mixed` for many numbers, in place."""
    shifted = numbers >> np.uint64(30)
    numbers ^= shifted
    numbers *= np.uint64(FIRST_FACTOR)
    np.right_shift(numbers, np.uint64(27), out=shifted)
    numbers ^= shifted
    numbers *= np.uint64(SECOND_FACTOR)
    np.right_shift(numbers, np.uint64(31), out=shifted)
    numbers ^= shifted
