"""Finds the key that opens a node's store: handed over by the service manager, in a key file, or under a passphrase."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from node.config import NodeConfig, NodeDirectory
from node.trust import keyfile

CREDENTIAL: Final = "moyai.key"
"""Under this name systemd hands the key file over (`LoadCredential=`), in place of the one that node.toml names."""


def store_key(directory: NodeDirectory, config: NodeConfig, passphrase: Callable[[], str]) -> bytes:
    """The key; `passphrase` is asked only where there is neither a credential nor a key file.

    Raises:
        TrustRefused: the file is missing, open to others, or does not open.
    """
    handed = handed_over()
    if handed is not None:
        return keyfile.read_key_file(handed, kind=keyfile.STORE, guarded=True)
    if config.key_file:
        return keyfile.read_key_file(Path(config.key_file), kind=keyfile.STORE)
    return keyfile.read_key_file(directory.wrapped_key, kind=keyfile.STORE, passphrase=passphrase())


def handed_over() -> Path | None:
    """Where the service manager has laid the key for this process, if it has."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder, CREDENTIAL) if folder else None
    return path if path is not None and path.is_file() else None
