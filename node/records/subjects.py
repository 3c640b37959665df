"""Subject ids that everybody derives alike, so that two nodes that load one list speak of the same places."""

from collections.abc import Callable
from hashlib import sha256

SUBJECT_BYTES = 16
PERSON_CHANCE_BYTES = 10


def place_subject(key: str) -> bytes:
    """The subject of a place with a national ID, or with "<municipality code>/<local id>" where it has none."""
    return sha256(b"moyai.v1 place\n" + key.encode()).digest()[:SUBJECT_BYTES]


def organisation_subject(code: str) -> bytes:
    """The subject of an organisation."""
    return sha256(b"moyai.v1 organisation\n" + code.encode()).digest()[:SUBJECT_BYTES]


def mint_person(organisation: str, entropy: Callable[[int], bytes]) -> bytes:
    """A new person's id: 10 random bytes and 6 that only the minting organisation's code explains (SPECIFICATION 3.1).

    Who registered somebody first is what an erasure rests on; so it can't be claimed by whoever writes first to a
    third node.
    """
    chance = entropy(PERSON_CHANCE_BYTES)
    return chance + _minter_mark(organisation, chance)


def minted_by(subject: bytes, organisation: str) -> bool:
    """Whether this organisation minted the person's id."""
    return subject[PERSON_CHANCE_BYTES:] == _minter_mark(organisation, subject[:PERSON_CHANCE_BYTES])


def _minter_mark(organisation: str, chance: bytes) -> bytes:
    return sha256(b"moyai.v1 person\n" + organisation.encode() + chance).digest()[: SUBJECT_BYTES - PERSON_CHANCE_BYTES]


def pair_slot(first: bytes, second: bytes) -> bytes:
    """The slot of what is said of two people as a pair, the same from either side (SPECIFICATION 3.3)."""
    lower, higher = sorted((first, second))
    return sha256(b"moyai.v1 link\n" + lower + higher).digest()[:SUBJECT_BYTES]


def node_id(public_key: bytes) -> bytes:
    """The id of the node with this Ed25519 public key."""
    return sha256(b"moyai.v1 node\n" + public_key).digest()[:SUBJECT_BYTES]
