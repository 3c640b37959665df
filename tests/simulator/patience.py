"""Ends what goes in circles, where it does: after so much of a processor's time, whatever else the machine is doing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

AGAIN_S: Final = 5
"""It is said again: the first time it may fall on deaf ears, as in a function that the database calls."""


class InCircles(BaseException):
    """It has taken too long. Nothing of the node may catch it."""


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """What is done within may take this much of the processor. Only in the first thread of a process."""
    before = signal.signal(signal.SIGVTALRM, _enough)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _enough(_signal: int, _frame: FrameType | None) -> None:
    raise InCircles
