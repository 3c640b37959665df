"""Two real nodes on the loopback: gRPC, mutual TLS, exact pins."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sync.client import Dialler
from sync.conversation import Conversations
from sync.frames import CONTROL, DATA
from sync.ports import Peer
from sync.server import ExchangeServer
from sync.threads import Threads
from tests.builders.tls import Keeper
from tests.builders.towns import Town


class Post:
    """A town with its line: a server on a port of its own, and a dialler."""

    def __init__(self, name: str) -> None:
        self.town = Town(name)
        self.keeper = Keeper()
        self.conversations = Conversations(self.town, Threads())
        self.server = ExchangeServer(self.conversations, self.keeper.identity)
        self.dialler = Dialler(self.conversations, self.keeper.identity)
        self.port = 0

    def peer(self, *certificates: bytes) -> Peer:
        pins = certificates or (self.keeper.der,)
        return Peer(self.town.node, self.town.name, (f"127.0.0.1:{self.port}",), pins)

    def knows(self, *others: "Post") -> None:
        for other in others:
            self.town.known[other.keeper.der] = other.peer()


@asynccontextmanager
async def post(name: str) -> AsyncIterator[Post]:
    one = Post(name)
    one.port = await one.server.start("127.0.0.1:0")
    try:
        yield one
    finally:
        await one.server.stop(grace_s=1)


@pytest.fixture
async def wajima() -> AsyncIterator[Post]:
    async with post("wajima") as one:
        yield one


@pytest.fixture
async def nanao() -> AsyncIterator[Post]:
    async with post("nanao") as one:
        yield one


async def introduced(*posts: Post) -> None:
    for one in posts:
        one.knows(*(other for other in posts if other is not one))
        await one.server.refresh()


async def test_two_nodes_come_to_agree(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    wajima.town.hold(CONTROL, 1, 2)
    wajima.town.hold(DATA, *range(10, 700))
    nanao.town.hold(DATA, *range(1000, 1400))
    outcome = await wajima.dialler.converse(nanao.peer())
    assert outcome.reason == "DONE"
    assert (outcome.counts.sent, outcome.counts.received) == (692, 400)
    for view in (CONTROL, DATA):
        assert wajima.town.shelves[view].view() == nanao.town.shelves[view].view()
    again = await nanao.dialler.converse(wajima.peer())
    assert again.reason == "DONE"
    assert (again.counts.sent, again.counts.received) == (0, 0)
