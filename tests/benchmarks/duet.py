"""Holds a conversation between two real sessions in memory, and counts what it would cost on a line.

Every frame is serialised and read again, as on the wire. A frame that leaves takes half a round trip: each side has a
clock in halves, which a frame that arrives later pulls along.
"""

import time
from collections import deque
from dataclasses import dataclass, field

from moyai.v1 import exchange_pb2
from sync.effects import (
    CheckGreeting,
    Effect,
    FetchMore,
    FetchParcels,
    Finished,
    MarkAgreed,
    MarkPassed,
    Receive,
    Rest,
    Send,
    TakeParcels,
    Woken,
)
from sync.frames import DATA, Equal, Greeting, Records, Taken
from sync.pace import FRAME_BYTES_FIRST
from sync.ports import Peer
from sync.portside import Portside
from sync.session import Session
from sync.wire import frame_of, greeting_of, message_of
from tests.benchmarks.shelves import ShelfNode

OF_RECORDS = FetchParcels | FetchMore | TakeParcels | MarkPassed
"""Effects that move records: the same work whatever found out which."""


@dataclass(slots=True)
class Spent:
    """What a conversation has cost since it was last asked."""

    overhead_bytes: int = 0
    """Every frame but greetings, less the packed records in it."""
    moving_bytes: int = 0
    """Of these, what stands around records in their frames, and the acknowledgements."""
    packed_bytes: int = 0
    records: int = 0
    halves: int = 0
    """Half round trips from who dialled had greeted until it had the proof that both views of data are equal."""
    cpu_s: float = 0.0
    """Both sides, without the moving of records."""

    @property
    def round_trips(self) -> float:
        """Until the proof."""
        return self.halves / 2


@dataclass(slots=True, eq=False)
class _Side:
    session: Session
    portside: Portside
    arriving: deque[tuple[bytes, int]] = field(default_factory=deque)
    effect: Effect | None = None
    half: int = 0

    @property
    def waits(self) -> bool:
        return isinstance(self.effect, Receive | Rest) and not self.arriving


class Duet:
    """Two nodes in one conversation that stays open."""

    def __init__(self, dialler: ShelfNode, called: ShelfNode, *, frame_bytes: int = FRAME_BYTES_FIRST) -> None:
        self._frame_bytes = frame_bytes
        self._dialler, self._called = (
            _Side(_session(node, dialled=node is dialler), Portside(node, Peer(b"", "000000")))
            for node in (dialler, called)
        )
        self._spent = Spent()

    def until_rest(self) -> Spent:
        """Go on until nothing is owed and both sides rest; what that has cost."""
        self._spent = spent = Spent()
        self._dialler.half = self._called.half = 0
        pair = (self._dialler, self._called)
        while not all(side.waits for side in pair):
            for side, other in (pair, pair[::-1]):
                while not side.waits:
                    self._step(side, other)
        resting = self._dialler.effect
        assert isinstance(resting, Rest), "both sides wait for the other"
        assert resting.outcome.done, resting.outcome.reason
        return spent

    def wake(self, why: Woken) -> Spent:
        """End the dialler's rest, and go on until the next."""
        self._spent = Spent()
        self._dialler.effect = self._timed(lambda: self._dialler.session.resume(why))
        return self.until_rest()

    def _step(self, side: _Side, other: _Side) -> None:
        effect = side.effect
        match effect:
            case None:
                side.effect = side.session.start()
            case Send():
                other.arriving.append((self._written(effect), side.half + 1))
                side.effect = self._timed(lambda: side.session.resume(None))
            case Receive() | Rest():
                self._hear(side)
            case Finished(outcome):
                raise AssertionError(outcome.reason)
            case _:
                if isinstance(effect, MarkAgreed) and effect.view == DATA and side is self._dialler:
                    self._spent.halves = self._spent.halves or side.half
                elif isinstance(effect, CheckGreeting):
                    side.half = 0  # greetings are said once on a line
                self._answer(side, effect)

    def _hear(self, side: _Side) -> None:
        serialised, half = side.arriving.popleft()
        side.half = max(side.half, half)
        began = time.process_time()
        frame = frame_of(exchange_pb2.Frame.FromString(serialised))
        if isinstance(frame, Records):
            began = time.process_time()  # unpacking them is part of moving them
        if isinstance(frame, Equal) and side is self._dialler:
            self._spent.halves = self._spent.halves or side.half
        side.effect = side.session.resume(frame)
        self._spent.cpu_s += time.process_time() - began

    def _answer(self, side: _Side, effect: Effect) -> None:
        if isinstance(effect, OF_RECORDS):
            result = side.portside.answer(effect, frame_bytes=self._frame_bytes)
            side.effect = self._timed(lambda: side.session.resume(result))
        else:
            side.effect = self._timed(
                lambda: side.session.resume(side.portside.answer(effect, frame_bytes=self._frame_bytes))
            )

    def _written(self, effect: Send) -> bytes:
        frame, spent = effect.frame, self._spent
        began = time.process_time()
        message = message_of(frame)
        serialised = message.SerializeToString()
        if not isinstance(frame, Records):
            spent.cpu_s += time.process_time() - began
        if not isinstance(frame, Greeting):
            packed = len(message.records.packed) if isinstance(frame, Records) else 0
            spent.packed_bytes += packed
            spent.overhead_bytes += len(serialised) - packed
            if isinstance(frame, Taken) or packed:
                spent.moving_bytes += len(serialised) - packed
            spent.records += len(frame.parcels) if isinstance(frame, Records) else 0
        return serialised

    def _timed(self, act: object) -> Effect:
        began = time.process_time()
        effect: Effect = act()  # type: ignore[operator]
        self._spent.cpu_s += time.process_time() - began
        return effect


def _session(node: ShelfNode, *, dialled: bool) -> Session:
    return Session(greeting_of(node.greeting()), dialled=dialled, entropy=bytes, stays=True)
