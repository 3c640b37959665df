"""What the steps of a session share: how they are written, how a frame is heard, what is counted. Pure."""

from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sync.effects import Counts, Effect, Receive
from sync.errors import LimitPassed, PeerRefused, PeerUnreachable, ProtocolBroken
from sync.frames import VIEWS, Frame, Goodbye, News, OfView, Unknown
from sync.limits import FRAMES_IN_VAIN_MAX, RECORDS_PER_SCAN, SCANS_PER_CONVERSATION_MAX

Result = TypeVar("Result")
Heard = TypeVar("Heard", bound=Frame)

Steps = Generator[Effect, Any, Result]
"""A part of a session: yields effects, is handed their results, returns what it found out."""


class Line:
    """Hears the peer: frames of unknown kind are passed over, a goodbye ends the steps wherever it comes."""

    def __init__(self) -> None:
        self._in_vain = 0
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

    def known(self, frame: Frame | None) -> Frame | None:
        """A frame that came: None where it is news, which is only noted, or of a kind that this version ignores."""
        if frame is None:
            raise PeerUnreachable(cause="ended without goodbye")
        if isinstance(frame, Goodbye):
            raise PeerRefused(peer_reason=frame.reason)
        if not isinstance(frame, Unknown | News):
            return frame
        self.news = self.news or isinstance(frame, News)
        self.in_vain()
        return None

    def in_vain(self) -> None:
        """The other side has made us do something that has led to nothing, as far as is known yet.

        Raises:
            LimitPassed: it has done so FRAMES_IN_VAIN_MAX times in a row.
        """
        self._in_vain += 1
        if self._in_vain > FRAMES_IN_VAIN_MAX:
            raise LimitPassed(limit="FRAMES_IN_VAIN_MAX", got=self._in_vain)

    def worthwhile(self) -> None:
        """Records have moved, or the views were found equal: what leads to nothing is counted anew."""
        self._in_vain = 0

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
    """How often the other side has made us go through a whole view. In a conversation of a day records earn more."""

    def __init__(self, counts: "TalliedCounts") -> None:
        self._counts = counts
        self._taken = 0

    def take(self) -> None:
        """One more. Raises LimitPassed above SCANS_PER_CONVERSATION_MAX and one for RECORDS_PER_SCAN moved."""
        self._taken += 1
        earned = (self._counts.sent + self._counts.new) // RECORDS_PER_SCAN
        if self._taken > SCANS_PER_CONVERSATION_MAX + earned:
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
    looked_closer: int = 0

    @property
    def moved(self) -> int:
        """Records that went either way."""
        return self.sent + self.received

    def frozen(self) -> Counts:
        """As they stand now."""
        return Counts(**asdict(self))
