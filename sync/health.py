"""Asks a node whether it serves, by gRPC's own health service."""

from collections.abc import Iterable
from typing import Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from sync.channel import CHANNEL_OPTIONS, TlsIdentity, pem_of

ANSWER_S: Final = 5.0
"""On one machine an answer takes milliseconds; whoever watches over many waits no longer than this."""


def serves(endpoint: str, pinned: Iterable[bytes], identity: TlsIdentity, *, within_s: float = ANSWER_S) -> bool:
    """Whether the node at "host:port", known by these certificates (DER), says in time that it serves. Blocks."""
    credentials = grpc.ssl_channel_credentials(pem_of(pinned), identity.key, identity.certificate)
    with grpc.secure_channel(endpoint, credentials, options=CHANNEL_OPTIONS) as channel:
        stub = health_pb2_grpc.HealthStub(channel)  # type: ignore[no-untyped-call]
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=within_s)
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
