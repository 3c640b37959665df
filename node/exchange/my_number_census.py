"""Finds My Numbers (個人番号) in a file, so that they are kept out of the ledger (Rule 8-6(3))."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from node.exchange.table import Table
from node.people.my_number import is_my_number

_TWELVE: Final = re.compile(r"(?<![\d+])\d{4}([ \u3000\-‐‑–—−ー－]?)\d{4}\1\d{4}(?!\d)")
"""Twelve digits of any width, as one or as three groups of four; not part of a longer number, nor of a phone's +81."""

OWN_NUMBERING_MIN: Final = 20
"""So many twelve-digit values make a numbering whose share of valid check digits tells what it is."""

OWN_NUMBERING_SHARE_MAX: Final = 0.25
"""Of arbitrary twelve-digit numbers 1 in 11 has the check digit of a My Number; of My Numbers all have."""


class Census:
    """What was counted, column by column, over the whole of a file before anything is taken from it."""

    def __init__(self, table: Table, *, after: int) -> None:
        filled: Counter[int] = Counter()
        twelve: Counter[int] = Counter()
        valid: Counter[int] = Counter()
        self._any = table.any_line(_TWELVE.search)
        for line in table.lines(after=after) if self._any else ():
            for position, cell in enumerate(line.cells):
                if not cell:
                    continue
                filled[position] += 1
                if len(cell) >= 12 and _TWELVE.fullmatch(cell):
                    twelve[position] += 1
                    valid[position] += is_my_number(cell)
        self.columns = frozenset(at for at in valid if valid[at] * 2 > filled[at])
        """Columns of My Numbers: more than half of what is filled in is valid."""
        self.own_numberings = frozenset(
            at
            for at in twelve
            if twelve[at] >= OWN_NUMBERING_MIN
            and twelve[at] * 2 > filled[at]
            and valid[at] <= OWN_NUMBERING_SHARE_MAX * twelve[at]
        )
        """Columns of twelve-digit numbers that are the town's own: a valid one among them is so by chance."""

    def hidden_in(self, cells: Sequence[str]) -> frozenset[int]:
        """Positions of cells that hold a My Number though their column does not; empty for most rows."""
        if not self._any or not _TWELVE.search("\n".join(cells)):
            return frozenset()
        return frozenset(
            position
            for position, cell in enumerate(cells)
            if position not in self.columns and position not in self.own_numberings and holds_my_number(cell)
        )


def holds_my_number(text: str) -> bool:
    """Whether a valid My Number stands anywhere in the text."""
    return any(is_my_number(found[0]) for found in _TWELVE.finditer(text))
