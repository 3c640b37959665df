"""Two real nodes on the loopback: gRPC, mutual TLS, exact pins."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from moyai.v1 import exchange_pb2
from sync.channel import TLS_NAME, channel_to, pem_of
from sync.client import Dialler
from sync.conversation import Conversations
from sync.effects import Outcome
from sync.errors import ListenFailed
from sync.frames import CONTROL, DATA, Frame, Hello, News, Unknown
from sync.limits import FRAME_BYTES_MAX, FRAMES_IN_VAIN_MAX, SESSIONS_PER_PEER_MAX
from sync.ports import Peer
from sync.server import SERVICE, ExchangeServer
from sync.threads import Threads
from sync.wire import greeting_of, message_of
from tests.builders.couriers import converse
from tests.builders.tls import Keeper
from tests.builders.towns import Town, record


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


async def test_a_stranger_is_refused_by_tls(wajima: Post, nanao: Post) -> None:
    wajima.knows(nanao)
    outcome = await wajima.dialler.converse(nanao.peer())
    assert outcome.reason == "PEER_UNREACHABLE"
    assert nanao.town.contacts == []


async def test_a_peer_added_later_needs_no_restart(wajima: Post, nanao: Post) -> None:
    assert (await wajima.dialler.converse(nanao.peer())).reason == "PEER_UNREACHABLE"
    nanao.knows(wajima)
    await nanao.server.refresh()
    assert (await wajima.dialler.converse(nanao.peer())).reason == "DONE"


async def test_a_peer_taken_off_the_roster_is_refused(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    assert (await wajima.dialler.converse(nanao.peer())).reason == "DONE"
    nanao.town.known.clear()
    before_tls_knows = await wajima.dialler.converse(nanao.peer())
    assert (before_tls_knows.reason, before_tls_knows.said_by_peer) == ("UNKNOWN_PEER", True)
    await nanao.server.refresh()
    assert (await wajima.dialler.converse(nanao.peer())).reason == "PEER_UNREACHABLE"


async def test_a_server_with_another_certificate_is_not_believed(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    impostor = Keeper()
    outcome = await wajima.dialler.converse(nanao.peer(impostor.der))
    assert outcome.reason == "PEER_UNREACHABLE"


async def test_a_certificate_signed_by_the_pinned_one_is_not_the_pinned_one(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    issued = Keeper(issuer=wajima.keeper)
    stranger = Dialler(wajima.conversations, issued.identity)
    outcome = await stranger.converse(nanao.peer())
    assert outcome.reason in {"PEER_UNREACHABLE", "UNKNOWN_PEER"}
    assert nanao.town.contacts == []


async def test_an_expired_certificate_is_refused(wajima: Post, nanao: Post) -> None:
    expired = Keeper(until=datetime(2001, 1, 1, tzinfo=UTC))
    nanao.town.known[expired.der] = Peer(wajima.town.node, "wajima", (), (expired.der,))
    await nanao.server.refresh()
    outcome = await Dialler(wajima.conversations, expired.identity).converse(nanao.peer())
    assert outcome.reason == "PEER_UNREACHABLE"


async def test_many_pins_of_one_name_do_not_hide_one_another(wajima: Post, nanao: Post) -> None:
    crowd = [Keeper().der for _ in range(20)]
    nanao.town.known = {der: Peer(b"", "crowd", (), (der,)) for der in crowd}
    await introduced(wajima, nanao)
    assert (await wajima.dialler.converse(nanao.peer(*crowd, nanao.keeper.der))).reason == "DONE"


async def test_endpoints_are_tried_in_order(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    peer = nanao.peer()
    moved = Peer(peer.node, peer.organisation, ("127.0.0.1:1", *peer.endpoints), peer.tls_certificates)
    assert (await wajima.dialler.converse(moved)).reason == "DONE"


async def test_nobody_there_is_told_as_unreachable(wajima: Post) -> None:
    outcome = await wajima.dialler.converse(Peer(b"n", "nowhere", ("127.0.0.1:1",), (wajima.keeper.der,)))
    assert outcome.reason == "PEER_UNREACHABLE"
    assert [reason for _, reason in wajima.town.contacts] == ["PEER_UNREACHABLE"]


async def test_both_sides_write_down_how_it_ended(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    await wajima.dialler.converse(nanao.peer())
    await nanao.server.stop(grace_s=1)
    assert [(peer.node, reason) for peer, reason in nanao.town.contacts] == [
        (wajima.town.node, "OPEN"),
        (wajima.town.node, "DONE"),
    ]
    assert [(peer.node, reason) for peer, reason in wajima.town.contacts] == [(nanao.town.node, "DONE")]


async def test_health_answers_our_own_command_line(wajima: Post) -> None:
    async with channel_to(f"127.0.0.1:{wajima.port}", [wajima.keeper.der], wajima.keeper.identity) as channel:
        stub = health_pb2_grpc.HealthStub(channel)  # type: ignore[no-untyped-call]
        for service in ("", SERVICE):
            answer = await stub.Check(health_pb2.HealthCheckRequest(service=service))
            assert answer.status == health_pb2.HealthCheckResponse.SERVING


class Stubborn(Town):
    """A town whose ledger breaks with a person's name in the error."""

    def outbox(self, peer: Peer) -> object:  # type: ignore[override]
        raise KeyError("田中太郎")


