"""The listening side: conversations behind mutual TLS, and health."""

from collections.abc import Iterable
from threading import Lock
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2

from moyai.v1 import exchange_pb2, exchange_pb2_grpc
from sync.border import Guard, caller_certificate
from sync.callers import Callers
from sync.channel import END_OF_STREAM, LINE_ERRORS, TlsIdentity, der_of, pem_of, server_options
from sync.conversation import Conversations, turn_away
from sync.errors import ListenFailed, PeerUnreachable, ProtocolBroken
from sync.frames import Frame
from sync.limits import SESSIONS_MAX
from sync.reasons import Reason
from sync.wire import frame_of, message_of

SERVICE = "moyai.v1.ExchangeService"
"""The name health answers for, beside the empty one."""

STOP_S = 5.0
"""How long conversations have to say goodbye when the server stops."""


class ExchangeServer:
    """Listens for peers; nobody but who is in the peer book now gets past the greeting."""

    def __init__(self, conversations: Conversations, identity: TlsIdentity) -> None:
        self._conversations = conversations
        self._door = _Door(identity)
        self._health = _Health()
        self._server = grpc.aio.server(
            interceptors=[Guard(), Callers()], options=server_options(), maximum_concurrent_rpcs=2 * SESSIONS_MAX
        )
        exchange_pb2_grpc.add_ExchangeServiceServicer_to_server(_Exchange(conversations), self._server)
        self._server.add_generic_rpc_handlers([self._health.handler()])

    async def start(self, listen: str) -> int:
        """Listen on "host:port"; returns the port, which matters where 0 was asked for.

        Raises:
            ListenFailed: the address can't be had.
        """
        await self.refresh()
        port = bind(self._server, listen, self._door.credentials())
        await self._server.start()
        return port

    async def refresh(self) -> None:
        """Let in whom the peer book names now: to be called when roster, enrolments or revocations have changed."""
        peers = await self._conversations.threads.ask(self._conversations.book.peers)
        admitted = {certificate for peer in peers for certificate in peer.tls_certificates}
        self._door.admit(admitted)
        self._conversations.keep_only(admitted)

    async def stop(self, grace_s: float = STOP_S) -> None:
        """Answer health with NOT_SERVING, let conversations say goodbye, close."""
        self._conversations.stop()
        self._health.stopping = True
        await self._server.stop(grace_s)
        await self._conversations.settled()


class _Door:
    """Which certificates TLS lets in; read anew for every connection, so that a new roster needs no restart.

    Our own is let in as well: health is asked by this node's own command line. A certificate that some pinned one has
    issued may pass here, which is why the exact one is looked up before anything is said.

    A configuration is handed over once, when it has changed. gRPC asks for it at every connection, and one that is
    handed over each time is torn down under those that are still shaking hands: some hundred strangers who connected,
    said nothing and left together ended the process (seen with grpcio 1.85.1).
    """

    def __init__(self, identity: TlsIdentity) -> None:
        self._identity = identity
        self._own = der_of(identity.certificate)
        self._admitted = frozenset({self._own})
        self._changed: grpc.ServerCertificateConfiguration | None = None
        self._lock = Lock()

    def admit(self, certificates: Iterable[bytes]) -> None:
        """Let in these (DER) and nobody else from the next connection on."""
        admitted = frozenset({self._own, *certificates})
        if admitted != self._admitted:
            self._admitted = admitted
            configured = self._configured()
            with self._lock:
                self._changed = configured

    def credentials(self) -> grpc.ServerCredentials:
        """What the port is opened with."""
        with self._lock:
            self._changed = None
        news: Any = self._news  # the stubs do not know that None may be answered; gRPC's documentation does
        return grpc.dynamic_ssl_server_credentials(self._configured(), news, require_client_authentication=True)

    def _news(self) -> grpc.ServerCertificateConfiguration | None:
        """What has changed since gRPC last asked, from whichever thread it does; None: nothing."""
        with self._lock:
            changed, self._changed = self._changed, None
        return changed

    def _configured(self) -> grpc.ServerCertificateConfiguration:
        return grpc.ssl_server_certificate_configuration(
            [(self._identity.key, self._identity.certificate)], root_certificates=pem_of(sorted(self._admitted))
        )


class _Health:
    """Answers `Check`. There is no `Watch`: streams that tell nothing for days are for nobody but who wants to be in
    the way."""

    def __init__(self) -> None:
        self.stopping = False

    def handler(self) -> Any:
        """What the server is to have of the health service."""
        check = grpc.unary_unary_rpc_method_handler(
            self._check,
            request_deserializer=health_pb2.HealthCheckRequest.FromString,
            response_serializer=health_pb2.HealthCheckResponse.SerializeToString,
        )
        return grpc.method_handlers_generic_handler(health.SERVICE_NAME, {"Check": check})

    async def _check(self, request: Any, context: Any) -> Any:
        if request is None or request.service not in {"", SERVICE}:
            await context.abort(grpc.StatusCode.NOT_FOUND, "")
        answer = health_pb2.HealthCheckResponse
        return answer(status=answer.NOT_SERVING if self.stopping else answer.SERVING)


class _Exchange(exchange_pb2_grpc.ExchangeServiceServicer):
    """Finds out who calls, then holds the conversation."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def Exchange(self, request_iterator: Any, context: Any) -> None:  # type: ignore[override]  # noqa: ARG002, N802
        """One conversation."""
        stream = _Called(context)
        certificate = caller_certificate(context.auth_context())
        book = self._conversations.book
        peer = await self._conversations.threads.ask(lambda: book.caller(certificate) if certificate else None)
        if peer is None:
            await turn_away(stream, Reason.UNKNOWN_PEER)
            return
        await self._conversations.hold(stream, peer, dialled=False)


class _Called:
    """The line to a peer that has called us."""

    def __init__(self, context: Any) -> None:
        self._context = context

    async def read(self) -> Frame | None:
        try:
            message = await self._context.read()
        except LINE_ERRORS as error:
            raise PeerUnreachable(cause=type(error).__name__) from None
        if message is END_OF_STREAM:
            return None
        if message is None:
            raise ProtocolBroken(rule="a message that is none")
        return frame_of(message.frame)

    async def write(self, frame: Frame) -> int:
        try:
            message = exchange_pb2.ExchangeResponse(frame=message_of(frame))
            await self._context.write(message)
        except LINE_ERRORS as error:
            raise PeerUnreachable(cause=type(error).__name__) from None
        return message.ByteSize()


def bind(server: grpc.aio.Server, listen: str, credentials: grpc.ServerCredentials) -> int:
    """Open a port.

    Raises:
        ListenFailed: the address can't be had.
    """
    try:
        return server.add_secure_port(listen, credentials)
    except RuntimeError:
        raise ListenFailed(listen=listen) from None
