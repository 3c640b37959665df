"""Notices that the wall clock was set back: what was decided by a time that has not come yet is decided again.

Views and holdings know when time alone changes a decision, but only for a clock that goes on. A node whose clock was a
year ahead has judged consents in force that are not, and let grants end that have not ended. What goes out is judged
once more at that moment and needs none of this; but views that are never judged again stay different for ever.
"""

from collections.abc import Callable
from typing import Final

from node.ledger import Ledger

SET_BACK_MS: Final = 300_000
"""By so much a clock may go back unnoticed: what is set right in small steps goes back by seconds."""

NOTED_EVERY_MS: Final = 60_000
"""How far the time may go on without being noted: a write a minute."""


class SetBack:
    """Looks at the clock beside what it has shown before."""

    def __init__(self, ledger: Ledger, *, now_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._now_ms = now_ms

    def look(self) -> bool:
        """Note the time. Returns whether the clock was set back since it was last noted."""
        now, latest = self._now_ms(), self._ledger.latest_ms()
        went_back = now < latest - SET_BACK_MS
        if went_back or now > latest + NOTED_EVERY_MS:
            with self._ledger.write() as writing:
                writing.note_time(now, set_back=went_back)
        return went_back
