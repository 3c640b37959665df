"""Conversations between machines, one effect at a time: frames take their time, lines are cut, whoever waits waits.

Two ends of one conversation see a cut each in their own time: an end hears of it when it next sends or has heard all
that had arrived. Frames under way when the line is cut are lost.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from moyai.v1 import exchange_pb2
from sync.effects import Counts, Effect, Finished, Outcome, Receive, Send
from sync.errors import MoyaiError, PeerSilent, PeerUnreachable
from sync.frames import Goodbye
from sync.kept import KeptRoots
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
        if not isinstance(end.effect, Receive) or self.cut or self._heard(end):
            return True
        return self._silent(end)

    def step(self, end: End) -> None:
        """Do one effect of one end."""
        effect = end.effect
        match effect:
            case None:
                after = end.session.start()
            case Send(frame):
                after = self._send(end, frame)
            case Receive():
                after = self._receive(end)
            case _:
                after = self._answer(end, effect)
        end.effect = after
        end.waits_since_ms = self.watch.now_ms() if isinstance(after, Receive) else None
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

    def _send(self, end: End, frame: object) -> Effect:
        other = self.other(end)
        if self.cut or not other.machine.alive:
            return end.session.fail(PeerUnreachable())
        if other.outcome is not None:
            said = self._last_words(end)
            return end.session.fail(PeerUnreachable()) if said is None else end.session.hang_up(said.reason)
        travelling = message_of(frame).SerializeToString()  # type: ignore[arg-type]
        other.arriving.append((self.watch.now_ms() + self.delay_ms, travelling))
        return end.session.resume(None)

    def _receive(self, end: End) -> Effect:
        if self._heard(end):
            travelled = end.arriving.popleft()[1]
            return end.session.resume(None if travelled is None else _opened(travelled))
        if self.cut:
            return end.session.fail(PeerUnreachable())
        assert self._silent(end)
        return end.session.fail(PeerSilent(seconds=SILENCE_S_MAX))

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

    def _silent(self, end: End) -> bool:
        return end.waits_since_ms is not None and self.watch.now_ms() - end.waits_since_ms > SILENCE_MS

    def _last_words(self, end: End) -> Goodbye | None:
        frames = [_opened(travelled) for _, travelled in end.arriving if travelled is not None]
        return next((frame for frame in frames if isinstance(frame, Goodbye)), None)


def dial(
    number: int, dialler: Machine, called: Machine, peer: Peer, *, delay_ms: int, frame_bytes: int, watch: Watch
) -> Conversation | None:
    """A line from one machine to another; None: whoever is called does not know the certificate shown."""
    caller = called.book.caller(dialler.tls)
    if caller is None:
        return None
    ends = (
        _end(dialler, peer, dialled=True, frame_bytes=frame_bytes),
        _end(called, caller, dialled=False, frame_bytes=frame_bytes),
    )
    return Conversation(number, ends, delay_ms, watch)


def _end(machine: Machine, peer: Peer, *, dialled: bool, frame_bytes: int) -> End:
    session = Session(greeting_of(machine.book.greeting()), dialled=dialled)
    return End(machine, session, Portside(machine.book, peer, KeptRoots()), dialled, frame_bytes)


def _opened(travelled: bytes) -> object:
    return frame_of(exchange_pb2.Frame.FromString(travelled))

