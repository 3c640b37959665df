"""How far a long act is, said on the screen at every tenth: a slow line is repainted seldom."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tui.base import Answer, Page

TENTH = 10


class Tenths:
    """Hears in the worker how far it is, and has the page say it."""

    def __init__(self, page: Page[Any], tell: Callable[[int], object]) -> None:
        """`tell` is given the percentage, on the page's own thread."""
        self._page = page
        self._tell = tell
        self._told = 0

    def __call__(self, done: int, total: int) -> None:
        """So much is done."""
        tenths = done * TENTH // total if total else 0
        if tenths > self._told:
            self._told = tenths
            self._page.post_message(Answer(partial(self._tell, tenths * TENTH)))
