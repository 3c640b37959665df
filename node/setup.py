"""Makes a node: its directory, its keys and its empty ledger. Safe to repeat: what is there is never overwritten."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moyai.v1 import trust_pb2
from node.config import NodeConfig, NodeDirectory
from node.drill import said
from node.errors import NodeAlreadySetUp
from node.files import write_durably
from node.ledger import Ledger
from node.trust import keyfile, tls
from node.trust.keys import BoxKey, NodeKey, OrganisationKey
from node.trust.members import KIND_WORDS, member_card
from node.vault import BOX_SECRET, DRILL, NODE_SEED, ORGANISATION_BOX, TLS_CERTIFICATE, TLS_KEY

YEAR_MS: Final = 365 * 24 * 3600 * 1000
KEY_YEARS: Final = 10
"""How long an organisation's key is valid; a roster can end it any day."""


@dataclass(frozen=True, slots=True)
class Locks:
    """How the node's keys are kept: a file only root can read, or a passphrase."""

    key_file: Path | None = None
    passphrase: str | None = None


def make_node(
    directory: NodeDirectory,
    config: NodeConfig,
    locks: Locks,
    *,
    endpoints: tuple[str, ...],
    entropy: Callable[[int], bytes],
    now_ms: int,
) -> None:
    """Make the directory, the keys and the ledger; for a home node the organisation's key and its member card as well.

    Raises:
        NodeAlreadySetUp: there is a node here; nothing was changed.
    """
    if directory.config.exists():
        raise NodeAlreadySetUp(directory=str(directory.path))
    directory.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = _store_key(directory, locks, entropy)
    identity = tls.new_identity()
    node_key, box_key = NodeKey.generate(entropy), BoxKey.generate(entropy)
    directory.ledger.unlink(missing_ok=True)  # of a set-up that did not come to its end
    with Ledger.create(directory.ledger, key) as ledger, ledger.write() as writing:
        writing.set_secret(NODE_SEED, node_key.seed)
        writing.set_secret(BOX_SECRET, box_key.secret)
        writing.set_secret(TLS_CERTIFICATE, identity.certificate)
        writing.set_secret(TLS_KEY, identity.key_pem)
        writing.set_meta(DRILL, said(drill=config.drill))
        if config.role == "home":
            organisation_box = BoxKey.generate(entropy)
            writing.set_secret(ORGANISATION_BOX, organisation_box.secret)
            member = _member(config, endpoints, identity.certificate, organisation_box)
            _found_organisation(directory, member, locks, entropy, now_ms, drill=config.drill)
    if config.role == "home":
        write_durably(directory.unfinished, b"")
    directory.write_config(config)


def _member(
    config: NodeConfig, endpoints: tuple[str, ...], certificate: bytes, organisation_box: BoxKey
) -> trust_pb2.Organisation:
    return trust_pb2.Organisation(
        code=config.organisation,
        name=config.organisation_name,
        kind=KIND_WORDS[config.kind],
        box_key=organisation_box.public_key,
        endpoints=endpoints,
        tls_certificates=[certificate],
    )


def _found_organisation(
    directory: NodeDirectory,
    member: trust_pb2.Organisation,
    locks: Locks,
    entropy: Callable[[int], bytes],
    now_ms: int,
    *,
    drill: bool,
) -> None:
    """The organisation's own key beside the ledger, under the same lock, and the card for the roster."""
    key = OrganisationKey.generate(entropy)
    member.signing_keys.add(
        public_key=key.public_key, valid_from_ms=now_ms, valid_until_ms=now_ms + KEY_YEARS * YEAR_MS
    )
    keyfile.write_key_file(
        directory.organisation_key, _locked(key.seed, keyfile.ORGANISATION, locks, entropy, keyfile.SENSITIVE)
    )
    write_durably(directory.member_card, member_card(member, drill=drill), mode=0o644)


def _store_key(directory: NodeDirectory, locks: Locks, entropy: Callable[[int], bytes]) -> bytes:
    """The key of the ledger: that of a key file that is there already, or a new one."""
    if locks.key_file is not None:
        if not locks.key_file.exists():
            keyfile.write_key_file(locks.key_file, keyfile.bare(entropy(32), kind=keyfile.STORE))
        return keyfile.read_key_file(locks.key_file, kind=keyfile.STORE)
    key = entropy(32)
    keyfile.write_key_file(directory.wrapped_key, _locked(key, keyfile.STORE, locks, entropy, keyfile.MODERATE))
    return key


def _locked(secret: bytes, kind: str, locks: Locks, entropy: Callable[[int], bytes], effort: keyfile.Effort) -> bytes:
    if locks.passphrase is None:
        return keyfile.bare(secret, kind=kind)
    return keyfile.wrap(secret, kind=kind, passphrase=locks.passphrase, entropy=entropy, effort=effort)
