"""Asks the node while a key is handled, and waits for the answer for no longer than nobody notices."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")

AT_ONCE_S: Final = 0.03
"""So long a letter may wait for its answer, to be painted with it: two frames of a screen."""


class Asker:
    """One thread, so that what it read for the last question serves the next; of those that wait, only the newest."""

    def __init__(self, at_once_s: float = AT_ONCE_S) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="asker")
        self._at_once_s = at_once_s
        self.last: Future[Any] | None = None
        """What was asked last."""

    def ask(self, question: Callable[[], T]) -> Future[T]:
        """Ask; what was asked before and has not been begun is not asked any more."""
        if self.last is not None:
            self.last.cancel()
        asked = self._thread.submit(question)
        self.last = asked
        return asked

    def has_answered(self, asked: Future[Any]) -> bool:
        """Whether the answer, or an error in its place, is there within a blink."""
        try:
            asked.exception(self._at_once_s)
        except TimeoutError:
            return asked.done()
        return True

    def close(self) -> None:
        """Ask nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)
