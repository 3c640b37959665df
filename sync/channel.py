"""What a connection is made of: our TLS identity, the peer's pinned certificates, and gRPC's own limits."""

import asyncio
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import grpc

from sync.limits import CALLS_PER_CALLER_MAX, CONNECTIONS_MAX, FRAME_BYTES_MAX, REQUEST_S_MAX

TLS_NAME = "moyai"
"""The one name in every node's certificate: a peer is who its pinned certificate says, never what a name claims."""

_COMMON_OPTIONS: list[tuple[str, int | str]] = [
    ("grpc.max_send_message_length", FRAME_BYTES_MAX),
    ("grpc.max_receive_message_length", FRAME_BYTES_MAX),
    ("grpc.max_metadata_size", 8_192),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 60_000),
    ("grpc.http2.max_pings_without_data", 0),
]

_SERVER_OPTIONS: list[tuple[str, int | str]] = [
    *_COMMON_OPTIONS,
    ("grpc.so_reuseport", 0),
    ("grpc.max_concurrent_streams", CALLS_PER_CALLER_MAX),
    ("grpc.http2.min_ping_interval_without_data_ms", 30_000),
    ("grpc.max_connection_age_ms", 21_600_000),
    ("grpc.max_connection_age_grace_ms", 600_000),
    ("grpc.max_allowed_incoming_connections", CONNECTIONS_MAX),
]

CHANNEL_OPTIONS: list[tuple[str, int | str]] = [
    *_COMMON_OPTIONS,
    ("grpc.ssl_target_name_override", TLS_NAME),
    ("grpc.default_authority", TLS_NAME),
    ("grpc.enable_retries", 0),
    ("grpc.enable_http_proxy", 0),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.service_config_disable_resolution", 1),
]


END_OF_STREAM: Any = grpc.aio.EOF  # type: ignore[attr-defined]  # missing in the stubs
"""What a read returns when the other side has closed its side."""

LINE_ERRORS: tuple[type[Exception], ...] = (grpc.RpcError, grpc.aio.BaseError, asyncio.InvalidStateError)
"""What gRPC raises when a line is broken or the other side has ended the call."""


def server_options(request_s: float = REQUEST_S_MAX) -> list[tuple[str, int | str]]:
    """What a door is opened with; `request_s` is how long a connection stays on which nobody calls."""
    patience_ms = int(request_s * 1000)
    return [
        *_SERVER_OPTIONS,
        ("grpc.server_handshake_timeout_ms", patience_ms),
        ("grpc.max_connection_idle_ms", patience_ms),
    ]


@dataclass(frozen=True, slots=True)
class TlsIdentity:
    """Our own P-256 key and certificate, PEM."""

    key: bytes = field(repr=False)
    certificate: bytes


def channel_to(endpoint: str, pinned: Iterable[bytes], identity: TlsIdentity) -> grpc.aio.Channel:
    """A channel to "host:port" that trusts nothing but the pinned certificates (DER), and shows ours."""
    credentials = grpc.ssl_channel_credentials(
        root_certificates=pem_of(pinned), private_key=identity.key, certificate_chain=identity.certificate
    )
    return grpc.aio.secure_channel(endpoint, credentials, options=CHANNEL_OPTIONS)


def channel_of_nobody(endpoint: str, pinned: Iterable[bytes]) -> grpc.aio.Channel:
    """A channel that trusts the pinned certificates and shows none: for a node that has yet to enrol."""
    credentials = grpc.ssl_channel_credentials(root_certificates=pem_of(pinned))
    return grpc.aio.secure_channel(endpoint, credentials, options=CHANNEL_OPTIONS)


def pem_of(certificates: Iterable[bytes]) -> bytes:
    """DER certificates as one PEM file."""
    return "".join(map(ssl.DER_cert_to_PEM_cert, certificates)).encode("ascii")


def der_of(certificate_pem: bytes) -> bytes:
    """One PEM certificate as DER."""
    return ssl.PEM_cert_to_DER_cert(certificate_pem.decode("ascii"))
