"""The dialling side: connects to a peer, which must show the certificate pinned for it, and holds a conversation."""

import asyncio
from typing import Any

import grpc

from moyai.v1 import exchange_pb2, exchange_pb2_grpc
from sync.channel import END_OF_STREAM, LINE_ERRORS, TlsIdentity, channel_to
from sync.conversation import CUT, Conversations, Ended
from sync.effects import Outcome
from sync.errors import PeerUnreachable
from sync.frames import Frame
from sync.ports import Peer
from sync.wire import frame_of, message_of

CONNECT_S = 30.0
"""One endpoint: a satellite link needs three round trips of 0.7 s, with stalls."""

LINGER_S = 10.0
"""How long to wait for the other side to end the call after goodbye."""


class Dialler:
    """Dials peers."""

    def __init__(self, conversations: Conversations, identity: TlsIdentity, *, connect_s: float = CONNECT_S) -> None:
        self._conversations = conversations
        self._identity = identity
        self._connect_s = connect_s

    async def converse(self, peer: Peer, *, stays: bool = False) -> Outcome:
        """Try the peer's endpoints in order, and hold a conversation over the first that answers. Does not raise.

        Args:
            peer: whom to dial.
            stays: rest when everything is settled, until the line breaks or this node stops.
        """
        for endpoint in peer.endpoints:
            async with channel_to(endpoint, peer.tls_certificates, self._identity) as channel:
                if not await self._connected(channel):
                    continue
                stream = _Dialled(channel)
                try:
                    return await self._conversations.hold(stream, peer, dialled=True, stays=stays)
                finally:
                    await stream.end()
        await self._conversations.ended(Ended(peer, dialled=True, outcome=CUT))
        return CUT

    async def _connected(self, channel: grpc.aio.Channel) -> bool:
        """Whether a TLS connection stands; the first failure decides, the schedule tries again."""
        try:
            async with asyncio.timeout(self._connect_s):
                state = channel.get_state(try_to_connect=True)
                while state is not grpc.ChannelConnectivity.READY:
                    if state in {grpc.ChannelConnectivity.TRANSIENT_FAILURE, grpc.ChannelConnectivity.SHUTDOWN}:
                        return False
                    await channel.wait_for_state_change(state)
                    state = channel.get_state(try_to_connect=True)
        except TimeoutError:
            return False
        return True


class _Dialled:
    """The line to a peer we have called."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        stub: Any = exchange_pb2_grpc.ExchangeServiceStub(channel)  # the stubs do not know calls without an iterator
        self._call = stub.Exchange()

    async def read(self) -> Frame | None:
        try:
            message = await self._call.read()
        except LINE_ERRORS as error:
            raise PeerUnreachable(cause=_cause(error)) from None
        return None if message is END_OF_STREAM else frame_of(message.frame)

    async def write(self, frame: Frame) -> int:
        try:
            message = exchange_pb2.ExchangeRequest(frame=message_of(frame))
            await self._call.write(message)
        except LINE_ERRORS as error:
            raise PeerUnreachable(cause=_cause(error)) from None
        return message.ByteSize()

    async def end(self) -> None:
        """Let our goodbye arrive: close our side, wait a little for the other side to close its own."""
        if self._call.done():  # a read that was given up has taken the call with it
            return
        try:
            async with asyncio.timeout(LINGER_S):
                await self._call.done_writing()
                while await self._call.read() is not END_OF_STREAM:
                    pass
        except TimeoutError:
            self._call.cancel()
        except LINE_ERRORS:
            self._call.cancel()


def _cause(error: Exception) -> str:
    """The status code, or the kind of error: never its text, which came from outside."""
    return error.code().name if isinstance(error, grpc.aio.AioRpcError) else type(error).__name__
