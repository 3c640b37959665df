"""The first 8 bytes of very many ids, sorted, 8 bytes each: whether one is among them is found in a microsecond."""

from collections.abc import Iterable, Sequence

import numpy as np

from node.ledger.sums import symbols_of
from sync.mapping import Symbols


class Prefixes:
    """Sorted prefixes, to which more come in bulk."""

    def __init__(self, ids: Iterable[bytes]) -> None:
        self._sorted: Symbols = np.sort(symbols_of(ids))

    def among(self, ids: Sequence[bytes]) -> list[bool]:
        """Of each id, whether its prefix is here."""
        if not len(self._sorted):
            return [False] * len(ids)
        places = np.searchsorted(self._sorted, asked := symbols_of(ids))
        places[places == len(self._sorted)] = 0
        found: list[bool] = (self._sorted[places] == asked).tolist()
        return found

    def add(self, ids: Iterable[bytes]) -> None:
        """Sorts these in with the rest."""
        self._sorted = np.sort(np.concatenate((self._sorted, symbols_of(ids))), kind="stable")
