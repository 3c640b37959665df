"""The sketch of a view: cells to which symbols are added by XOR, so that sketches differ only by what views differ by.

A rateless IBLT (arXiv 2402.02668): the first cells of a longer sketch are the shorter sketch, so whoever cannot decode
asks for more cells and nothing is sent twice. Adding a symbol again takes it away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sync.mapping import CELLS_MAX, Symbols, cells_of, checksum, checksums, walk

__all__ = ["CELLS_MAX", "CELL_BYTES", "COUNTED_CELLS", "COUNT_BYTES", "KEPT_CELLS", "Cells", "Symbols", "encode"]

KEPT_CELLS = 2_048
"""Cells of a view that are kept by addition, enough for 1,400 differences; more are made from all symbols."""

COUNTED_CELLS = 128
"""Of so many first cells it is also kept how many symbols they hold, for the estimate."""

CELL_BYTES = 12
COUNT_BYTES = 2
_AT_ONCE = 16_384
"""Symbols added together: their pairs of cell and position stay in the processor's cache."""
_FEW = 16
"""So many symbols are faster added one by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Consecutive cells of a sketch, with counts if they are the first. `toggle` changes the arrays in place."""

    sums: NDArray[np.uint64]
    """XOR of the symbols in each cell."""
    checks: NDArray[np.uint32]
    """XOR of their checksums."""
    counts: NDArray[np.uint16]
    """How many symbols are in each of the first cells, modulo 2^16; there may be more counts here than cells."""

    @classmethod
    def empty(cls, stop: int, *, start: int = 0) -> "Cells":
        """The cells from `start` to before `stop` of an empty view."""
        if not 0 <= start <= stop <= CELLS_MAX:
            raise ValueError("cells out of range")
        return cls(
            np.zeros(stop - start, dtype=np.uint64),
            np.zeros(stop - start, dtype=np.uint32),
            np.zeros(0 if start else COUNTED_CELLS, dtype=np.uint16),
        )

    @classmethod
    def from_bytes(cls, cells: bytes, counts: bytes = b"") -> "Cells":
        """Cells as they travelled.

        Raises:
            ValueError: the bytes end within a cell or a count, or are more than a sketch has.
        """
        if len(cells) % CELL_BYTES or len(counts) % COUNT_BYTES:
            raise ValueError("cells cut off")
        if len(cells) > CELLS_MAX * CELL_BYTES or len(counts) > COUNTED_CELLS * COUNT_BYTES:
            raise ValueError("cells out of range")
        read = np.frombuffer(cells, dtype=[("sum", ">u8"), ("check", ">u4")])
        return cls(
            read["sum"].astype(np.uint64),
            read["check"].astype(np.uint32),
            np.frombuffer(counts, dtype=">u2").astype(np.uint16),
        )

    def __len__(self) -> int:
        return len(self.sums)

    def to_bytes(self) -> bytes:
        """The cells as they travel: 8 bytes of sum and 4 of checksum each, big-endian."""
        written = np.empty(len(self), dtype=[("sum", ">u8"), ("check", ">u4")])
        written["sum"], written["check"] = self.sums, self.checks
        return written.tobytes()

    def counts_bytes(self, most: int = COUNTED_CELLS) -> bytes:
        """The first so many counts as they travel: 2 bytes each, big-endian."""
        return self.counts[:most].astype(">u2").tobytes()

    def toggle(self, symbols: Symbols, sign: int = 1, *, start: int = 0, key: int = 0) -> None:
        """Add symbols (sign 1) or take them away (sign -1); `start` is the number of the first of these cells."""
        if len(symbols) <= _FEW:
            for symbol in symbols.tolist():
                self._toggle_one(symbol, sign, start, key)
            return
        checks = checksums(symbols, key)
        bits = max(start + len(self), len(self.counts)).bit_length()
        at_once = min(_AT_ONCE, 1 << (32 - bits))
        for first in range(0, len(symbols), at_once):
            some = slice(first, first + at_once)
            self._toggle(symbols[some], checks[some], sign, start)

    def _toggle(self, symbols: Symbols, checks: NDArray[np.uint32], sign: int, start: int) -> None:
        """Sorted by cell, the symbols of each cell stand together and are added up in one go."""
        stop = max(start + len(self), len(self.counts))
        shift = np.uint32(32 - stop.bit_length())
        pairs = np.concatenate([cells << shift | positions for cells, positions in walk(symbols, stop)])
        pairs.sort()
        bounds = np.searchsorted(pairs, np.arange(start, stop + 1, dtype=np.uint32) << shift)
        many = np.diff(bounds)
        filled = np.flatnonzero(many[: len(self)])
        if len(filled):
            first, last = bounds[0], bounds[len(self)]
            members = pairs[first:last] & np.uint32((1 << int(shift)) - 1)
            starts = bounds[filled] - first
            self.sums[filled] ^= np.bitwise_xor.reduceat(symbols[members], starts)
            self.checks[filled] ^= np.bitwise_xor.reduceat(checks[members], starts)
        np.add(self.counts, sign * many[: len(self.counts)], out=self.counts, casting="unsafe")

    def _toggle_one(self, symbol: int, sign: int, start: int, key: int) -> None:
        cells = np.array(cells_of(symbol, max(start + len(self), len(self.counts))))
        here = cells[(cells >= start) & (cells < start + len(self))] - start
        self.sums[here] ^= np.uint64(symbol)
        self.checks[here] ^= np.uint32(checksum(symbol, key))
        counted = cells[cells < len(self.counts)]
        np.add.at(self.counts, counted, np.uint16(sign % 65_536))

    def minus(self, other: "Cells") -> "Cells":
        """What remains when the first cells of two sketches are laid over each other: the sketch of the difference."""
        length = min(len(self), len(other))
        counted = min(len(self.counts), len(other.counts))
        return Cells(
            self.sums[:length] ^ other.sums[:length],
            self.checks[:length] ^ other.checks[:length],
            self.counts[:counted] - other.counts[:counted],
        )

    def cut(self, start: int, stop: int) -> "Cells":
        """A copy of some of the cells; the counts go with the first."""
        counts = self.counts[: 0 if start else COUNTED_CELLS]
        return Cells(self.sums[start:stop].copy(), self.checks[start:stop].copy(), counts.copy())

    def followed_by(self, more: "Cells") -> "Cells":
        """These cells and the next ones."""
        return Cells(
            np.concatenate([self.sums, more.sums]), np.concatenate([self.checks, more.checks]), self.counts.copy()
        )


def encode(symbols: Symbols, stop: int, *, start: int = 0, key: int = 0) -> Cells:
    """The cells from `start` to before `stop` of the sketch of these symbols, each of which stands once."""
    cells = Cells.empty(stop, start=start)
    cells.toggle(symbols, start=start, key=key)
    return cells
