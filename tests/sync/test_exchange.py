"""The whole exchange of a node: started, poked, stopped."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from sync.conversation import Ended
from sync.enrolment import Application, Enrolled, enrol
from sync.exchange import Exchange
from sync.frames import DATA
from sync.ports import Peer
from tests.builders.tls import Keeper
from tests.builders.towns import Town


class Office:
    """A town with its exchange, and the rests and endings it was told of."""

    def __init__(self, name: str, executor: ThreadPoolExecutor) -> None:
        self.town = Town(name)
        self.keeper = Keeper()
        self.rests: asyncio.Queue[Ended] = asyncio.Queue()
        self.endings: asyncio.Queue[Ended] = asyncio.Queue()
        self.exchange = Exchange(
            self.town,
            self.keeper.identity,
            executor,
            told=self.endings.put_nowait,
            rested=self.rests.put_nowait,
            chance=lambda: 0.0,
        )

    def peer(self, port: int = 0) -> Peer:
        endpoints = (f"127.0.0.1:{port}",) if port else ()
        return Peer(self.town.node, self.town.name, endpoints, (self.keeper.der,))


@asynccontextmanager
async def office(name: str) -> AsyncIterator[Office]:
    with ThreadPoolExecutor(1) as executor:
        one = Office(name, executor)
        try:
            yield one
        finally:
            await one.exchange.stop()


@pytest.fixture
async def home() -> AsyncIterator[Office]:
    async with office("home") as one:
        yield one


@pytest.fixture
async def laptop() -> AsyncIterator[Office]:
    async with office("laptop") as one:
        yield one


async def test_a_laptop_that_only_dials_is_brought_level_by_its_round(home: Office, laptop: Office) -> None:
    home.town.known[laptop.keeper.der] = laptop.peer()
    ports = await home.exchange.listen("127.0.0.1:0")
    laptop.town.known[home.keeper.der] = home.peer(ports.exchange)
    laptop.town.hold(DATA, *range(20))
    home.town.hold(DATA, *range(10, 40))
    laptop.exchange.begin()
    rested = await laptop.rests.get()
    assert (rested.outcome.reason, rested.dialled) == ("DONE", True)
    assert home.town.shelves[DATA].view() == laptop.town.shelves[DATA].view()
    assert (await home.rests.get()).peer.node == laptop.town.node
    assert laptop.endings.empty(), "it stays open"
    assert laptop.town.contacts[-1][1] == home.town.contacts[-1][1] == "OPEN"
    await laptop.exchange.stop()
    assert laptop.town.contacts[-1][1] != "OPEN"


async def test_news_goes_over_the_conversation_that_rests(home: Office, laptop: Office) -> None:
    home.town.known[laptop.keeper.der] = laptop.peer()
    ports = await home.exchange.listen("127.0.0.1:0")
    laptop.town.known[home.keeper.der] = home.peer(ports.exchange)
    laptop.exchange.begin()
    await laptop.rests.get()
    laptop.town.hold(DATA, 1)
    laptop.exchange.news()
    assert (await laptop.rests.get()).outcome.counts.sent == 1
    home.town.hold(DATA, 2)
    home.exchange.news()
    assert (await laptop.rests.get()).outcome.counts.received == 1
    assert home.town.shelves[DATA].view() == laptop.town.shelves[DATA].view()
    assert laptop.endings.empty()


async def test_who_is_revoked_is_parted_from_though_it_rests(home: Office, laptop: Office) -> None:
    home.town.known[laptop.keeper.der] = laptop.peer()
    ports = await home.exchange.listen("127.0.0.1:0")
    laptop.town.known[home.keeper.der] = home.peer(ports.exchange)
    laptop.exchange.begin()
    await laptop.rests.get()
    home.town.known.clear()
    await home.exchange.refresh()
    assert (await home.endings.get()).peer.node == laptop.town.node
    ended = await laptop.endings.get()
    assert (ended.outcome.reason, ended.outcome.said_by_peer) == ("UNKNOWN_PEER", True)


async def test_a_node_that_only_dials_parts_from_who_is_revoked(home: Office, laptop: Office) -> None:
    home.town.known[laptop.keeper.der] = laptop.peer()
    ports = await home.exchange.listen("127.0.0.1:0")
    laptop.town.known[home.keeper.der] = home.peer(ports.exchange)
    laptop.exchange.begin()
    await laptop.rests.get()
    laptop.town.known.clear()
    await laptop.exchange.refresh()
    assert (await laptop.endings.get()).outcome.said_by_peer is False


async def test_a_poke_goes_over_the_conversation_that_rests(home: Office, laptop: Office) -> None:
    home.town.known[laptop.keeper.der] = laptop.peer()
    ports = await home.exchange.listen("127.0.0.1:0")
    laptop.town.known[home.keeper.der] = home.peer(ports.exchange)
    laptop.exchange.begin()
    await laptop.rests.get()
    laptop.town.hold(DATA, 1)
    laptop.exchange.poke("home")
    assert (await laptop.rests.get()).outcome.counts.sent == 1


async def test_who_has_enrolled_is_let_in(home: Office, laptop: Office) -> None:
    def register(application: Application) -> Enrolled:
        home.town.known[laptop.keeper.der] = laptop.peer()
        return Enrolled(b"certificate", b"roster")

    ports = await home.exchange.listen("127.0.0.1:0", enrolment="127.0.0.1:0", registrar=register)
    peer = home.peer(ports.exchange)
    assert (await laptop.exchange.converse(peer)).reason == "PEER_UNREACHABLE"
    await enrol(f"127.0.0.1:{ports.enrolment}", [home.keeper.der], Application("code", b"wish", bytes(64)))
    assert (await laptop.exchange.converse(peer)).reason == "DONE"


async def test_an_exchange_never_begun_can_be_stopped(laptop: Office) -> None:
    await laptop.exchange.stop()
