"""A sealed stream opens with one key, in its order, to its end; and is what libsodium itself makes."""

import os

import pytest
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
)
from nacl.public import PrivateKey, SealedBox

from node.errors import SignatureWrong
from node.trust.boxing import HEAD_BYTES, SEAL_BYTES, Opening, Sealing, boxed
from node.trust.keys import BoxKey

KEY = BoxKey(bytes(range(32)))
PLAIN = (b"first", b"second", b"third")


def sealed() -> tuple[bytes, list[bytes]]:
    sealing = Sealing(KEY.public_key, os.urandom)
    return sealing.head, [sealing.piece(PLAIN[0]), sealing.piece(PLAIN[1]), sealing.last_piece(PLAIN[2])]


def opened(head: bytes, pieces: list[bytes], *, key: BoxKey = KEY) -> list[bytes]:
    opening = Opening(head, key)
    return [opening.piece(piece, last=number == len(pieces) - 1) for number, piece in enumerate(pieces)]


def test_it_opens_to_what_was_sealed() -> None:
    head, pieces = sealed()
    assert opened(head, pieces) == list(PLAIN)
    assert (len(head), len(pieces[0])) == (HEAD_BYTES, len(PLAIN[0]) + SEAL_BYTES)


def test_another_key_does_not_open_it() -> None:
    head, pieces = sealed()
    with pytest.raises(SignatureWrong):
        opened(head, pieces, key=BoxKey(bytes(31) + b"\1"))


@pytest.mark.parametrize(
    "mix",
    [
        lambda pieces: pieces[:2],
        lambda pieces: [pieces[1], pieces[0], pieces[2]],
        lambda pieces: [pieces[0], pieces[0], pieces[2]],
        lambda pieces: [pieces[0], pieces[2], pieces[2]],
        lambda pieces: [pieces[0], pieces[1], pieces[2][:-1]],
        lambda pieces: [pieces[0], pieces[1][:-1] + bytes([pieces[1][-1] ^ 1]), pieces[2]],
        lambda pieces: [b"", pieces[1], pieces[2]],
        lambda pieces: [*pieces, pieces[2]],
    ],
)
def test_pieces_cut_swapped_repeated_or_changed_do_not_open(mix) -> None:
    head, pieces = sealed()
    with pytest.raises(SignatureWrong):
        opened(head, mix(pieces))


def test_a_stream_of_libsodiums_own_opens_too() -> None:
    """Its header is drawn by libsodium; ours comes in from outside, and leads to the same stream."""
    state, key = crypto_secretstream_xchacha20poly1305_state(), os.urandom(32)
    header = crypto_secretstream_xchacha20poly1305_init_push(state, key)
    theirs = crypto_secretstream_xchacha20poly1305_push(state, b"text")
    assert Opening(boxed(key, KEY.public_key, os.urandom) + header, KEY).piece(theirs, last=False) == b"text"


def test_a_box_is_libsodiums_sealed_box() -> None:
    box = boxed(b"text", KEY.public_key, os.urandom)
    assert SealedBox(PrivateKey(KEY.secret)).decrypt(box) == b"text"
    assert KEY.unbox(box) == b"text"
