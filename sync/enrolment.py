"""The second door: how a node that has no certificate yet asks for one. Only the server shows a certificate."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import grpc

from moyai.v1 import exchange_pb2, exchange_pb2_grpc
from sync.border import Guard
from sync.callers import Callers
from sync.channel import TlsIdentity, channel_of_nobody, server_options
from sync.errors import MoyaiError, PeerRefused, PeerUnreachable
from sync.limits import CALLS_PER_CALLER_MAX, GREETING_BYTES_MAX, REQUEST_S_MAX
from sync.reasons import Reason, heard, said_for
from sync.server import STOP_S, bind
from sync.threads import Threads

CALL_S_MAX = 30.0
CODE_CHARACTERS_MAX = 64
CALLS_AT_ONCE_MAX = 16 * CALLS_PER_CALLER_MAX
"""Those that have been told to give way, until they are gone, among them."""


@dataclass(frozen=True, slots=True)
class Application:
    """What a new node asks with."""

    code: str
    certificate: bytes
    """The NodeCertificate wished for, serialised."""
    signature: bytes


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What it gets."""

    certificate: bytes
    """A SignedNodeCertificate, serialised."""
    roster: bytes
    """The SignedRoster, serialised."""


Registrar = Callable[[Application], Enrolled]
"""The node's say: blocking; raises MoyaiError, of which the caller learns no more than a reason of `Reason`."""


class EnrolmentServer:
    """Listens for those who have yet to enrol; `enrolled` is awaited after each, to let the new certificate in."""

    def __init__(
        self,
        registrar: Registrar,
        identity: TlsIdentity,
        threads: Threads,
        enrolled: Callable[[], Awaitable[None]],
        *,
        request_s: float = REQUEST_S_MAX,
    ) -> None:
        self._identity = identity
        self._server = grpc.aio.server(
            interceptors=[Guard(), Callers(request_s=request_s)],
            options=server_options(request_s),
            maximum_concurrent_rpcs=CALLS_AT_ONCE_MAX,
        )
        service = _Enrolment(registrar, threads, enrolled)
        exchange_pb2_grpc.add_EnrolmentServiceServicer_to_server(service, self._server)

    async def start(self, listen: str) -> int:
        """Listen on "host:port"; returns the port. Raises ListenFailed."""
        pair = (self._identity.key, self._identity.certificate)
        port = bind(self._server, listen, grpc.ssl_server_credentials([pair]))
        await self._server.start()
        return port

    async def stop(self, grace_s: float = STOP_S) -> None:
        """Close the door."""
        await self._server.stop(grace_s)


class _Enrolment(exchange_pb2_grpc.EnrolmentServiceServicer):
    def __init__(self, registrar: Registrar, threads: Threads, enrolled: Callable[[], Awaitable[None]]) -> None:
        self._registrar = registrar
        self._threads = threads
        self._enrolled = enrolled

    async def Enrol(self, request: Any, context: Any) -> exchange_pb2.EnrolResponse:  # noqa: N802
        """Trades a one-time code for a certificate."""
        if request is None or not _measured(request):
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, Reason.LIMIT_PASSED.value)
        application = Application(request.code, request.certificate, request.signature)
        try:
            given = await self._threads.ask(lambda: self._registrar(application))
        except MoyaiError as error:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, said_for(error, Reason.CODE_REFUSED).value)
        await self._enrolled()
        return exchange_pb2.EnrolResponse(certificate=given.certificate, roster=given.roster)


async def enrol(endpoint: str, pinned: Iterable[bytes], application: Application) -> Enrolled:
    """Ask the home node at "host:port", which must show one of the pinned certificates (DER).

    Raises:
        PeerRefused: it does not take the code; `peer_reason` says why as far as it tells.
        PeerUnreachable: it can't be reached, or is not who was pinned.
    """
    request = exchange_pb2.EnrolRequest(
        code=application.code, certificate=application.certificate, signature=application.signature
    )
    async with channel_of_nobody(endpoint, pinned) as channel:
        try:
            response = await exchange_pb2_grpc.EnrolmentServiceStub(channel).Enrol(request, timeout=CALL_S_MAX)
        except grpc.aio.AioRpcError as error:
            refusals = {grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.INVALID_ARGUMENT}
            if error.code() in refusals:
                raise PeerRefused(peer_reason=heard(error.details() or "")) from None
            raise PeerUnreachable(cause=error.code().name) from None
    return Enrolled(response.certificate, response.roster)


def _measured(request: exchange_pb2.EnrolRequest) -> bool:
    return len(request.code) <= CODE_CHARACTERS_MAX and len(request.certificate) <= GREETING_BYTES_MAX
