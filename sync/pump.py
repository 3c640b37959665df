"""Drives a session: carries its frames over a stream, runs its questions to the node's ports in another thread.

One effect at a time, and the next frame is read only when everything the last one caused is done: a slow ledger slows the peer down, and
nothing piles up here.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar

import structlog

from sync import effects
from sync.effects import Batch, Effect, Finished, Outcome
from sync.envelope import Parcel
from sync.errors import MoyaiError, PeerSilent, PeerUnreachable, Stopping, StoreFailed
from sync.frames import Frame, Goodbye, Records, Taken
from sync.limits import PARCELS_PER_FRAME_MAX, SILENCE_S_MAX
from sync.pace import Pace
from sync.ports import Inbox, Outbox, Peer, PeerBook
from sync.reasons import Reason
from sync.reconcile import Snapshot
from sync.session import Session
from sync.wire import greeting_of

Result = TypeVar("Result")

_log = structlog.get_logger(__name__)


class Stream(Protocol):
    """The line to the peer; both may raise PeerUnreachable or ProtocolBroken."""

    async def read(self) -> Frame | None:
        """The next frame; None: the other side has ended."""
        ...

    async def write(self, frame: Frame) -> None:
        """Returns when there is room for the next one."""
        ...


class Threads:
    """Runs blocking calls elsewhere: in the executor given, or in asyncio's own where it is None."""

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor

    async def run(self, act: Callable[[], Result]) -> Result:
        """The result of the act; its errors come through."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, act)

    async def ask(self, act: Callable[[], Result]) -> Result:
        """The result of a call to the node; whatever it raises that is not a MoyaiError becomes StoreFailed.

        Only the kind of the error and the line it came from are logged: its text may hold a person's data.
        """
        try:
            return await self.run(act)
        except MoyaiError:
            raise
        except Exception as error:
            fault = type(error).__name__
            _log.error("port_failed", fault=fault, at=where(error))
            raise StoreFailed(fault=fault) from None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait for a peer, and the event that ends all waiting."""

    stopping: asyncio.Event
    silence_s: float = SILENCE_S_MAX


async def converse_over(
    stream: Stream, peer: Peer, book: PeerBook, threads: Threads, waiting: Waiting, *, dialled: bool
) -> tuple[Peer, Outcome]:
    """Hold one conversation from greeting to goodbye; who the peer turned out to be, and how it ended."""
    try:
        greeting = greeting_of(await threads.ask(book.greeting))
    except MoyaiError as error:
        return peer, Outcome(error.reason, said_by_peer=False, counts=effects.Counts())
    pump = Pump(stream, peer, book, threads, waiting)
    try:
        outcome = await pump.drive(Session(greeting, dialled=dialled))
    finally:
        await pump.close()
    return pump.peer, outcome


