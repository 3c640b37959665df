"""What the steps of a session share: how they are written, how a frame is heard, what is counted. Pure."""

from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sync.effects import Counts, Effect, Receive
from sync.errors import LimitPassed, PeerRefused, PeerUnreachable, ProtocolBroken
from sync.frames import VIEWS, Frame, Goodbye, News, OfView, Unknown
from sync.limits import FRAMES_IGNORED_MAX, SCANS_PER_CONVERSATION_MAX

Result = TypeVar("Result")
Heard = TypeVar("Heard", bound=Frame)

Steps = Generator[Effect, Any, Result]
"""A part of a session: yields effects, is handed their results, returns what it found out."""


class Line:
    """Hears the peer: frames of unknown kind are passed over, a goodbye ends the steps wherever it comes."""

    def __init__(self) -> None:
        self._ignored = 0
        self._held_back: Frame | None = None
        self.news = False
        """The peer has said that there is something new; whoever says hello takes it back."""

    def hear(self) -> Steps[Frame]:
        """The next frame that this version knows.

        Raises:
            PeerRefused: the peer has ended the conversation, if only because everything is done.
            PeerUnreachable: it went without a goodbye.
        """
        while True:
            frame, self._held_back = self._held_back, None
            if frame is None:
                frame = self.known((yield Receive()))
            if frame is not None:
                return frame

    def hear_or_news(self) -> Steps[Frame | None]:
        """The next frame; None where the other side has said, in place of an answer, that there is something new."""
        self.news = False
        while True:
            frame = self.known((yield Receive()))
            if frame is not None:
                return frame
            if self.news:
                return None

    def known(self, frame: Frame | None) -> Frame | None:
        """A frame that came: None where it is news, which is only noted, or of a kind that this version ignores."""
        if frame is None:
            raise PeerUnreachable(cause="ended without goodbye")
        if isinstance(frame, Goodbye):
            raise PeerRefused(peer_reason=frame.reason)
        if not isinstance(frame, Unknown | News):
            return frame
        self.news = self.news or isinstance(frame, News)
        self._ignored += 1
        if self._ignored > FRAMES_IGNORED_MAX:
            raise LimitPassed(limit="FRAMES_IGNORED_MAX", got=self._ignored)
        return None

    def rested(self) -> None:
        """A new turn begins: what is ignored is counted anew."""
        self._ignored = 0

    @property
    def has_held_back(self) -> bool:
        """Whether a frame was put back that nobody has heard again."""
        return self._held_back is not None

    def put_back(self, frame: Frame) -> None:
        """Hear this frame once more."""
        self._held_back = frame

    def expect(self, kind: type[Heard], view: int | None = None) -> Steps[Heard]:
        """The next frame, which must be of this kind and speak of this view, or of any where none is given.

        Raises:
            ProtocolBroken: it is another.
        """
        frame = yield from self.hear()
        if not isinstance(frame, kind):
            raise ProtocolBroken(expected=kind.__name__, got=type(frame).__name__)
        if isinstance(frame, OfView):
            speaks_of(frame.view, VIEWS if view is None else (view,))
        return frame


def speaks_of(view: int, views: tuple[int, ...]) -> None:
    """Refuse a frame that speaks of another view than the comparison at hand."""
    if view not in views:
        raise ProtocolBroken(rule="view", got=view)


class Scans:
    """How often the other side has made us look through a whole view."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self) -> None:
        """One more. Raises LimitPassed above SCANS_PER_CONVERSATION_MAX."""
        self._taken += 1
        if self._taken > SCANS_PER_CONVERSATION_MAX:
            raise LimitPassed(limit="SCANS_PER_CONVERSATION_MAX", got=self._taken)


@dataclass(slots=True)
class TalliedCounts:
    """`Counts` while they grow."""

    sent: int = 0
    received: int = 0
    new: int = 0
    withheld: int = 0
    quarantined_here: int = 0
    quarantined_there: int = 0
    to_send: int = 0
    to_come: int = 0

    def frozen(self) -> Counts:
        """As they stand now."""
        return Counts(**asdict(self))
