"""The moments before the first screen: what is typed meanwhile waits for it unseen, and it is said that it starts."""

import gc
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

Answer = TypeVar("Answer")

LOOKED_THROUGH_EVERY: Final = 10_000
"""So many objects are made between two looks for those no longer needed: ten times as many as usual, while each key
makes thousands that go by themselves."""

_INPUT, _LOCAL, _CHARACTERS = 0, 3, 6
"""Where the flags of input, the local ones and the special characters stand in what `termios` says of a terminal."""

_UNHEARD_OF: Final = termios.ECHO | termios.ICANON | termios.IEXTEN
"""What a terminal does with keys unless a screen asks it not to. Ctrl+C goes on ending the command until then."""


class Hush:
    """A terminal that shows nothing of what is typed, and keeps every key as it is for whoever reads it next."""

    def __init__(self) -> None:
        self._terminal = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._terminal)

    def begin(self) -> None:
        """From now on."""
        hushed = termios.tcgetattr(self._terminal)
        hushed[_INPUT] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR)
        hushed[_LOCAL] &= ~_UNHEARD_OF
        hushed[_CHARACTERS][termios.VMIN], hushed[_CHARACTERS][termios.VTIME] = 1, 0
        termios.tcsetattr(self._terminal, termios.TCSANOW, hushed)

    def end(self) -> None:
        """As it was before."""
        termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)

    def lifted(self, ask: Callable[[], Answer]) -> Callable[[], Answer]:
        """The same question, asked of a terminal that is as it was before."""

        def asked() -> Answer:
            self.end()
            try:
                return ask()
            finally:
                self.begin()

        return asked


@contextmanager
def hushed() -> Iterator[Hush]:
    """The terminal, hushed until the block ends."""
    hush = Hush()
    hush.begin()
    try:
        yield hush
    finally:
        hush.end()


@contextmanager
def all_kept() -> Iterator[Callable[[], None]]:
    """While much is loaded, nothing is looked through for what is no longer needed: that takes a quarter of the start.

    Yields what is to be called once all is loaded: what there is by then stays, and is never looked through again.
    """
    gc.disable()

    def loaded() -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.set_threshold(LOOKED_THROUGH_EVERY)
            gc.enable()

    try:
        yield loaded
    finally:
        gc.enable()
