"""What the steps of a session share: how they are written, how a frame is heard, what is counted. Pure."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from sync.effects import Counts, Effect, Receive
from sync.errors import LimitPassed, PeerRefused, PeerUnreachable, ProtocolBroken
from sync.frames import VIEWS, Frame, Goodbye, Greeting, Roster, Unknown
from sync.limits import FRAMES_IGNORED_MAX

Result = TypeVar("Result")
Heard = TypeVar("Heard", bound=Frame)

Steps = Generator[Effect, Any, Result]
"""A part of a session: yields effects, is handed their results, returns what it found out."""


class Line:
    """Hears the peer: frames of unknown kind are passed over, a goodbye ends the steps wherever it comes."""

    def __init__(self) -> None:
        self._ignored = 0

    def hear(self) -> Steps[Frame]:
        """The next frame that this version knows.

        Raises:
            PeerRefused: the peer has ended the conversation, if only because everything is done.
            PeerUnreachable: it went without a goodbye.
        """
        while True:
            frame: Frame | None = yield Receive()
            if frame is None:
                raise PeerUnreachable(cause="ended without goodbye")
            if isinstance(frame, Goodbye):
                raise PeerRefused(peer_reason=frame.reason)
            if not isinstance(frame, Unknown):
                return frame
            self._ignored += 1
            if self._ignored > FRAMES_IGNORED_MAX:
                raise LimitPassed(limit="FRAMES_IGNORED_MAX", got=self._ignored)

    def expect(self, kind: type[Heard], view: int | None = None) -> Steps[Heard]:
        """The next frame, which must be of this kind and speak of this view, or of any where none is given.

        Raises:
            ProtocolBroken: it is another.
        """
        frame = yield from self.hear()
        if not isinstance(frame, kind):
            raise ProtocolBroken(expected=kind.__name__, got=type(frame).__name__)
        if not isinstance(frame, Greeting | Roster | Goodbye | Unknown):
            speaks_of(frame.view, VIEWS if view is None else (view,))
        return frame


def speaks_of(view: int, views: tuple[int, ...]) -> None:
    """Refuse a frame that speaks of another view than the comparison at hand."""
    if view not in views:
        raise ProtocolBroken(rule="view", got=view)


@dataclass(slots=True)
class TalliedCounts:
    """`Counts` while they grow."""

    sent: int = 0
    received: int = 0
    new: int = 0
    withheld: int = 0
    quarantined_here: int = 0
    quarantined_there: int = 0

    def frozen(self) -> Counts:
        """As they stand now."""
        return Counts(self.sent, self.received, self.new, self.withheld, self.quarantined_here, self.quarantined_there)
