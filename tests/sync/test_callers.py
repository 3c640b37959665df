"""One caller is in nobody's way: calls that say nothing, calls that hear nothing, more calls than anybody needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from sync.callers import Call
from sync.channel import channel_to
from sync.conversation import turn_away
from sync.enrolment import Application, Enrolled, EnrolmentServer, enrol
from sync.frames import Frame
from sync.limits import CALLS_PER_CALLER_MAX, REQUEST_S_MAX
from sync.reasons import Reason
from sync.threads import Threads
from tests.builders.tls import Keeper
from tests.builders.wire import GOAWAY, HEADERS, raw_line
from tests.sync.test_loopback import Post, introduced, post

CHECK = "/grpc.health.v1.Health/Check"
EXCHANGE = "/moyai.v1.ExchangeService/Exchange"
ENROL = "/moyai.v1.EnrolmentService/Enrol"


@pytest.fixture
async def wajima() -> AsyncIterator[Post]:
    async with post("wajima") as one:
        yield one


@pytest.fixture
async def nanao() -> AsyncIterator[Post]:
    async with post("nanao") as one:
        yield one


async def health(asked: Post, asker: Post) -> int:
    """How one is, asked with another's certificate."""
    async with channel_to(f"127.0.0.1:{asked.port}", [asked.keeper.der], asker.keeper.identity) as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())  # type: ignore[no-untyped-call]
        return int(answer.status)


async def test_health_is_not_watched(wajima: Post) -> None:
    async with channel_to(f"127.0.0.1:{wajima.port}", [wajima.keeper.der], wajima.keeper.identity) as channel:
        watching = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())  # type: ignore[no-untyped-call]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await watching.read()
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_calls_that_ask_nothing_give_way_to_those_that_do(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    async with raw_line(nanao.port, wajima.keeper.identity) as line:
        await line.begin()
        for number in range(CALLS_PER_CALLER_MAX):
            await line.call(2 * number + 1, CHECK)
        assert await health(nanao, wajima) == health_pb2.HealthCheckResponse.SERVING
        await line.hears(HEADERS, stream=1)
        assert (await wajima.dialler.converse(nanao.peer())).reason == "DONE"


async def test_calls_that_hear_nothing_count_until_their_line_is_gone(wajima: Post, nanao: Post) -> None:
    """Each has been turned away; but gRPC keeps what was said to them, and what it keeps is bounded."""
    await introduced(wajima, nanao)
    del nanao.town.known[wajima.keeper.der]
    async with raw_line(nanao.port, wajima.keeper.identity) as deaf:
        await deaf.begin(window=0)
        for number in range(CALLS_PER_CALLER_MAX):
            await deaf.call(2 * number + 1, EXCHANGE)
            await deaf.hears(HEADERS, stream=2 * number + 1)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await health(nanao, wajima)
        assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert await health(nanao, nanao) == health_pb2.HealthCheckResponse.SERVING


@asynccontextmanager
async def second_door(*, request_s: float = REQUEST_S_MAX) -> AsyncIterator[tuple[int, Keeper]]:
    """The port of an enrolment server whose registrar takes every code."""

    async def enrolled() -> None:
        pass

    keeper = Keeper()
    register = lambda wish: Enrolled(wish.certificate, b"roster")  # noqa: E731
    server = EnrolmentServer(register, keeper.identity, Threads(), enrolled, request_s=request_s)
    yield await server.start("127.0.0.1:0"), keeper
    await server.stop(grace_s=1)


async def test_nobody_shuts_the_second_door_by_standing_in_it() -> None:
    async with second_door() as (port, keeper), raw_line(port) as line:
        await line.begin()
        for number in range(CALLS_PER_CALLER_MAX):
            await line.call(2 * number + 1, ENROL)
        given = await enrol(f"127.0.0.1:{port}", [keeper.der], Application("code", b"wish", bytes(64)))
        assert given == Enrolled(b"wish", b"roster")
        await line.hears(HEADERS, stream=1)


async def test_a_call_that_does_not_say_what_it_wants_is_ended() -> None:
    async with second_door(request_s=0.2) as (port, _keeper), raw_line(port) as line:
        await line.begin()
        await line.call(1, ENROL)
        await line.hears(HEADERS, stream=1)


async def test_a_connection_on_which_nobody_calls_is_ended() -> None:
    async with second_door(request_s=1) as (port, _keeper):
        async with raw_line(port) as greeted:
            await greeted.begin()
            await greeted.hears(GOAWAY, stream=0)
        async with raw_line(port) as silent:
            await silent.hears(GOAWAY, stream=0)


class Deaf:
    """A line whose other side does not read."""

    async def read(self) -> Frame | None:
        raise AssertionError("nobody reads before it is let in")

    async def write(self, frame: Frame) -> int:
        return await asyncio.get_running_loop().create_future()


async def test_to_turn_away_who_does_not_read_has_an_end() -> None:
    await turn_away(Deaf(), Reason.BUSY, within_s=0.01)


class Stuck:
    """A context of gRPC's whose caller does not read until it is let to."""

    def __init__(self) -> None:
        self.read_at_last: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def write(self, _message: object) -> None:
        await self.read_at_last


async def test_a_write_that_was_given_up_is_the_last_and_is_seen_to_its_end() -> None:
    context, gone = Stuck(), asyncio.Event()
    call = Call(context, 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await call.write("one")
    with pytest.raises(asyncio.InvalidStateError):
        await call.write("two")
    call.when_gone(gone.set)
    assert not gone.is_set()
    context.read_at_last.set_result(None)
    await gone.wait()
