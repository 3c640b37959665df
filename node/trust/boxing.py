"""Seals what is carried by hand or laid by to box keys, piece by piece, so that its memory does not grow with the size.

One part of a bundle is one secretstream (libsodium: XChaCha20-Poly1305, each piece bound to all before it) under a key
of its own, which is boxed to the recipient. The last piece is marked as the last: a stream that was cut has none.
A backup is one such stream whose key is boxed to several keys, any of which opens it.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Self

from nacl.bindings import (
    crypto_box,
    crypto_box_SEALBYTES,
    crypto_scalarmult_base,
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)
from nacl.exceptions import CryptoError

from node.errors import SignatureWrong
from node.trust.keys import KEY_BYTES, BoxKey, Entropy

PIECE_BYTES: Final = 16_384
"""Of what is sealed, in one piece; all but the last piece have it in full."""
SEAL_BYTES: Final = int(crypto_secretstream_xchacha20poly1305_ABYTES)
"""By how much a sealed piece is longer."""
BOXED_KEY_BYTES: Final = KEY_BYTES + int(crypto_box_SEALBYTES)
STREAM_HEADER_BYTES: Final = int(crypto_secretstream_xchacha20poly1305_HEADERBYTES)
HEAD_BYTES: Final = BOXED_KEY_BYTES + STREAM_HEADER_BYTES
_NONCE_BYTES: Final = 24
_FINAL: Final = crypto_secretstream_xchacha20poly1305_TAG_FINAL


class Sealing:
    """Seals one stream. `head` goes before the pieces; whoever has the box key opens them with it."""

    def __init__(self, box_key: bytes, entropy: Entropy) -> None:
        key, header = entropy(KEY_BYTES), entropy(STREAM_HEADER_BYTES)
        self.head = boxed(key, box_key, entropy) + header
        self._state = _stream(header, key)

    def piece(self, plain: bytes) -> bytes:
        """The next piece, sealed: SEAL_BYTES longer."""
        return _push(self._state, plain, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)

    def last_piece(self, plain: bytes) -> bytes:
        """The last piece, sealed and marked as the last."""
        return _push(self._state, plain, crypto_secretstream_xchacha20poly1305_TAG_FINAL)


class SealingForSeveral:
    """Seals one stream that any of several keys opens. What is said openly before it is bound to its first piece."""

    def __init__(self, entropy: Entropy) -> None:
        self.stream = StreamKey(entropy(KEY_BYTES), entropy(STREAM_HEADER_BYTES))
        self._entropy = entropy
        self._state = _stream(self.stream.header, self.stream.key)

    def boxed_to(self, box_key: bytes) -> bytes:
        """The stream's key, for the holder of this one."""
        return boxed(self.stream.key, box_key, self._entropy)

    def piece(self, plain: bytes, *, last: bool, bound: bytes = b"") -> bytes:
        """The next piece, sealed; `bound` is what opens it only together with the same."""
        tag = _FINAL if last else crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        return _push(self._state, plain, tag, bound)


@dataclass(frozen=True, slots=True)
class StreamKey:
    """What opens one stream, and nothing else."""

    key: bytes = field(repr=False)
    header: bytes


class Opening:
    """Opens one stream, piece after piece in their order."""

    def __init__(self, head: bytes, key: BoxKey) -> None:
        """Raises SignatureWrong where the head was sealed to another key."""
        self._state = _stream(head[BOXED_KEY_BYTES:HEAD_BYTES], key.unbox(head[:BOXED_KEY_BYTES]))

    @classmethod
    def of(cls, stream: StreamKey) -> Self:
        """Of a stream whose key was unboxed, or has only just been made."""
        opening = cls.__new__(cls)
        opening._state = _stream(stream.header, stream.key)
        return opening

    def piece(self, sealed: bytes, *, last: bool, bound: bytes = b"") -> bytes:
        """What is in the next piece; `bound` is what it was bound to.

        Raises:
            SignatureWrong: it was changed, is not the next one, or is not the last where that is due.
        """
        try:
            plain, tag = crypto_secretstream_xchacha20poly1305_pull(self._state, sealed, bound or None)
        except (CryptoError, ValueError, RuntimeError) as error:
            raise SignatureWrong(what="piece") from error
        if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) is not last:
            raise SignatureWrong(what="piece")
        return plain


def boxed(plain: bytes, box_key: bytes, entropy: Entropy) -> bytes:
    """A sealed box as libsodium's `crypto_box_seal` makes it, with the ephemeral key from the chance given."""
    ephemeral = entropy(KEY_BYTES)
    public_key = crypto_scalarmult_base(ephemeral)
    nonce = blake2b(public_key + box_key, digest_size=_NONCE_BYTES).digest()
    return bytes(public_key + crypto_box(plain, nonce, box_key, ephemeral))


def _stream(header: bytes, key: bytes) -> crypto_secretstream_xchacha20poly1305_state:
    """Both directions begin in the same state, which follows from key and header: so chance comes in from outside."""
    state = crypto_secretstream_xchacha20poly1305_state()
    crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    return state


def _push(state: crypto_secretstream_xchacha20poly1305_state, plain: bytes, tag: int, bound: bytes = b"") -> bytes:
    return bytes(crypto_secretstream_xchacha20poly1305_push(state, plain, bound or None, tag))
