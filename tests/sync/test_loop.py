"""The loop obeys the schedule, a few at a time, and stops when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from sync.conversation import Ended
from sync.effects import Counts, Outcome
from sync.errors import StoreFailed
from sync.loop import AT_ONCE_MAX, LOOK_S, Clock, Rounds
from sync.ports import Peer
from sync.schedule import BACK_OFF_FIRST_S, REST_S, Schedule


def outcome(reason: str) -> Outcome:
    return Outcome(reason, said_by_peer=False, counts=Counts())


class World:
    """A clock that moves only when the test says so, and peers that answer as the test says."""

    def __init__(self) -> None:
        self.time = 0.0
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self.book: list[Peer] = []
        self.book_broken = False
        self.dialled: list[str] = []
        self.reason = "DONE"
        self.line: asyncio.Event | None = None
        self.rounds = Rounds(self.dial, self.peers, Schedule(lambda: 0.0), Clock(lambda: self.time, self.sleep))
        self.running: asyncio.Task[None] | None = None

    def know(self, *names: str) -> None:
        self.book = [Peer(name.encode(), name, ("host:1",)) for name in names]

    async def peers(self) -> Sequence[Peer]:
        if self.book_broken:
            raise StoreFailed
        return self.book

    async def dial(self, peer: Peer) -> Outcome:
        self.dialled.append(peer.organisation)
        if self.line is not None:
            await self.line.wait()
        if self.reason == "raise":
            raise StoreFailed
        return outcome(self.reason)

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.sleepers.append((self.time + seconds, future))
            await future

    async def rest(self) -> None:
        """Until everything that can happen at this moment has happened."""
        for _ in range(30):
            await asyncio.sleep(0)

    async def until(self, time: float) -> None:
        """Let time pass, waking who is to wake on the way."""
        if self.running is None:
            self.running = asyncio.ensure_future(self.rounds.run())
        await self.rest()
        while True:
            waking = [one for one in self.sleepers if not one[1].done() and one[0] <= time]
            if not waking:
                break
            self.time, future = min(waking, key=lambda one: one[0])
            future.set_result(None)
            await self.rest()
        self.time = time
        await self.rest()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    one = World()
    yield one
    if one.line is not None:
        one.line.set()
    one.rounds.stop()
    if one.running is not None:
        await one.running


async def test_everybody_with_an_endpoint_is_dialled(world: World) -> None:
    world.know("wajima", "nanao")
    world.book.append(Peer(b"laptop", "wajima"))
    await world.until(0.0)
    assert world.dialled == ["wajima", "nanao"]


async def test_after_a_rest_again(world: World) -> None:
    world.know("wajima")
    await world.until(REST_S / 2 - 1)
    assert len(world.dialled) == 1
    await world.until(REST_S / 2)
    assert len(world.dialled) == 2


@pytest.mark.parametrize("reason", ["PEER_UNREACHABLE", "raise"])
async def test_a_failure_is_tried_again_after_its_back_off(world: World, reason: str) -> None:
    world.reason = reason
    world.know("wajima")
    await world.until(BACK_OFF_FIRST_S / 2)
    assert len(world.dialled) == 2


async def test_no_more_than_a_few_at_once(world: World) -> None:
    world.line = asyncio.Event()
    world.know(*(f"town{number}" for number in range(AT_ONCE_MAX + 3)))
    await world.until(0.0)
    assert len(world.dialled) == AT_ONCE_MAX
    world.line.set()
    await world.until(1.0)
    assert len(world.dialled) == AT_ONCE_MAX + 3


async def test_a_peer_new_in_the_book_is_found(world: World) -> None:
    await world.until(LOOK_S - 1)
    world.know("wajima")
    await world.until(LOOK_S)
    assert world.dialled == ["wajima"]


async def test_a_book_that_cannot_be_read_is_asked_again(world: World) -> None:
    world.book_broken = True
    world.know("wajima")
    await world.until(1.0)
    world.book_broken = False
    await world.until(LOOK_S)
    assert world.dialled == ["wajima"]


async def test_a_poke_is_obeyed_at_once(world: World) -> None:
    world.know("wajima", "nanao")
    await world.until(1.0)
    world.rounds.poke("nanao")
    await world.rest()
    assert world.dialled == ["wajima", "nanao", "nanao"]


async def test_news_is_sent_soon(world: World) -> None:
    world.know("wajima")
    await world.until(20.0)
    world.rounds.news()
    await world.until(22.0)
    assert len(world.dialled) == 2


async def test_who_calls_us_is_dialled_again_soon(world: World) -> None:
    world.reason = "PEER_UNREACHABLE"
    world.know("wajima")
    await world.until(1.0)
    world.reason = "DONE"
    world.rounds.ended(Ended(Peer(b"wajima", "wajima"), dialled=False, outcome=outcome("STORE_FAILED")))
    world.rounds.ended(Ended(Peer(b"other", "other"), dialled=False, outcome=outcome("DONE")))
    await world.until(3.0)
    assert len(world.dialled) == 2


async def test_stopping_waits_for_what_is_under_way(world: World) -> None:
    world.line = asyncio.Event()
    world.know("wajima")
    await world.until(0.0)
    world.rounds.stop()
    await world.rest()
    assert world.running is not None
    assert not world.running.done()
    world.line.set()
    await world.running
