"""Looks for objects that are no longer needed while nobody types: in the middle of a key it takes 5 ms of its 30."""

import gc
from typing import Final

YOUNG, ALL = 1, 2
ALL_EVERY: Final = 300
"""So many sweeps of what is new, one a second, before one of everything; what was there at the start is never swept."""


class Sweeper:
    """Sweeps when told that nobody types; Python itself only where more than usual was made since."""

    def __init__(self) -> None:
        self._since_all = 0

    def sweep(self) -> None:
        """What has come since the last time; now and then all."""
        self._since_all += 1
        if self._since_all >= ALL_EVERY:
            self._since_all = 0
            gc.collect(ALL)
        else:
            gc.collect(YOUNG)
