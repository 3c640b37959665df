"""How many calls one caller may hold at once, and how long it may take to say what it wants.

gRPC counts all calls together and waits for ever for what a call asks, so a few calls that say nothing would keep
everybody out. A caller is who shows one certificate; all who show none are one.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from sync.border import caller_certificate, quiet
from sync.channel import END_OF_STREAM
from sync.limits import CALLS_PER_CALLER_MAX, REQUEST_S_MAX
from sync.reasons import Reason

Behaviour = Callable[[Any, Any], Awaitable[Any]]


class Call:
    """One call: what a handler needs of gRPC's context, with its last write seen to its end.

    A message for a caller that does not read is never sent, and neither is the end of the call behind it: gRPC keeps
    both until the line is gone, and so the call counts until then.
    """

    def __init__(self, context: Any, request_s: float) -> None:
        self._context = context
        self._request_s = request_s
        self._writing: asyncio.Future[Any] | None = None
        self.gives_way = asyncio.Event()

    def auth_context(self) -> Any:
        """Who is calling, as TLS knows it."""
        return self._context.auth_context()

    async def read(self) -> Any:
        """The next message, or END_OF_STREAM."""
        return await self._context.read()

    async def write(self, message: Any) -> None:
        """Returns when there is room for the next one; given up, the write goes on by itself, and is the last."""
        if self._writing is not None and not self._writing.done():
            raise asyncio.InvalidStateError
        self._writing = asyncio.ensure_future(self._context.write(message))
        await asyncio.shield(self._writing)

    async def abort(self, code: grpc.StatusCode, details: str) -> None:
        """End the call with a status."""
        await self._context.abort(code, details)

    async def request(self) -> Any:
        """The one message of a call that asks one thing; the call is ended where it does not come in time, or has to
        give way to another."""
        reading = asyncio.ensure_future(self.read())
        giving = asyncio.ensure_future(self.gives_way.wait())
        try:
            await asyncio.wait({reading, giving}, timeout=self._request_s, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                slow = grpc.StatusCode.DEADLINE_EXCEEDED, Reason.SILENT.value
                busy = grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.BUSY.value
                await self.abort(*(busy if giving.done() else slow))
            request = reading.result()
        finally:
            giving.cancel()
            reading.cancel()
            await quiet(reading)
        if request is END_OF_STREAM:
            await self.abort(grpc.StatusCode.INVALID_ARGUMENT, Reason.PROTOCOL_BROKEN.value)
        return request

    def when_gone(self, told: Callable[[], None]) -> None:
        """Tell when nothing of the handler's is on its way any more."""

        def written(writing: "asyncio.Future[Any]") -> None:
            if not writing.cancelled():
                writing.exception()  # that the line broke is nothing to anybody now
            told()

        if self._writing is None:
            told()
        else:
            self._writing.add_done_callback(written)


class Callers(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Stands before every handler. Where a caller has as many calls as it may, the oldest that has not said what it
    wants gives way to the next; where all have, the next is turned away."""

    def __init__(self, *, request_s: float = REQUEST_S_MAX) -> None:
        self._request_s = request_s
        self._calls: defaultdict[bytes, dict[Call, bool]] = defaultdict(dict)
        """Of each caller, oldest first: whether the call has yet to say what it wants."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """The handler of the call, counted. Of a kind that is told of a call when it begins, not when it has asked."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        behaviour = handler.stream_stream or handler.unary_unary
        return grpc.stream_stream_rpc_method_handler(
            self._counted(behaviour, asks_first=not handler.request_streaming),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _counted(self, behaviour: Behaviour, *, asks_first: bool) -> Behaviour:
        async def counted(_requests: Any, context: Any) -> None:
            call = Call(context, self._request_s)
            caller = caller_certificate(context.auth_context()) or b""
            if not self._has_room(caller):
                await call.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.BUSY.value)
            calls = self._calls[caller]
            calls[call] = asks_first
            try:
                if asks_first:
                    await self._answer(behaviour, call, calls)
                else:
                    await behaviour(None, call)
            finally:
                call.when_gone(lambda: self._gone(caller, call))

        return counted

    async def _answer(self, behaviour: Behaviour, call: Call, calls: dict[Call, bool]) -> None:
        request = await call.request()
        calls[call] = False
        answer = await behaviour(request, call)
        try:
            async with asyncio.timeout(self._request_s):
                await call.write(answer)
        except TimeoutError:
            return

    def _has_room(self, caller: bytes) -> bool:
        calls = self._calls.get(caller, {})
        if len(calls) < CALLS_PER_CALLER_MAX:
            return True
        waiting = next((call for call, waits in calls.items() if waits), None)
        if waiting is None:
            return False
        waiting.gives_way.set()
        self._gone(caller, waiting)
        return True

    def _gone(self, caller: bytes, call: Call) -> None:
        self._calls[caller].pop(call, None)
        if not self._calls[caller]:
            del self._calls[caller]
