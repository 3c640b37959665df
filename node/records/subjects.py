"""Subject ids that everybody derives alike, so that two nodes that load one list speak of the same places."""

from hashlib import sha256

SUBJECT_BYTES = 16


def place_subject(key: str) -> bytes:
    """The subject of a place with a national ID, or with "<municipality code>/<local id>" where it has none."""
    return sha256(b"moyai.v1 place\n" + key.encode()).digest()[:SUBJECT_BYTES]


def organisation_subject(code: str) -> bytes:
    """The subject of an organisation."""
    return sha256(b"moyai.v1 organisation\n" + code.encode()).digest()[:SUBJECT_BYTES]


def node_id(public_key: bytes) -> bytes:
    """The id of the node with this Ed25519 public key."""
    return sha256(b"moyai.v1 node\n" + public_key).digest()[:SUBJECT_BYTES]
