"""Who is calling, and the guard that lets no text of an exception leave the house.

grpc.aio sends the text of an unhandled exception to the peer. A guard around a call that returns an iterator guards
nothing, so the guard stands around the iteration too.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import structlog

from sync.channel import der_of
from sync.threads import where

_log = structlog.get_logger(__name__)

Handler = Callable[[Any, Any], Any]
Reader = Callable[[bytes], Any]


def caller_certificate(auth_context: Any) -> bytes | None:
    """The exact certificate (DER) the caller has shown and proved to hold; None where it has shown none."""
    for pem in auth_context.get("x509_pem_cert", ()):
        return der_of(bytes(pem))
    return None


class Guard(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Stands around every handler of every kind: what it raises becomes INTERNAL without a word."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """The handler of the call, guarded."""
        handler = await continuation(handler_call_details)
        return None if handler is None else _guarded(handler)


def _guarded(handler: Any) -> Any:
    """The same handler with its behaviour guarded, and a message that can't be read handed to it as None."""
    kind, make = _KINDS[handler.request_streaming, handler.response_streaming]
    return make(
        _guard(getattr(handler, kind)),
        request_deserializer=_tolerant(handler.request_deserializer),
        response_serializer=handler.response_serializer,
    )


_KINDS: dict[tuple[bool, bool], tuple[str, Callable[..., Any]]] = {
    (False, False): ("unary_unary", grpc.unary_unary_rpc_method_handler),
    (False, True): ("unary_stream", grpc.unary_stream_rpc_method_handler),
    (True, False): ("stream_unary", grpc.stream_unary_rpc_method_handler),
    (True, True): ("stream_stream", grpc.stream_stream_rpc_method_handler),
}


def _guard(behaviour: Handler) -> Handler:
    if inspect.isasyncgenfunction(behaviour):

        async def iterate(request: Any, context: Any) -> AsyncIterator[Any]:
            try:
                async for response in behaviour(request, context):
                    yield response
            except Exception as error:  # noqa: BLE001 -- the border of the house
                await _turn_away(error, context)

        return iterate

    async def call(request: Any, context: Any) -> Any:
        try:
            return await behaviour(request, context)
        except Exception as error:  # noqa: BLE001 -- the border of the house
            return await _turn_away(error, context)

    return call


async def _turn_away(error: Exception, context: Any) -> None:
    """End the call with a bare status; a handler's own `abort` passes, as it has been sent already."""
    if isinstance(error, grpc.aio.AbortError):
        raise error
    _log.error("handler_failed", fault=type(error).__name__, at=where(error))
    await context.abort(grpc.StatusCode.INTERNAL, "INTERNAL")


def _tolerant(read: Reader | None) -> Reader | None:
    """A message that is none reads as None: the parser's own words are not for the peer either."""
    if read is None:
        return None

    def tolerant(raw: bytes) -> Any:
        try:
            return read(raw)
        except Exception:  # noqa: BLE001 -- whatever a parser raises for a stranger's bytes
            return None

    return tolerant


async def quiet(act: Awaitable[Any]) -> None:
    """Wait for the act to end, however it ends: nobody is left to be told."""
    await asyncio.gather(act, return_exceptions=True)
