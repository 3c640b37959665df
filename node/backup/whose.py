"""Whether what is in a backup is of the node that has signed it, and of the organisation it is named by."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from node.backup.content import BARE_KEY, CONFIG
from node.backup.head import BackupHead
from node.config import NodeConfig
from node.errors import BackupForged, BackupUnsound, CertificateMalformed
from node.ledger.glimpse import secrets_of
from node.trust import keyfile
from node.trust.certificate import named_in
from node.trust.keys import NodeKey
from node.vault import CERTIFICATE, NODE_SEED


def ledger_key(small: dict[str, bytes]) -> bytes:
    """The key of the ledger in a backup."""
    return keyfile.unwrap(small[BARE_KEY], kind=keyfile.STORE, passphrase=None)


def config_in(small: dict[str, bytes]) -> NodeConfig:
    """The node.toml in a backup.

    Raises:
        BackupUnsound: it does not say what it should.
    """
    try:
        return NodeConfig.model_validate(tomllib.loads(small[CONFIG].decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise BackupUnsound(what=CONFIG) from error


def check_whose(head: BackupHead, small: dict[str, bytes], ledger: Path) -> None:
    """Anybody can seal to public keys, and write any name on it; the key of the node only the node has.

    Raises:
        BackupForged: key, node.toml or certificate is another's than the head's.
        BackupUnsound: node.toml can't be read.
    """
    seed, signed = secrets_of(ledger, ledger_key(small), NODE_SEED, CERTIFICATE)
    if _public_key(seed) != head.public_key:
        raise BackupForged(what=NODE_SEED)
    if config_in(small).organisation != head.organisation:
        raise BackupForged(what=CONFIG)
    if _named(signed) != (head.organisation, head.node, head.public_key):
        raise BackupForged(what=CERTIFICATE)


def _public_key(seed: bytes | None) -> bytes | None:
    try:
        return None if seed is None else NodeKey(seed).public_key
    except ValueError:
        return None


def _named(signed: bytes | None) -> tuple[str, bytes, bytes] | None:
    try:
        said = named_in(signed or b"")
    except CertificateMalformed:
        return None
    return said.organisation, said.node, said.public_key
