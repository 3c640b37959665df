"""The sketch of a view: cells to which symbols are added by XOR, so that sketches differ only by what views differ by.

A rateless IBLT (arXiv 2402.02668): the first cells of a longer sketch are the shorter sketch, so whoever cannot decode
asks for more cells and nothing is sent twice. Adding a symbol again takes it away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sync.mapping import CELLS_MAX, Symbols, checksums, walk

KEPT_CELLS = 2_048
"""Cells of a view that are kept by addition, enough for 1,400 differences; more are made from all symbols when asked."""

COUNTED_CELLS = 32
"""Cells that also say how many symbols are in them, for the estimate."""

CELL_BYTES = 12
COUNT_BYTES = 2
_AT_ONCE = 32_768
"""Symbols added together: their pairs of cell and position stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Consecutive cells of a sketch. The arrays belong to it; `toggle` changes them in place."""

    sums: NDArray[np.uint64]
    """XOR of the symbols in each cell."""
    checks: NDArray[np.uint32]
    """XOR of their checksums."""
    counts: NDArray[np.uint16]
    """How many symbols are in each of the cells below COUNTED_CELLS, modulo 2^16."""

    @classmethod
    def empty(cls, stop: int, *, start: int = 0) -> "Cells":
        """The cells from `start` to before `stop` of an empty view."""
        if not 0 <= start <= stop <= CELLS_MAX:
            raise ValueError("cells out of range")
        counted = max(0, min(stop, COUNTED_CELLS) - start)
        return cls(
            np.zeros(stop - start, dtype=np.uint64),
            np.zeros(stop - start, dtype=np.uint32),
            np.zeros(counted, dtype=np.uint16),
        )

    @classmethod
    def from_bytes(cls, cells: bytes, counts: bytes = b"") -> "Cells":
        """Cells as they travelled.

        Raises:
            ValueError: the bytes end within a cell or a count, or there are more counts than cells.
        """
        if (
            len(cells) % CELL_BYTES
            or len(counts) % COUNT_BYTES
            or len(counts) // COUNT_BYTES > len(cells) // CELL_BYTES
        ):
            raise ValueError("cells cut off")
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

    def counts_bytes(self) -> bytes:
        """The counts as they travel: 2 bytes each, big-endian."""
        return self.counts.astype(">u2").tobytes()

    def toggle(self, symbols: Symbols, sign: int = 1, *, start: int = 0, key: int = 0) -> None:
        """Add symbols (sign 1) or take them away (sign -1); `start` is the number of the first of these cells."""
        checks = checksums(symbols, key)
        stop = start + len(self)
        at_once = min(_AT_ONCE, 1 << (32 - stop.bit_length()))
        for first in range(0, len(symbols), at_once):
            some = slice(first, first + at_once)
            self._toggle(symbols[some], checks[some], sign, start)

    def _toggle(self, symbols: Symbols, checks: NDArray[np.uint32], sign: int, start: int) -> None:
        """Sorted by cell, the symbols of each cell stand together and are added up in one go."""
        stop = start + len(self)
        shift = np.uint32(32 - stop.bit_length())
        pairs = np.concatenate([cells << shift | positions for cells, positions in walk(symbols, stop)])
        pairs.sort()
        bounds = np.searchsorted(pairs, np.arange(start, stop + 1, dtype=np.uint32) << shift)
        filled = np.flatnonzero(bounds[1:] > bounds[:-1])
        if len(filled):
            members = pairs[bounds[0] : bounds[-1]] & np.uint32((1 << int(shift)) - 1)
            firsts = bounds[:-1][filled] - bounds[0]
            self.sums[filled] ^= np.bitwise_xor.reduceat(symbols[members], firsts)
            self.checks[filled] ^= np.bitwise_xor.reduceat(checks[members], firsts)
        many = np.diff(bounds[: len(self.counts) + 1]).astype(np.uint16)
        if sign > 0:
            np.add(self.counts, many, out=self.counts)
        else:
            np.subtract(self.counts, many, out=self.counts)

    def minus(self, other: "Cells") -> "Cells":
        """What remains when two sketches' first cells are laid over each other: the sketch of the difference."""
        length = min(len(self), len(other))
        counted = min(len(self.counts), len(other.counts))
        return Cells(
            self.sums[:length] ^ other.sums[:length],
            self.checks[:length] ^ other.checks[:length],
            self.counts[:counted] - other.counts[:counted],
        )

    def cut(self, start: int, stop: int) -> "Cells":
        """A copy of some of the cells, with their counts."""
        return Cells(self.sums[start:stop].copy(), self.checks[start:stop].copy(), self.counts[start:stop].copy())

    def followed_by(self, more: "Cells") -> "Cells":
        """These cells and the next ones."""
        return Cells(
            np.concatenate([self.sums, more.sums]),
            np.concatenate([self.checks, more.checks]),
            np.concatenate([self.counts, more.counts]),
        )


def encode(symbols: Symbols, stop: int, *, start: int = 0, key: int = 0) -> Cells:
    """The cells from `start` to before `stop` of the sketch of these symbols, each of which stands once."""
    cells = Cells.empty(stop, start=start)
    cells.toggle(symbols, start=start, key=key)
    return cells
