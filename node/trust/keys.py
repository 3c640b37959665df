"""The four kinds of key: a node's, an organisation's, a trustee's, and the one things are boxed to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_scalarmult_base,
    crypto_sign,
    crypto_sign_ed25519_pk_to_curve25519,
    crypto_sign_ed25519_sk_to_curve25519,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from node.errors import SignatureWrong
from node.records.subjects import node_id
from node.trust import labels

SEED_BYTES = 32
KEY_BYTES = 32
SIGNATURE_BYTES = 64

Entropy = Callable[[int], bytes]
"""Gives that many random bytes, such as `os.urandom`."""


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """An Ed25519 key. Signs nothing without a domain label, and never shows its seed."""

    seed: bytes
    """32 secret bytes: only for the ledger and for key files."""
    public_key: bytes = field(init=False)
    _secret: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ValueError("an Ed25519 seed has 32 bytes")
        public, secret = crypto_sign_seed_keypair(self.seed)
        object.__setattr__(self, "public_key", public)
        object.__setattr__(self, "_secret", secret)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(public_key={self.public_key.hex()[:16]}…)"

    @classmethod
    def generate(cls, entropy: Entropy) -> Self:
        """A new key."""
        return cls(entropy(SEED_BYTES))

    def sign(self, label: bytes, message: bytes) -> bytes:
        """64 bytes over the label and the message. Deterministic."""
        return crypto_sign(label + message, self._secret)[:SIGNATURE_BYTES]


class NodeKey(SigningKey):
    """A node's own key: signs records, and the node's claim of its organisation."""

    __slots__ = ()

    @property
    def node(self) -> bytes:
        """The node id that follows from the public key."""
        return node_id(self.public_key)

    def claim(self, organisation: str) -> bytes:
        """The node's own word that it belongs to this organisation: the possession in its certificate."""
        return self.sign(labels.ENROLMENT, claim_bytes(organisation, self.public_key))


class OrganisationKey(SigningKey):
    """An organisation's key: signs certificates, revocations, applications, decisions and activations."""

    __slots__ = ()

    @property
    def box_key(self) -> "BoxKey":
        """What backups are sealed to: the same key on the curve that boxes use."""
        return BoxKey(crypto_sign_ed25519_sk_to_curve25519(self._secret))


class TrusteeKey(SigningKey):
    """A trustee's key: signs rosters and nothing else."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, repr=False)
class BoxKey:
    """An X25519 key that bundles are sealed to."""

    secret: bytes
    """32 secret bytes: only for the ledger and for key files."""
    public_key: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_key", crypto_scalarmult_base(self.secret))

    def __repr__(self) -> str:
        return f"BoxKey(public_key={self.public_key.hex()[:16]}…)"

    @classmethod
    def generate(cls, entropy: Entropy) -> Self:
        """A new key."""
        return cls(entropy(KEY_BYTES))

    def unbox(self, boxed: bytes) -> bytes:
        """What was boxed to this key; who boxed it is not known.

        Raises:
            SignatureWrong: it was boxed to another key, or changed.
        """
        try:
            return bytes(SealedBox(PrivateKey(self.secret)).decrypt(boxed))
        except (CryptoError, ValueError, TypeError) as error:
            raise SignatureWrong(what="box") from error


def box_key_of(public_key: bytes) -> bytes:
    """The public half of `OrganisationKey.box_key`, for whoever knows only the public half of the signing key."""
    return bytes(crypto_sign_ed25519_pk_to_curve25519(public_key))


def box(plain: bytes, public_key: bytes) -> bytes:
    """Seal to a box key, 48 bytes longer (libsodium sealed box: X25519, XSalsa20-Poly1305, a fresh key each time)."""
    return bytes(SealedBox(PublicKey(public_key)).encrypt(plain))


def claim_bytes(organisation: str, public_key: bytes) -> bytes:
    """What a node signs to claim its organisation: the code's 6 characters, then the key's 32 bytes."""
    return organisation.encode() + public_key


def key_is_sound(public_key: bytes) -> bool:
    """Whether an Ed25519 public key is canonical, of the prime-order group and not of small order.

    Stricter than verification, which lets keys with a small-order part pass: asked once, where a key comes in.
    """
    return len(public_key) == KEY_BYTES and bool(crypto_core_ed25519_is_valid_point(public_key))


def holds(label: bytes, message: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether the signature is by this key over label and message.

    As libsodium verifies: without the cofactor, S below the group order, key and R not of small order, key canonical.
    """
    if len(signature) != SIGNATURE_BYTES or len(public_key) != KEY_BYTES:
        return False
    try:
        crypto_sign_open(signature + label + message, public_key)
    except BadSignatureError:
        return False
    return True
