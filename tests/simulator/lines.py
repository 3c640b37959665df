"""Conversations between machines, one effect at a time: frames take their time, lines are cut, whoever waits waits.

Two ends of one conversation see a cut each in their own time: an end hears of it when it next sends or has heard all
that had arrived. Frames under way when the line is cut are lost.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from moyai.v1 import exchange_pb2
from sync.effects import Counts, Effect, Finished, Outcome, Receive, Rest, Send, Woken
from sync.errors import MoyaiError, PeerSilent, PeerUnreachable
from sync.frames import Frame, Goodbye
from sync.limits import SILENCE_S_MAX
from sync.ports import Peer
from sync.portside import Portside
from sync.session import Session
from sync.wire import frame_of, greeting_of, message_of
from tests.simulator.machine import Machine

SILENCE_MS: Final = SILENCE_S_MAX * 1000


@dataclass(slots=True)
class Watch:
    """Who is told of what happens on a line."""

    now_ms: Callable[[], int]
    answered: Callable[["End", Effect, object], None]
    """A node has answered what a session asked of it."""
    rested: Callable[["End", Outcome], None]
    """It has come to rest."""
    ended: Callable[["End", Outcome], None]


@dataclass(eq=False, slots=True)
class End:
    """One side of a conversation."""

    machine: Machine
    session: Session
    portside: Portside
    dialled: bool
    frame_bytes: int
    arriving: deque[tuple[int, bytes | None]] = field(default_factory=deque)
    """Frames as they travel, each with when it arrives; None: the other side has ended."""
    effect: Effect | None = None
    waits_since_ms: int | None = None
    news_from: int = 0
    """Up to which sequence number of the machine this end has been told that there is something new."""
    told: Counts | None = None
    """What had been moved when it last came to rest."""

    @property
    def outcome(self) -> Outcome | None:
        return self.effect.outcome if isinstance(self.effect, Finished) else None


@dataclass(eq=False, slots=True)
class Conversation:
    """Two ends and the line between them."""

    number: int
    ends: tuple[End, End]
    delay_ms: int
    """How long a frame is under way."""
    watch: Watch
    cut: bool = False
    tampered: bool = False
    """Somebody has put frames on the line twice: either end may say that the protocol is broken."""
    resumes_ms: int = 0
    """Nothing happens on it before."""

    @property
    def over(self) -> bool:
        """Whether both ends have finished."""
        return all(end.outcome is not None for end in self.ends)

    def other(self, end: End) -> End:
        """The other end."""
        return self.ends[1] if end is self.ends[0] else self.ends[0]

    def ready(self, end: End) -> bool:
        """Whether this end can do anything now."""
        if end.outcome is not None or not end.machine.alive or self.watch.now_ms() < self.resumes_ms:
            return False
        if not isinstance(end.effect, Receive | Rest) or self.cut or self._heard(end):
            return True
        return self._woken(end) is not None if isinstance(end.effect, Rest) else self._waited(end, SILENCE_MS)

    def step(self, end: End) -> None:
        """Do one effect of one end."""
        effect = end.effect
        match effect:
            case None:
                after = end.session.start()
            case Send(frame):
                after = self._send(end, frame)
            case Receive() | Rest():
                after = self._receive(end)
            case _:
                after = self._answer(end, effect)
        end.effect = after
        end.waits_since_ms = self.watch.now_ms() if isinstance(after, Receive | Rest) else None
        if isinstance(after, Rest) and after.outcome.counts != end.told:
            end.told = after.outcome.counts
            self.watch.rested(end, after.outcome)
        if isinstance(after, Finished):
            self._finish(end, after.outcome)

    def break_off(self) -> None:
        """The line is cut: what is under way is lost."""
        self.cut = True
        now = self.watch.now_ms()
        for end in self.ends:
            end.arriving = deque(frame for frame in end.arriving if frame[0] <= now)

    def repeat(self, end: End, index: int) -> None:
        """Put a frame that is under way to this end on the line a second time."""
        end.arriving.insert(index, end.arriving[index])
        self.tampered = True

    def lose(self, machine: Machine) -> None:
        """The process at one end has died: that end is no more, and the line with it."""
        for end in self.ends:
            if end.machine is machine and end.outcome is None:
                end.effect = Finished(Outcome("DIED", said_by_peer=False, counts=Counts()))
        self.break_off()

    def _send(self, end: End, frame: Frame) -> Effect:
        other = self.other(end)
        if self.cut or not other.machine.alive:
            return end.session.fail(PeerUnreachable())
        if other.outcome is not None:
            said = self._last_words(end)
            return end.session.fail(PeerUnreachable()) if said is None else end.session.hang_up(said.reason)
        travelling = message_of(frame).SerializeToString()
        other.arriving.append((self.watch.now_ms() + self.delay_ms, travelling))
        return end.session.resume(None)

    def _receive(self, end: End) -> Effect:
        if self._heard(end):
            travelled = end.arriving.popleft()[1]
            return end.session.resume(None if travelled is None else _opened(travelled))
        if self.cut:
            return end.session.fail(PeerUnreachable())
        woken = self._woken(end) if isinstance(end.effect, Rest) else None
        if woken is None or (woken is Woken.TIME and not end.dialled):
            return end.session.fail(PeerSilent(seconds=SILENCE_S_MAX))
        end.news_from = end.machine.ledger.newest_seq()
        return end.session.resume(woken)

    def _answer(self, end: End, effect: Effect) -> Effect:
        try:
            result = end.portside.answer(effect, frame_bytes=end.frame_bytes)
        except MoyaiError as error:
            return end.session.fail(error)
        self.watch.answered(end, effect, result)
        return end.session.resume(result)

    def _finish(self, end: End, outcome: Outcome) -> None:
        end.portside.close()
        self.other(end).arriving.append((self.watch.now_ms() + self.delay_ms, None))
        self.watch.ended(end, outcome)

    def _heard(self, end: End) -> bool:
        return bool(end.arriving) and end.arriving[0][0] <= self.watch.now_ms()

    def _woken(self, end: End) -> Woken | None:
        """Why a rest ends, if it does: something was written on this machine, or time is up."""
        assert isinstance(end.effect, Rest)
        if end.machine.ledger.newest_seq() != end.news_from:
            return Woken.NEWS
        most = SILENCE_MS if not end.dialled or end.effect.seconds is None else int(end.effect.seconds * 1000)
        return Woken.TIME if self._waited(end, most) else None

    def _waited(self, end: End, most_ms: int) -> bool:
        return end.waits_since_ms is not None and self.watch.now_ms() - end.waits_since_ms > most_ms

    def _last_words(self, end: End) -> Goodbye | None:
        frames = [_opened(travelled) for _, travelled in end.arriving if travelled is not None]
        return next((frame for frame in frames if isinstance(frame, Goodbye)), None)


@dataclass(frozen=True, slots=True)
class LineManner:
    """How a conversation is held."""

    delay_ms: int
    frame_bytes: int
    """About how much goes into one frame."""
    stays: bool
    """Whether it rests when everything is settled, rather than end."""


def dial(
    number: int, dialler: Machine, called: Machine, peer: Peer, *, manner: LineManner, watch: Watch
) -> Conversation | None:
    """A line from one machine to another; None: whoever is called does not know the certificate shown."""
    caller = called.book.caller(dialler.tls)
    if caller is None:
        return None
    ends = (_end(dialler, peer, manner, dialled=True), _end(called, caller, manner, dialled=False))
    return Conversation(number, ends, manner.delay_ms, watch)


def _end(machine: Machine, peer: Peer, manner: LineManner, *, dialled: bool) -> End:
    session = Session(
        greeting_of(machine.book.greeting()),
        dialled=dialled,
        entropy=machine.entropy,
        stays=manner.stays and dialled,
    )
    return End(machine, session, Portside(machine.book, peer), dialled, manner.frame_bytes)


def _opened(travelled: bytes) -> Frame:
    return frame_of(exchange_pb2.Frame.FromString(travelled))