async def test_an_error_of_the_store_is_told_by_its_reason_only(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    nanao.conversations.book = Stubborn("nanao")
    nanao.conversations.book.known = nanao.town.known
    outcome = await wajima.dialler.converse(nanao.peer())
    assert (outcome.reason, outcome.said_by_peer) == ("STORE_FAILED", True)
    await nanao.server.stop(grace_s=1)


async def test_more_conversations_than_allowed_are_busy(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    async with AsyncExitStack() as calls:
        for _ in range(SESSIONS_PER_PEER_MAX):
            call = await calls.enter_async_context(raw_call(wajima, nanao))
            await call.read()  # its greeting: the seat is taken
        outcome = await wajima.dialler.converse(nanao.peer())
    assert (outcome.reason, outcome.said_by_peer) == ("BUSY", True)


async def resting_call(caller: Post, called: Post) -> asyncio.Task[Outcome]:
    """A conversation of a caller that knows of no other it holds, at rest on both sides."""
    rests: list[asyncio.Event] = [asyncio.Event(), asyncio.Event()]
    fresh = Conversations(caller.town, Threads(), rested=lambda _ended: rests[0].set())
    called.conversations.rested = lambda _ended: rests[1].set()
    call = asyncio.ensure_future(Dialler(fresh, caller.keeper.identity).converse(called.peer(), stays=True))
    for one in rests:
        await asyncio.wait_for(one.wait(), 20)
    return call


async def test_who_calls_again_after_its_line_broke_without_a_word_is_heard(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    left_behind = [await resting_call(wajima, nanao) for _ in range(SESSIONS_PER_PEER_MAX)]
    assert (await wajima.dialler.converse(nanao.peer())).reason == "DONE"
    oldest = await left_behind[0]
    assert (oldest.reason, oldest.said_by_peer) == ("BUSY", True)
    assert not any(call.done() for call in left_behind[1:])
    await nanao.server.stop(grace_s=5)
    assert {(await call).reason for call in left_behind[1:]} == {"STOPPING"}


async def test_who_is_revoked_while_its_call_rests_hears_that_it_is_not_known(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    call = await resting_call(wajima, nanao)
    nanao.town.known.clear()
    await nanao.server.refresh()
    outcome = await call
    assert (outcome.reason, outcome.said_by_peer) == ("UNKNOWN_PEER", True)


async def test_stopping_says_goodbye_to_those_who_wait(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    async with raw_call(wajima, nanao) as call:
        await call.read()  # its greeting
        stopping = asyncio.ensure_future(nanao.server.stop(grace_s=5))
        said = await call.read()
        assert said.frame.goodbye.reason == "STOPPING"
        await stopping


async def test_silence_has_an_end(wajima: Post) -> None:
    town = Town("nanao")
    conversations = Conversations(town, Threads(), silence_s=0.2)
    keeper = Keeper()
    server = ExchangeServer(conversations, keeper.identity)
    wajima.town.known[keeper.der] = Peer(b"", "nanao", (), (keeper.der,))
    town.known[wajima.keeper.der] = wajima.peer()
    port = await server.start("127.0.0.1:0")
    async with raw_call(wajima, port=port, pin=keeper.der) as call:
        reasons = [message.frame.goodbye.reason async for message in call]
    assert reasons[-1] == "SILENT"
    await server.stop(grace_s=1)


async def test_garbage_instead_of_a_frame_is_a_broken_protocol(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    async with channel_to(f"127.0.0.1:{nanao.port}", [nanao.keeper.der], wajima.keeper.identity) as channel:
        call = channel.stream_stream(EXCHANGE, None, exchange_pb2.ExchangeResponse.FromString)()
        await call.write(b"\xff\xff garbage")
        reasons = [message.frame.goodbye.reason async for message in call]
    assert reasons[-1] == "PROTOCOL_BROKEN"


async def test_a_frame_larger_than_any_may_be_ends_the_call(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    identity = wajima.keeper.identity
    credentials = grpc.ssl_channel_credentials(pem_of([nanao.keeper.der]), identity.key, identity.certificate)
    options = [("grpc.ssl_target_name_override", TLS_NAME)]  # and none of the limits an honest node sets itself
    async with grpc.aio.secure_channel(f"127.0.0.1:{nanao.port}", credentials, options) as channel:
        call = channel.stream_stream(EXCHANGE, None, exchange_pb2.ExchangeResponse.FromString)()
        await call.write(bytes(FRAME_BYTES_MAX + 1))
        await call.read()  # its greeting
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call.read()
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_a_caller_that_hangs_up_leaves_nothing_behind(wajima: Post, nanao: Post) -> None:
    await introduced(wajima, nanao)
    written_down = asyncio.Event()
    nanao.conversations.told = lambda _: written_down.set()
    async with raw_call(wajima, nanao) as call:
        await call.read()
    await written_down.wait()
    assert [reason for _, reason in nanao.town.contacts] == ["PEER_UNREACHABLE"]


async def test_an_address_that_is_taken_is_said_so(wajima: Post) -> None:
    other = ExchangeServer(wajima.conversations, wajima.keeper.identity)
    with pytest.raises(ListenFailed):
        await other.start(f"127.0.0.1:{wajima.port}")


@pytest.mark.parametrize("step", ["news", "unknown"])
async def test_frames_that_lead_to_nothing_have_an_end(wajima: Post, nanao: Post, step: str) -> None:
    await introduced(wajima, nanao)
    control, data = (nanao.town.outbox(nanao.peer()).standing(view) for view in (CONTROL, DATA))
    hello = Hello(DATA, data.count, data.root, control_root=control.root)
    async with raw_call(wajima, nanao) as call:
        await say(call, greeting_of(wajima.town.greeting()), hello)
        assert (await call.read()).frame.WhichOneof("step") == "greeting"
        assert (await call.read()).frame.WhichOneof("step") == "equal"
        await say(call, *[News() if step == "news" else Unknown()] * (FRAMES_IN_VAIN_MAX + 1))
        assert (await call.read()).frame.goodbye.reason == "LIMIT_PASSED"
    assert nanao.town.scans == 0


async def test_a_recorded_conversation_said_again_is_agreed_on_by_nobody(wajima: Post, nanao: Post) -> None:
    pair = (Town("wajima"), Town("nanao"))
    pair[0].hold(DATA, 1, 2)
    pair[1].hold(DATA, 2, 3)
    recorded = converse(*pair)[0].sent
    nanao.town.hold(DATA, 2, 3, 4)
    await introduced(wajima, nanao)
    async with raw_call(wajima, nanao) as call:
        await say(call, *recorded)
        steps = [message.frame.WhichOneof("step") async for message in call]
    assert "equal" not in steps
    assert steps[-1] == "goodbye"
    shelf = nanao.town.shelves[DATA]
    assert shelf.passed | shelf.arrived <= {record(1).id, record(3).id}


async def say(call: Any, *frames: Frame) -> None:
    for frame in frames:
        await call.write(exchange_pb2.ExchangeRequest(frame=message_of(frame)))


EXCHANGE = "/moyai.v1.ExchangeService/Exchange"


@asynccontextmanager
async def raw_call(caller: Post, called: Post | None = None, *, port: int = 0, pin: bytes = b"") -> AsyncIterator[Any]:
    """A call that says only what the test says."""
    if called is not None:
        port, pin = called.port, called.keeper.der
    async with channel_to(f"127.0.0.1:{port}", [pin], caller.keeper.identity) as channel:
        call = channel.stream_stream(
            EXCHANGE,
            exchange_pb2.ExchangeRequest.SerializeToString,
            exchange_pb2.ExchangeResponse.FromString,
        )()
        yield call
        call.cancel()
