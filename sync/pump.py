"""Drives a session: carries its frames over a stream, takes its questions to the node's ports in another thread.

One effect at a time, and the next frame is read only when everything the last one caused is done: a slow ledger slows
the peer down, and nothing piles up here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sync import effects
from sync.effects import Counts, Effect, Finished, Outcome, Woken
from sync.envelope import Parcel
from sync.errors import MoyaiError, PeerSilent, PeerUnreachable
from sync.frames import Frame, Goodbye, Records, Taken
from sync.leave import Leave
from sync.limits import PARCELS_PER_FRAME_MAX, SILENCE_S_MAX
from sync.pace import Pace
from sync.ports import PeerBook, Prepared, Tally
from sync.portside import Portside
from sync.reasons import Reason
from sync.session import Session
from sync.threads import Threads
from sync.wire import greeting_of

_RECKONING = Threads()
"""Neither the loop nor the ledger waits while a large sketch is reckoned."""


async def _nobody(_outcome: Outcome) -> None:
    """Tells nobody."""


class Stream(Protocol):
    """The line to the peer; both acts may raise PeerUnreachable or ProtocolBroken."""

    async def read(self) -> Frame | None:
        """The next frame; None: the other side has ended."""
        ...

    async def write(self, frame: Frame) -> int:
        """Returns when there is room for the next one; how many bytes the frame has."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait for a peer, what ends all waiting, and the event that ends a rest."""

    leave: Leave
    news: asyncio.Event
    silence_s: float = SILENCE_S_MAX


@dataclass(frozen=True, slots=True)
class Manner:
    """How a conversation is to be held."""

    dialled: bool
    entropy: Callable[[int], bytes]
    stays: bool = False
    """Whether it rests when everything is settled, rather than end."""
    rested: Callable[[Outcome], Awaitable[None]] = _nobody
    """Told whenever a conversation that has moved something, or has just begun, comes to rest."""
    moved: Callable[[Counts], None] = lambda _counts: None
    """Told after every frame of records, either way."""


async def converse_over(
    stream: Stream, portside: Portside, threads: Threads, waiting: Waiting, manner: Manner, *, book: PeerBook
) -> Outcome:
    """Hold one conversation from greeting to goodbye; `portside.peer` is then who it was with."""
    try:
        greeting = greeting_of(await threads.ask(lambda: book.greeting(portside.peer)))
    except MoyaiError as error:
        return Outcome(error.reason, said_by_peer=False, counts=Counts())
    pump = Pump(stream, portside, threads, waiting, manner)
    session = Session(greeting, dialled=manner.dialled, entropy=manner.entropy, stays=manner.stays)
    try:
        return await pump.drive(session)
    finally:
        await pump.close()


