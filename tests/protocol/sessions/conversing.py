"""One conversation between two real nodes in memory: what either side said, and where it left both."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from moyai.v1 import exchange_pb2
from node.installation import Installation
from sync.effects import Finished, Rest, Woken
from sync.errors import Stopping
from sync.frames import VIEWS, Frame
from sync.ports import Peer
from sync.portside import Portside
from sync.session import Session
from sync.wire import frame_of, greeting_of, message_of
from tests.builders.couriers import Side

DIALLER, CALLED = "D", "A"
"""As the vectors of sessions have it: who dialled, who answered."""

Said = list[tuple[str, bytes]]
Tamper = Callable[[str, Frame], Frame]
Result = dict[str, object]


def honest(_said_by: str, frame: Frame) -> Frame:
    """The frame as it was said."""
    return frame


@dataclass(slots=True)
class Recorder:
    """Two nodes in conversation, each frame written down as it travels."""

    dialler: Side
    called: Side
    tamper: Tamper = honest
    said: Said = field(default_factory=list)

    def to_its_end(self) -> None:
        """Until neither can go on by itself."""
        while not (self.dialler.stuck and self.called.stuck):
            if self.dialler.stuck:
                self._step(CALLED, self.called, self.dialler)
            else:
                self._step(DIALLER, self.dialler, self.called)

    def wake(self, by: str) -> None:
        """Something was written on one side while both rested."""
        side = self.dialler if by == DIALLER else self.called
        side.wake(Woken.NEWS)
        self.to_its_end()

    def part(self, by: str) -> None:
        """One side is told to stop."""
        side = self.dialler if by == DIALLER else self.called
        assert isinstance(side.effect, Rest)
        side.effect = side.session.fail(Stopping())
        self.to_its_end()

    def _step(self, name: str, side: Side, other: Side) -> None:
        before = len(side.sent)
        side.step(other)
        for frame in side.sent[before:]:
            other.arriving.pop()
            travelling = message_of(self.tamper(name, frame)).SerializeToString(deterministic=True)
            self.said.append((name, travelling))
            other.arriving.append(read(travelling))
        if isinstance(side.effect, Finished) and not isinstance(other.effect, Finished):
            side.portside.close()


def side_of(node: Installation, peer: Peer, *, dialled: bool, seed: int, stays: bool = False) -> Side:
    """A node about to converse with a peer it knows by its certificate."""
    book = node.book()
    greeting = greeting_of(book.greeting(peer))
    session = Session(greeting, dialled=dialled, entropy=Random(seed).randbytes, stays=stays)
    return Side(session, Portside(book, peer))


def peer_of(node: Installation, tls_certificate: bytes) -> Peer:
    """Who shows this certificate, as the node's roster says."""
    found = node.book().caller(tls_certificate)
    assert found is not None, "the roster of the recording names both"
    return found


def result_of(node: Installation, side: Side) -> Result:
    """How a conversation ended for one side, and where it has left its views of the other."""
    assert side.outcome is not None, "it has not come to its end"
    counts = side.outcome.counts
    outbox = node.book().outbox(side.portside.peer)
    return {
        "reason": str(side.outcome.reason),
        "sent": counts.sent,
        "received": counts.received,
        "new": counts.new,
        "quarantined_here": counts.quarantined_here,
        "quarantined_there": counts.quarantined_there,
        "looked_closer": counts.looked_closer,
        "roots": [outbox.standing(view).root.hex() for view in VIEWS],
    }


def read(travelled: bytes) -> Frame:
    """A frame as it came."""
    return frame_of(exchange_pb2.Frame.FromString(travelled))


def kind_of(travelled: bytes) -> str:
    """What a frame is called in the schema."""
    return exchange_pb2.Frame.FromString(travelled).WhichOneof("step") or ""
