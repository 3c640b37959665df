"""Asks the daemon of a node on this machine whether it serves, beside it and as a peer would."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from node.config import NodeDirectory
from node.errors import NodeLocked, NotServing, NotThisNode
from node.ledger.glimpse import secrets_of
from node.unlocking import store_key
from node.vault import TLS_CERTIFICATE, TLS_KEY
from sync.channel import TlsIdentity
from sync.health import serves

ANY: Final = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 -- asked at, not listened to
"""Where a daemon that listens everywhere is asked."""


def ask_daemon(path: Path, passphrase: Callable[[], str]) -> str:
    """Where it answered, "host:port".

    Raises:
        NotThisNode: a field node only dials.
        NotServing: it does not answer, or says that it is about to stop.
        NodeNotSetUp, NodeLocked, LedgerRefused, TrustRefused: as for every command.
    """
    directory = NodeDirectory(path)
    config = directory.read_config()
    if not config.listen:
        raise NotThisNode(expected="home")
    key, certificate = secrets_of(directory.ledger, store_key(directory, config, passphrase), TLS_KEY, TLS_CERTIFICATE)
    if key is None or certificate is None:
        raise NodeLocked(what=TLS_KEY)
    host, _, port = config.listen.rpartition(":")
    endpoint = f"{ANY.get(host, host)}:{port}"
    shown = TlsIdentity(key=key, certificate=ssl.DER_cert_to_PEM_cert(certificate).encode())
    if not serves(endpoint, [certificate], shown):
        raise NotServing(listen=endpoint)
    return endpoint