class Pump:
    """One session's hands."""

    def __init__(self, stream: Stream, portside: Portside, threads: Threads, waiting: Waiting, manner: Manner) -> None:
        self._stream = stream
        self._portside = portside
        self._threads = threads
        self._waiting = waiting
        self._manner = manner
        self._told: Counts | None = None
        self._ahead: tuple[tuple[Parcel, ...], asyncio.Task[Prepared]] | None = None
        self._reading: asyncio.Task[Frame | None] | None = None
        self._pace = Pace()

    async def drive(self, session: Session) -> Outcome:
        """Do what the session asks until it has finished."""
        effect = session.start()
        while not isinstance(effect, Finished):
            effect = await self._step(session, effect)
            if isinstance(effect, effects.TakeParcels | effects.MarkPassed):
                self._manner.moved(session.counts)
        return self._measured(effect.outcome)

    async def close(self) -> None:
        """Let go of what a conversation cut short has left open."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._ahead is not None:
            await asyncio.gather(self._ahead[1], return_exceptions=True)
        await self._threads.ask(self._portside.close)

    def _measured(self, outcome: Outcome) -> Outcome:
        if outcome.reason == PeerUnreachable.reason:
            self._pace.cut(_now())
        return replace(outcome, bytes_per_second=self._pace.bytes_per_second)

    async def _step(self, session: Session, effect: Effect) -> Effect:
        if self._waiting.leave.is_asked() and not _is_goodbye(effect):
            return session.fail(self._waiting.leave.why)
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
                await self._send(frame)
                return None
            case effects.Receive():
                return await self._receive()
            case effects.TakeParcels():
                return await self._take(effect)
            case effects.Rest(seconds, outcome):
                return await self._rest(seconds, outcome)
            case effects.Reckon(act):
                return await _RECKONING.ask(act)
            case _:
                frame_bytes = self._pace.frame_bytes
                answer = await self._threads.ask(lambda: self._portside.answer(effect, frame_bytes=frame_bytes))
                if isinstance(effect, effects.CheckGreeting):
                    self._pace = Pace(self._portside.peer.bytes_per_second)
                return answer

    async def _send(self, frame: Frame) -> None:
        began = _now()
        try:
            async with asyncio.timeout(self._waiting.silence_s):
                size = await self._stream.write(frame)
        except TimeoutError:  # who does not read will not hear a goodbye either
            raise PeerUnreachable(cause="does not read") from None
        if isinstance(frame, Records) and frame.parcels:
            self._pace.sent(began, size)

    async def _take(self, effect: effects.TakeParcels) -> Tally:
        """Commit these; meanwhile read what comes next, and prepare it: signatures cost as much as writing does."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] is effect.parcels:
            prepared = await ahead[1]
        else:
            prepared = await self._prepared(effect.view, effect.parcels)
        looking = asyncio.ensure_future(self._look_ahead())
        try:
            return await self._threads.ask(lambda: self._portside.commit(prepared))
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look_ahead(self) -> None:
        """Begin to prepare the records of the next frame. What is wrong with it is said when its turn comes."""
        reading = self._begin_to_read()
        await asyncio.wait({reading})
        if reading.cancelled() or reading.exception() is not None:
            return
        frame = reading.result()
        if isinstance(frame, Records) and 0 < len(frame.parcels) <= PARCELS_PER_FRAME_MAX:
            self._ahead = frame.parcels, asyncio.ensure_future(self._prepared(frame.view, frame.parcels))

    async def _prepared(self, view: int, parcels: tuple[Parcel, ...]) -> Prepared:
        return await self._threads.ask(lambda: self._portside.prepare(view, parcels))

    async def _rest(self, seconds: float | None, outcome: Outcome) -> Frame | Woken | None:
        """The next frame, or why there is none. A rest has no silence: who dialled asks once a minute."""
        if outcome.counts != self._told:
            self._told = outcome.counts
            await self._manner.rested(self._measured(outcome))
        woken = asyncio.ensure_future(self._waiting.news.wait())
        most = seconds if self._manner.dialled else self._waiting.silence_s
        try:
            heard = await self._heard_within(most, woken)
        finally:
            woken.cancel()
        if heard:
            return self._taken_in()
        if self._waiting.news.is_set():
            self._waiting.news.clear()
            return Woken.NEWS
        if not self._manner.dialled:
            raise PeerSilent(seconds=int(self._waiting.silence_s))
        return Woken.TIME

    async def _receive(self) -> Frame | None:
        """The next frame."""
        if not await self._heard_within(self._waiting.silence_s):
            raise PeerSilent(seconds=int(self._waiting.silence_s))
        return self._taken_in()

    async def _heard_within(self, seconds: float | None, *others: "asyncio.Future[Any]") -> bool:
        """Whether a frame has come. Being told to stop leaves the read pending: cancelling it would cut the line too
        early."""
        reading = self._begin_to_read()
        stop = asyncio.ensure_future(self._waiting.leave.asked())
        try:
            await asyncio.wait({reading, stop, *others}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
        if not reading.done() and self._waiting.leave.is_asked():
            raise self._waiting.leave.why
        return reading.done()

    def _begin_to_read(self) -> asyncio.Task[Frame | None]:
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._stream.read())
        return self._reading

    def _taken_in(self) -> Frame | None:
        """The frame that has come."""
        assert self._reading is not None  # noqa: S101 -- whoever calls has seen it done
        reading, self._reading = self._reading, None
        frame = reading.result()
        if frame is not None and not isinstance(frame, Goodbye):
            # Begun at once: a goodbye said before the line closed is lost with the line where nobody is reading.
            self._reading = asyncio.ensure_future(self._stream.read())
        if isinstance(frame, Taken):
            self._pace.acknowledged(_now())
        return frame

    async def _last_words(self) -> Reason | None:
        """What the peer gave as its reason before it closed the line while we were still sending."""
        try:
            while (frame := await self._receive()) is not None:
                if isinstance(frame, Goodbye):
                    return frame.reason
        except MoyaiError:
            return None
        return None


def _is_goodbye(effect: Effect) -> bool:
    return isinstance(effect, effects.Send) and isinstance(effect.frame, Goodbye)


def _now() -> float:
    return asyncio.get_running_loop().time()
