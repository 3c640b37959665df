"""Writes a bundle to a medium, sealed on the way: part by part, and in place only when all of it is durable."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from node.bundles.head import (
    BUNDLE_ID_BYTES,
    CHECK_BYTES,
    MAGIC_OF_ANY_VERSION,
    PIECES_MAX,
    SEALED_PIECE_BYTES,
    SEALED_SIGNATURE_BYTES,
    Head,
    with_check,
)
from node.errors import FileInTheWay, PartTooSmall, StickFailed, StickFull, StickNowhere
from node.trust import labels
from node.trust.boxing import HEAD_BYTES, PIECE_BYTES, Sealing
from node.trust.keys import Entropy, NodeKey
from sync.errors import LimitPassed
from sync.limits import BUNDLE_PARTS_MAX

ENTRY_LENGTH_BYTES: Final = 4
"""Before each entry; where there is no further entry zeros fill the last piece, so that sizes tell little."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a bundle is for."""

    federation: bytes
    organisation: str
    node: bytes
    """Empty: the organisation's home node."""
    box_key: bytes


@dataclass(slots=True)
class _Part:
    """A part while it is written."""

    path: Path
    head: Head
    sealing: Sealing
    pieces: int = 0
    digest: Any = field(default_factory=sha256)


class BundleWriter:
    """Takes entries, one after the other. Leave the block without an error and the files are there; else nothing is."""

    def __init__(
        self, target: Path, address: Address, *, key: NodeKey, entropy: Entropy, part_bytes: int | None = None
    ) -> None:
        """`part_bytes` is the most a part may have; None: all in one.

        Raises:
            PartTooSmall: a part of that size could hold nothing.
            FileInTheWay: the target is a file, and no bundle.
            StickNowhere: there is no such folder.
        """
        self.files: tuple[Path, ...] = ()
        self.bytes = 0
        self._target = target
        self._key = key
        self._entropy = entropy
        self._box_key = address.box_key
        self._first = Head(
            address.federation, address.organisation, address.node, entropy(BUNDLE_ID_BYTES), 1, 1, 1, bytes(HEAD_BYTES)
        )
        self._pieces_max = pieces_in(part_bytes, len(self._first.written))
        self._parts: list[_Part] = []
        self._file: BinaryIO | None = None
        self._held = bytearray()
        if not target.parent.is_dir():
            raise StickNowhere(folder=str(target.parent))
        _check_free(target)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._discard()

    def write(self, entry: bytes) -> None:
        """The next entry.

        Raises:
            StickFull, StickFailed: and nothing is left there.
        """
        self._held += len(entry).to_bytes(ENTRY_LENGTH_BYTES, "big") + entry
        while len(self._held) >= PIECE_BYTES:
            self._seal(bytes(self._held[:PIECE_BYTES]))
            del self._held[:PIECE_BYTES]

    def _seal(self, piece: bytes) -> None:
        with on_medium():
            part = self._parts[-1] if self._file is not None else self._begin()
            sealed = part.sealing.piece(piece)
            part.digest.update(sealed)
            part.pieces += 1
            assert self._file is not None  # noqa: S101 -- begun above
            self._file.write(sealed)
            self.bytes += len(sealed)
            if part.pieces == self._pieces_max:
                self._close()

    def _begin(self) -> _Part:
        number = len(self._parts) + 1
        if number > BUNDLE_PARTS_MAX:
            raise LimitPassed(limit="BUNDLE_PARTS_MAX", got=number)
        sealing = Sealing(self._box_key, self._entropy)
        head = replace(self._first, part=number, sealing=sealing.head)
        path = self._target.with_name(f".{self._target.name}.{os.getpid()}.{number}.new")
        part = _Part(path, head, sealing)
        self._parts.append(part)
        self._file = path.open("wb")
        self._file.write(bytes(len(head.written) + CHECK_BYTES))
        return part

    def _finish(self) -> None:
        if self._held or not self._parts:
            self._seal(bytes(self._held) + bytes(PIECE_BYTES - len(self._held)))
        with on_medium():
            self._close()
            for part in self._parts:
                self._sign(part)
            names = self._names()
            for part, name in zip(self._parts, names, strict=True):
                part.path.replace(name)
            _make_durable(self._target.parent)
        self.files = names

    def _sign(self, part: _Part) -> None:
        """Only now is it known how many parts there are: the head is written, and the last piece signs head and
        pieces."""
        written = replace(part.head, parts=len(self._parts), pieces=part.pieces).written
        signature = self._key.sign(labels.BUNDLE, to_be_signed(written, part.digest.digest()))
        with part.path.open("r+b") as file:
            file.write(with_check(written))
            file.seek(0, os.SEEK_END)
            file.write(part.sealing.last_piece(signature))
            file.flush()
            os.fsync(file.fileno())
            self.bytes += file.tell() - part.pieces * SEALED_PIECE_BYTES

    def _names(self) -> tuple[Path, ...]:
        """The target; where there are several parts, with number and count before its ending."""
        if len(self._parts) == 1:
            return (self._target,)
        count = len(self._parts)
        stem, ending = self._target.stem, self._target.suffix
        return tuple(self._target.with_name(f"{stem}-{part.head.part}of{count}{ending}") for part in self._parts)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _discard(self) -> None:
        """Leave nothing unfinished. What a medium refuses here it has refused before, and that is what is said."""
        with suppress(OSError):
            self._close()
        for part in self._parts:
            with suppress(OSError):
                part.path.unlink(missing_ok=True)


def to_be_signed(head: bytes, pieces: bytes) -> bytes:
    """What the signature of a part is over, the label apart: the hash of its head, and that of its pieces."""
    return sha256(head).digest() + pieces


def pieces_in(part_bytes: int | None, head_bytes: int) -> int:
    """How many pieces a part of that size can have.

    Raises:
        PartTooSmall: not even one.
    """
    around = head_bytes + CHECK_BYTES + SEALED_SIGNATURE_BYTES
    if part_bytes is None:
        return PIECES_MAX
    if part_bytes < around + SEALED_PIECE_BYTES:
        raise PartTooSmall(least=around + SEALED_PIECE_BYTES, got=part_bytes)
    return min((part_bytes - around) // SEALED_PIECE_BYTES, PIECES_MAX)


def bytes_of(entries: Callable[[], Iterator[int]], *, part_bytes: int | None, head_bytes: int) -> tuple[int, int]:
    """How many bytes and parts entries of these lengths come to, when they are written."""
    plain = sum(ENTRY_LENGTH_BYTES + length for length in entries())
    pieces = max(1, -(-plain // PIECE_BYTES))
    parts = -(-pieces // pieces_in(part_bytes, head_bytes))
    return pieces * SEALED_PIECE_BYTES + parts * (head_bytes + CHECK_BYTES + SEALED_SIGNATURE_BYTES), parts


@contextmanager
def on_medium() -> Iterator[None]:
    """Around what reads or writes the medium.

    Raises:
        StickFull: there is no room on it.
        StickFailed: anything else it can't do; `what` is the system's name for that.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StickFull from error
        raise StickFailed(what=errno.errorcode.get(error.errno or 0, "-")) from error


def _check_free(target: Path) -> None:
    with on_medium():
        if not target.exists():
            return
        if target.is_file():
            with target.open("rb") as file:
                if file.read(len(MAGIC_OF_ANY_VERSION)) == MAGIC_OF_ANY_VERSION:
                    return
    raise FileInTheWay(file=target.name)


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a medium that knows no such thing
            raise
    finally:
        os.close(handle)
