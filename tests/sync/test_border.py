"""No text of an exception leaves the house, whatever kind of handler raises it and when."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from sync.border import Guard

NAME = "田中太郎"


class Talkative(grpc.GenericRpcHandler):
    """Handlers of every kind that raise with a person's name: at once, or after a first answer."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        return {
            "/t/unary": grpc.unary_unary_rpc_method_handler(self.unary),
            "/t/iterated": grpc.stream_stream_rpc_method_handler(self.iterated),
            "/t/written": grpc.stream_stream_rpc_method_handler(self.written),
            "/t/listed": grpc.unary_stream_rpc_method_handler(self.iterated),
            "/t/gathered": grpc.stream_unary_rpc_method_handler(self.unary),
            "/t/refused": grpc.unary_unary_rpc_method_handler(self.refused),
            "/t/parsed": grpc.unary_unary_rpc_method_handler(self.parsed, request_deserializer=parse),
        }.get(handler_call_details.method)  # type: ignore[attr-defined]

    async def unary(self, request: Any, context: Any) -> bytes:
        raise KeyError(NAME)

    async def iterated(self, request: Any, context: Any) -> AsyncIterator[bytes]:
        yield b"first"
        raise KeyError(NAME)

    async def written(self, request: Any, context: Any) -> None:
        await context.write(b"first")
        raise KeyError(NAME)

    async def refused(self, request: Any, context: Any) -> bytes:
        await context.abort(grpc.StatusCode.PERMISSION_DENIED, "CODE_REFUSED")

    async def parsed(self, request: Any, context: Any) -> bytes:
        assert request is None
        return b"parsed"


def parse(raw: bytes) -> Any:
    raise ValueError(NAME)


@pytest.fixture
async def channel() -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server(interceptors=[Guard()])
    server.add_generic_rpc_handlers([Talkative()])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as open_channel:
        yield open_channel
    await server.stop(None)


def told(error: grpc.aio.AioRpcError) -> str:
    """Everything of the error that came over the line."""
    trailing = error.trailing_metadata()
    return f"{error.details()} {error.debug_error_string()} {trailing} {error.initial_metadata()}"


async def requests() -> AsyncIterator[bytes]:
    yield b"one"


@pytest.mark.parametrize("method", ["/t/iterated", "/t/written", "/t/listed"])
async def test_a_stream_that_raises_tells_nothing(channel: grpc.aio.Channel, method: str) -> None:
    if method == "/t/listed":
        call: Any = channel.unary_stream(method, None, None)(b"")
    else:
        call = channel.stream_stream(method, None, None)()
    assert await call.read() == b"first"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call.read()
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert caught.value.details() == "INTERNAL"
    assert NAME not in told(caught.value)
    assert "KeyError" not in told(caught.value)


@pytest.mark.parametrize("method", ["/t/unary", "/t/gathered"])
async def test_a_call_that_raises_tells_nothing(channel: grpc.aio.Channel, method: str) -> None:
    call: Any
    if method == "/t/unary":
        call = channel.unary_unary(method, None, None)(b"")
    else:
        call = channel.stream_unary(method, None, None)(requests())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    assert caught.value.details() == "INTERNAL"
    assert NAME not in told(caught.value)


async def test_what_a_handler_says_itself_is_said(channel: grpc.aio.Channel) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await channel.unary_unary("/t/refused", None, None)(b"")
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.PERMISSION_DENIED, "CODE_REFUSED")


async def test_what_a_parser_says_stays_here_too(channel: grpc.aio.Channel) -> None:
    assert await channel.unary_unary("/t/parsed", None, None)(b"") == b"parsed"
