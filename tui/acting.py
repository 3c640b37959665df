"""What a page was asked to do by a key and has not answered yet: what is typed after that key is for the answer."""

from typing import Final

from textual.worker import Worker

ACTS: Final = "acts"
"""The workers whose answer opens another screen, or leaves this one; those of other groups are waited for by nobody."""


class Acting:
    """What a screen is as well that can be under way to another one."""

    def __init__(self) -> None:
        super().__init__()
        self._unanswered: set[Worker[None]] = set()

    @property
    def is_acting(self) -> bool:
        """Whether keys are for what is still to come."""
        return bool(self._unanswered)

    def begin(self, worker: Worker[None]) -> None:
        """Notes what was begun, where keys shall wait for it."""
        if worker.group == ACTS:
            self._unanswered.add(worker)

    def end(self, worker: Worker[None]) -> None:
        """It was answered, or stopped."""
        self._unanswered.discard(worker)

    def let_go(self) -> None:
        """It takes too long: keys are for what is in front."""
        self._unanswered.clear()
