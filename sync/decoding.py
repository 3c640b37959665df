"""Finds the symbols of which a sketch was made, as long as they are few for its cells.

Peeling: a cell whose checksum is that of its sum holds one symbol; taken out of all its cells, it leaves others with
one. Cells may come from a liar, so every wave is checked, and both waves and symbols are bounded. What is found is
proved only by equal roots afterwards.
"""

import numpy as np
from numpy.typing import NDArray

from sync.errors import Undecodable
from sync.mapping import Symbols, checksums
from sync.sketch import Cells

WAVES_MAX = 500
"""Waves of peeling: 10,000 differences that only just decode take 105, a liar's chain as many as it has symbols."""


def decode(difference: Cells, key: int = 0) -> Symbols | None:
    """The symbols in which two views differ, ascending, each of one side or the other; None: more cells are needed.

    `difference` must begin with the first cell.

    Raises:
        Undecodable: the cells contradict each other; make both sketches anew from salted symbols.
    """
    left = Cells(difference.sums.copy(), difference.checks.copy(), np.zeros(0, dtype=np.uint16))
    found = np.zeros(0, dtype=np.uint64)
    for _ in range(WAVES_MAX):
        lone = _lone(left, key)
        if not len(lone):
            break
        symbols = np.unique(left.sums[lone])
        left.toggle(symbols, key=key)
        if left.sums[lone].any() or left.checks[lone].any():
            raise Undecodable(rule="a symbol in a cell that is not its own")
        found = np.concatenate([found, symbols])
        if len(found) > len(left):
            raise Undecodable(rule="more symbols than cells")
    known = np.unique(found)
    if len(known) < len(found):
        raise Undecodable(rule="a symbol twice")
    return None if left.sums.any() or left.checks.any() else known


def _lone(cells: Cells, key: int) -> NDArray[np.intp]:
    """The cells that hold one symbol each."""
    one = cells.checks == checksums(cells.sums, key)
    return np.flatnonzero(one & ((cells.sums != 0) | (cells.checks != 0)))
