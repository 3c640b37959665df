"""Says into which cells of a sketch a symbol falls and what its checksum is, alike on every machine.

Defined in whole numbers (SPECIFICATION 7.4). Here the division is done in binary64, which comes to the same: dividend
and divisor are whole numbers below 2^53, so a quotient that is not whole lies further below the next whole number than
it can be rounded.
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
_LIVE_SHARE = 0.75
"""Symbols that have left the sketch are carried along until they are so many that leaving them behind is cheaper."""


def checksums(symbols: Symbols, key: int) -> NDArray[np.uint32]:
    """Four bytes for each symbol; the key makes them another function in every conversation that has a salt."""
    keyed = symbols ^ np.uint64(key)
    keyed += np.uint64(CHECK)
    mix(keyed)
    return (keyed >> np.uint64(32)).astype(np.uint32)


def walk(symbols: Symbols, stop: int) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Cells below `stop` and positions of the symbols that fall into them, step by step; a step has each position once.

    A cell that equals `stop` means nothing: that symbol has left the sketch.
    """
    positions = np.arange(len(symbols), dtype=np.uint32)
    state = symbols.copy()
    last = np.full(len(symbols), 3 * 2.0**32)
    yield np.zeros(len(symbols), dtype=np.uint32), positions
    while len(positions):
        state += np.uint64(STEP)
        cells = np.minimum(_next(last, _larger_half(state)), stop)
        yield cells.astype(np.uint32), positions
        live = cells < stop
        if np.count_nonzero(live) <= _LIVE_SHARE * len(live):
            positions, state, cells = positions[live], state[live], cells[live]
        last = cells * 2.0**33 + 3 * 2.0**32


def mix(numbers: NDArray[np.uint64]) -> None:
    """SplitMix64's finisher, in place: every bit of a number decides about every bit of what comes out."""
    shifted = numbers >> np.uint64(30)
    numbers ^= shifted
    numbers *= np.uint64(0xBF58476D1CE4E5B9)
    np.right_shift(numbers, np.uint64(27), out=shifted)
    numbers ^= shifted
    numbers *= np.uint64(0x94D049BB133111EB)
    np.right_shift(numbers, np.uint64(31), out=shifted)
    numbers ^= shifted


def _larger_half(state: NDArray[np.uint64]) -> NDArray[np.float64]:
    """The larger 32 bits of each mixed number, at least 1: distributed as the root of an even chance."""
    mixed = state.copy()
    mix(mixed)
    halves = mixed.view(np.uint32)
    larger = np.maximum(halves[0::2], halves[1::2])
    return np.maximum(larger, 1).astype(np.float64)


def _next(last: NDArray[np.float64], larger: NDArray[np.float64]) -> NDArray[np.float64]:
    """((2i + 3) * 2^32 - m) // 2m, with `last` = (2i + 3) * 2^32."""
    dividend = last - larger
    larger *= 2
    dividend /= larger
    return np.floor(dividend, out=dividend)
