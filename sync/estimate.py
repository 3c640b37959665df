"""Guesses from the first cells by how much two views differ, and says how many cells to ask for.

Counting empty cells alone is blind at first: 32 cells are all filled by a hundred differences as by a million. How far
the counts of the two sides lie apart is not: in a cell into which a symbol falls with chance p, d differences spread
them with the variance d p (1 - p) around p times the difference in size. The more cells there are, the more the empty
ones tell; both kinds of evidence are weighed together.
"""

import math

import numpy as np
from numpy.typing import NDArray

from sync.mapping import shares
from sync.sketch import CELLS_MAX, COUNTED_CELLS, Cells

Numbers = NDArray[np.float64]

_GUESS_STEP = 1.03
_BINS_PER_DOUBLING = 16
"""Cells are taken together where the chance of a symbol differs by 4 %."""


def enough_for(differences: int) -> int:
    """Cells that are enough for so many differences 19 times in 20."""
    return math.ceil(1.35 * differences + 3.1 * math.sqrt(differences) + 4)


def counts_beside(cells: int) -> int:
    """How many counts go with so many first cells: fewer where all of them would be a tenth of little.

    Beside few cells nothing is known yet, beside many the bytes do not matter; in between about a hundred records have
    come on one side, as a rule, and their number is known.
    """
    return 32 if COUNTED_CELLS < cells < 256 else COUNTED_CELLS


def ask_for(estimated: int, count_difference: int, had: int) -> int:
    """Up to which cell to ask, having `had` that do not decode; `had` itself: a sketch has no more.

    The first time the estimate is off by an eighth. Around a thousand differences a reserve that makes another question
    rare costs less than its round trip; above some thousands the reserve would cost more, and below a few hundred
    little is lost either way. With more cells than differences the empty ones have told the number.
    """
    differences = max(estimated, abs(count_difference))
    wanted = enough_for(differences)
    if had < differences:
        wanted += min(differences * differences // 2_900 - 10, 470 - differences // 8)
    return min(CELLS_MAX, max(wanted, had + had // 32 + 8))


def estimate(ours: Cells, theirs: Cells, count_difference: int) -> int:
    """How many symbols are in one of two views only, from their first cells and how much larger one of them is."""
    difference = ours.minus(theirs)
    least = max(1, abs(count_difference))
    steps = math.ceil(math.log(max(2.0, CELLS_MAX / least), _GUESS_STEP))
    guesses: Numbers = np.float64(least) * np.power(_GUESS_STEP, np.arange(steps, dtype=np.float64))
    likely = _by_counts(guesses, difference.counts, count_difference) + _by_empty_cells(guesses, difference)
    return round(float(guesses[np.argmax(likely)]))


def _by_counts(guesses: Numbers, counts: NDArray[np.uint16], count_difference: int) -> Numbers:
    """How likely each guess makes the counts. The first cell has every symbol and tells nothing."""
    chance = shares(np.arange(1, len(counts)))
    expected = chance * count_difference
    whole = np.floor(expected)
    wrapped = (counts[1:] - whole % 65_536) % 65_536
    apart = np.where(wrapped < 32_768, wrapped, wrapped - 65_536) - (expected - whole)
    spread = np.sum(apart**2 / (chance * (1 - chance)))
    likely: Numbers = -0.5 * (len(chance) * np.log(guesses) + spread / guesses)
    return likely


def _by_empty_cells(guesses: Numbers, difference: Cells) -> Numbers:
    """How likely each guess makes just these cells empty."""
    place = np.arange(len(difference))
    bins = np.floor(_BINS_PER_DOUBLING * np.log2(place + 2)).astype(np.intp)
    cells = np.bincount(bins).astype(np.float64)
    used = cells > 0
    cells = cells[used]
    empties = np.bincount(bins, (difference.sums == 0) & (difference.checks == 0))[used]
    chance = np.bincount(bins, shares(place))[used] / cells
    filled_with = guesses[:, np.newaxis] * chance
    likely: Numbers = np.log1p(-np.exp(-filled_with)) @ (cells - empties) - filled_with @ empties
    return likely
