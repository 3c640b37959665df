"""Drives two sessions against each other in memory, frame by frame, and can cut the line between any two steps."""

from collections import deque
from dataclasses import dataclass, field
from random import Random

from sync.effects import Effect, Finished, Outcome, Receive, Rest, Send, Woken
from sync.errors import MoyaiError, PeerUnreachable
from sync.frames import Frame
from sync.ports import Peer, PeerBook
from sync.portside import Portside
from sync.session import Session
from sync.wire import frame_of, greeting_of, message_of


@dataclass
class Side:
    """One session with its node, and the frames on their way to it."""

    session: Session
    portside: Portside
    frame_bytes: int = 4_096
    arriving: deque[Frame | None] = field(default_factory=deque)
    sent: list[Frame] = field(default_factory=list)
    effect: Effect | None = None
    by_wire: bool = True
    """Whether frames are written and read on their way; False where a test forges what no wire could carry."""
    news: bool = False
    """Something was written here that the next rest hears of."""

    @property
    def outcome(self) -> Outcome | None:
        return self.effect.outcome if isinstance(self.effect, Finished) else None

    @property
    def stuck(self) -> bool:
        """Whether it can do nothing but wait for a frame."""
        if self.outcome is not None:
            return True
        return isinstance(self.effect, Receive | Rest) and not self.arriving and not self.wakes

    @property
    def wakes(self) -> bool:
        """Whether it rests, and will hear that something was written."""
        return self.news and isinstance(self.effect, Rest) and not self.arriving

    @property
    def rests(self) -> bool:
        """Whether it has nothing to do until something happens."""
        return isinstance(self.effect, Rest) and self.stuck

    def step(self, other: "Side") -> None:
        """Do one effect."""
        match self.effect:
            case None:
                self.effect = self.session.start()
            case Send(frame):
                self.sent.append(frame)
                other.arriving.append(frame_of(message_of(frame)) if self.by_wire else frame)
                self.effect = self.session.resume(None)
            case Rest() if self.wakes:
                self.news = False
                self.effect = self.session.resume(Woken.NEWS)
            case Receive() | Rest():
                self.effect = self.session.resume(self.arriving.popleft())
            case effect:
                try:
                    result = self.portside.answer(effect, frame_bytes=self.frame_bytes)
                except MoyaiError as error:
                    self.effect = self.session.fail(error)
                else:
                    self.effect = self.session.resume(result)

    def wake(self, why: Woken) -> None:
        """End its rest."""
        assert isinstance(self.effect, Rest), self.effect
        self.effect = self.session.resume(why)

    def hear(self, *frames: Frame | None) -> Outcome | None:
        """Let it hear these frames from somebody who says whatever he likes; its outcome, if it has come to one."""
        self.arriving.extend(frames)
        nobody = Side(self.session, self.portside)
        while not self.stuck:
            self.step(nobody)
        return self.outcome

    def said(self) -> list[Frame]:
        """What it has sent since this was asked last."""
        some, self.sent = self.sent, []
        return some

    def cut(self) -> None:
        """The line is gone."""
        if self.effect is None:
            self.effect = self.session.start()
        while self.outcome is None:
            self.effect = self.session.fail(PeerUnreachable())
        self.portside.close()


def session(book: PeerBook, *, dialled: bool, stays: bool = False) -> Session:
    """One town's side of a conversation; its salts are the same every time, and not the other side's."""
    return Session(
        greeting_of(book.greeting(Peer(b"", "000000"))), dialled=dialled, entropy=Random(dialled).randbytes, stays=stays
    )


def sides(dialler: PeerBook, called: PeerBook, *, stays: bool = False) -> tuple[Side, Side]:
    """Two towns about to talk."""
    stranger = Peer(b"", "000000")
    return (
        Side(session(dialler, dialled=True, stays=stays), Portside(dialler, stranger)),
        Side(session(called, dialled=False), Portside(called, stranger)),
    )


def run(one: Side, other: Side, *, steps_max: int | None = None, order: int = 0) -> bool:
    """Until neither can go on by itself, or so many steps; `order` varies who goes first. Whether it came to it."""
    taken = 0
    while not (one.stuck and other.stuck):
        if steps_max is not None and taken >= steps_max:
            return False
        turn = (order >> (taken % 16)) & 1
        side, across = (one, other) if turn == 0 else (other, one)
        if side.stuck:
            side, across = across, side
        side.step(across)
        taken += 1
    return True


def resting(dialler: PeerBook, called: PeerBook) -> tuple[Side, Side]:
    """A conversation that has come to rest; what was said so far is forgotten."""
    pair = sides(dialler, called, stays=True)
    run(*pair)
    assert pair[0].rests
    assert pair[1].rests
    for side in pair:
        side.said()
    return pair


def payload(frames: list[Frame]) -> int:
    """How many bytes these frames are."""
    return sum(len(message_of(frame).SerializeToString()) for frame in frames)


def converse(dialler: PeerBook, called: PeerBook, *, steps_max: int | None = None, order: int = 0) -> tuple[Side, Side]:
    """One conversation to its end, or until the line is cut after so many steps; `order` varies who goes first."""
    pair = sides(dialler, called)
    run(*pair, steps_max=steps_max, order=order)
    for side in pair:
        if side.outcome is None:
            assert steps_max is not None, "both sides wait for the other"
            side.cut()
    return pair