class Pump:
    """One session's hands."""

    def __init__(self, stream: Stream, peer: Peer, book: PeerBook, threads: Threads, waiting: Waiting) -> None:
        self.peer = peer
        self._stream = stream
        self._book = book
        self._threads = threads
        self._waiting = waiting
        self._outbox: Outbox | None = None
        self._inbox: Inbox | None = None
        self._parcels: _Parcels | None = None
        self._reading: asyncio.Task[Frame | None] | None = None
        self._pace = Pace()

    async def drive(self, session: Session) -> Outcome:
        """Do what the session asks until it has finished."""
        effect = session.start()
        while not isinstance(effect, Finished):
            effect = await self._step(session, effect)
        return effect.outcome

    async def close(self) -> None:
        """Let go of what a conversation cut short has left open."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._parcels is not None:
            await self._threads.run(self._parcels.close)

    async def _step(self, session: Session, effect: Effect) -> Effect:
        if self._waiting.stopping.is_set() and not _is_goodbye(effect):
            return session.fail(Stopping())
        try:
            return session.resume(await self._result(effect))
        except PeerUnreachable as error:
            said = await self._last_words() if isinstance(effect, effects.Send) else None
            return session.fail(error) if said is None else session.hang_up(said)
        except MoyaiError as error:
            return session.fail(error)

    async def _result(self, effect: Effect) -> object:
        match effect:
            case effects.Send(frame):
                return await self._send(frame)
            case effects.Receive():
                return await self._receive()
            case effects.FetchParcels() | effects.FetchMore():
                return await self._fetch(effect)
            case effects.CheckGreeting(greeting):
                return await self._check(greeting)
            case _:
                return await self._threads.ask(lambda: self._asked(effect))

    async def _send(self, frame: Frame) -> None:
        if isinstance(frame, Records) and frame.parcels:
            self._pace.sent(_now())
        try:
            async with asyncio.timeout(self._waiting.silence_s):
                await self._stream.write(frame)
        except TimeoutError:
            raise PeerSilent(seconds=int(self._waiting.silence_s)) from None

    async def _receive(self) -> Frame | None:
        """The next frame. Being told to stop leaves the read pending: to cancel it would cut the line before the goodbye."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._stream.read())
        stop = asyncio.ensure_future(self._waiting.stopping.wait())
        try:
            await asyncio.wait(
                {self._reading, stop}, timeout=self._waiting.silence_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            stop.cancel()
        if not self._reading.done():
            raise Stopping() if self._waiting.stopping.is_set() else PeerSilent(seconds=int(self._waiting.silence_s))
        reading, self._reading = self._reading, None
        frame = reading.result()
        if isinstance(frame, Taken):
            self._pace.acknowledged(_now())
        return frame

    async def _last_words(self) -> Reason | None:
        """What the peer gave as its reason before it closed the line while we were still sending."""
        try:
            async with asyncio.timeout(self._waiting.silence_s):
                while (frame := await self._receive()) is not None:
                    if isinstance(frame, Goodbye):
                        return frame.reason
        except (TimeoutError, MoyaiError):
            pass
        return None

    async def _check(self, greeting: bytes) -> None:
        def check() -> tuple[Peer, Outbox, Inbox]:
            peer = self._book.greeted(self.peer, greeting)
            return peer, self._book.outbox(peer), self._book.inbox(peer)

        self.peer, self._outbox, self._inbox = await self._threads.ask(check)

    async def _fetch(self, effect: effects.FetchParcels | effects.FetchMore) -> Batch:
        def fetch() -> Batch:
            if isinstance(effect, effects.FetchParcels):
                self._parcels = _Parcels(self._checked_outbox().parcels(effect.view, effect.prefixes))
            assert self._parcels is not None  # the session asks for more only of what it has begun
            return self._parcels.batch(self._pace.frame_bytes)

        return await self._threads.ask(fetch)

    def _asked(self, effect: Effect) -> object:
        """The calls to the node's ports; in the other thread."""
        match effect:
            case effects.ReadRoster():
                return self._book.roster()
            case effects.TakeRoster(signed):
                return self._book.offered_roster(signed)
            case effects.LoadView(view):
                return Snapshot.of(self._checked_outbox().ids(view))
            case effects.TakeParcels(view, parcels):
                assert self._inbox is not None  # nothing is taken before the greeting was checked
                return self._inbox.take(view, parcels)
            case effects.MarkPassed(view, ids):
                return self._checked_outbox().passed(view, ids)
            case _:
                raise AssertionError(type(effect).__name__)

    def _checked_outbox(self) -> Outbox:
        assert self._outbox is not None  # nothing is given before the greeting was checked
        return self._outbox


class _Parcels:
    """An outbox's parcels, cut into frames; safe to close while another thread still fetches."""

    def __init__(self, parcels: Iterator[Parcel]) -> None:
        self._parcels = parcels
        self._lock = Lock()

    def batch(self, bytes_max: int) -> Batch:
        """Parcels for the next frame, at least one unless there are no more."""
        some: list[Parcel] = []
        size = 0
        with self._lock:
            for parcel in self._parcels:
                some.append(parcel)
                size += len(parcel.record.body)
                if size >= bytes_max or len(some) >= PARCELS_PER_FRAME_MAX:
                    return Batch(tuple(some), last=False)
        return Batch(tuple(some), last=True)

    def close(self) -> None:
        """Let the outbox end what it has open."""
        with self._lock:
            close = getattr(self._parcels, "close", None)
            if close is not None:
                close()


def where(error: BaseException) -> str:
    """The file and line an error came from, without its text."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return "" if frame is None else f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"


def _is_goodbye(effect: Effect) -> bool:
    return isinstance(effect, effects.Send) and isinstance(effect.frame, Goodbye)


def _now() -> float:
    return asyncio.get_running_loop().time()
