"""Seals a backup into a file, in pieces that are each authenticated, and opens it again, with bounded memory."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

from node.backup.content import LENGTH_BYTES, LIST_BYTES_MAX, Content
from node.backup.head import BackupHead, Lock
from node.errors import BackupChanged, BackupCut, BackupKeyAnother, BackupUnsound, SignatureWrong
from node.trust import labels
from node.trust.boxing import SEAL_BYTES, Opening, SealingForSeveral, StreamKey
from node.trust.keys import SIGNATURE_BYTES, BoxKey, Entropy, NodeKey, holds
from node.trust.recovery import fingerprint

PIECE_BYTES: Final = 262_144
SEALED_PIECE_BYTES: Final = PIECE_BYTES + SEAL_BYTES

Progress = Callable[[int, int], None]


def nobody(_done: int, _total: int) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A key that is to open the backup."""

    kind: str
    box_key: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was written, and what opens it without any other key."""

    head: BackupHead
    stream: StreamKey


def seal_into(
    file: BinaryIO,
    plain: Iterator[bytes],
    recipients: Sequence[Recipient],
    *,
    plain_bytes: int,
    organisation: str,
    key: NodeKey,
    made_at_ms: int,
    entropy: Entropy,
) -> Sealed:
    """Write head, pieces, signature; `plain` comes in blocks of any size, `plain_bytes` in all. Durable on return."""
    sealing = SealingForSeveral(entropy)
    locks = tuple(Lock(one.kind, fingerprint(one.box_key), sealing.boxed_to(one.box_key)) for one in recipients)
    sealed_bytes = plain_bytes + SEAL_BYTES * max(1, -(-plain_bytes // PIECE_BYTES))
    head = BackupHead(organisation, key.public_key, made_at_ms, locks, sealing.stream.header, sealed_bytes)
    bound, signed = head.written, sha256()

    def write(written: bytes) -> None:
        signed.update(written)
        file.write(written)

    write(bound)
    held = bytearray()
    for block in plain:
        held += block
        while len(held) > PIECE_BYTES:  # not when it is just full: it may be the last
            write(sealing.piece(bytes(held[:PIECE_BYTES]), last=False, bound=bound))
            del held[:PIECE_BYTES]
            bound = b""
    write(sealing.piece(bytes(held), last=True, bound=bound))
    file.write(key.sign(labels.BACKUP, signed.digest()))
    file.flush()
    os.fsync(file.fileno())
    return Sealed(head, sealing.stream)


def stream_key(head: BackupHead, key: BoxKey) -> StreamKey:
    """What opens the pieces, for the holder of one of its keys.

    Raises:
        BackupKeyAnother: this is none of them.
    """
    mine = fingerprint(key.public_key)
    for lock in head.locks:
        if lock.fingerprint == mine:
            try:
                return StreamKey(key.unbox(lock.boxed), head.stream_header)
            except SignatureWrong as error:
                raise BackupChanged from error
    raise BackupKeyAnother(organisation=head.organisation)


class OpenedBackup:
    """A backup that is read from its beginning to its end, once."""

    def __init__(self, file: BinaryIO, key_for: Callable[[BackupHead], StreamKey], progress: Progress = nobody) -> None:
        """`key_for` gives what opens it, once its head is known.

        Raises:
            BackupUnreadable: it is no backup, or not whole.
            BackupUnsound, BackupNewer: what is in it can't be read.
        """
        self.head = BackupHead.read(file)
        size = os.fstat(file.fileno()).st_size
        missing = self.head.file_bytes - size
        if missing:
            raise BackupCut if missing > 0 else BackupChanged
        self._pieces = _pieces(file, self.head, key_for(self.head), size, progress)
        self._held = bytearray()
        length = int.from_bytes(self._take(LENGTH_BYTES), "big")
        if length > LIST_BYTES_MAX:
            raise BackupUnsound(what="list")
        self.content = Content.read(self._take(length))

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each file with its content in blocks, which must be read before the next is asked for. Whose they are is
        known when there is no further one: the signature is the last.

        Raises:
            BackupCut, BackupChanged: on the way.
        """
        for name, size in self.content.files:
            yield name, self._blocks(size)
        if self._held or next(self._pieces, None) is not None:
            raise BackupUnsound(what="end")

    def _blocks(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._held:
                self._more()
            block = bytes(self._held[:size])
            del self._held[: len(block)]
            size -= len(block)
            yield block

    def _take(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _more(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise BackupUnsound(what="size")
        self._held += piece


def _pieces(file: BinaryIO, head: BackupHead, stream: StreamKey, size: int, progress: Progress) -> Iterator[bytes]:
    """The pieces, opened; after the last one comes the node's signature over all of them."""
    opening, bound = Opening.of(stream), head.written
    signed, left = sha256(bound), head.sealed_bytes
    while left:
        sealed = file.read(min(left, SEALED_PIECE_BYTES))
        left -= len(sealed)
        signed.update(sealed)
        try:
            plain = opening.piece(sealed, last=not left, bound=bound)
        except SignatureWrong as error:
            raise BackupChanged from error
        progress(file.tell(), size)
        yield plain
        bound = b""
    if not holds(labels.BACKUP, signed.digest(), file.read(SIGNATURE_BYTES), head.public_key):
        raise BackupChanged
