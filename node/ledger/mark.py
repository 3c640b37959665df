"""A small file beside the ledger that says how far it had come: an older copy put in its place is found out at once.

It is written after each commit, and the commit has been fsynced by then. So the mark may lag behind the ledger, after a
crash or where it could not be written, and can never be ahead of it, unless the ledger went back. Hence it needs no
fsync of its own, and costs some 20 microseconds a commit. It holds six numbers and nothing about anybody; the tag is
made with the ledger's key, so that a torn write or a stranger's file is no mark.
"""

import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from typing import Final, Self

LABEL: Final = b"moyai.v1 mark"
_NUMBERS: Final = Struct(">6Q")
_TAG_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the ledger had come, and which file it stood in."""

    counter: int = 0
    """Our own newest author counter."""
    clock: int = 0
    """The clock's high water."""
    entries: int = 0
    """Length of the log of who looked."""
    inode: int = 0
    """Of the ledger's file: a copy has another, but where the number of a deleted file was given again."""
    size: int = 0
    changed_ns: int = 0
    """When the inode last changed, which no copy keeps: when the write-ahead log was folded in, by us alone."""

    def is_in(self, file: Path) -> bool:
        """Whether this is the file that was marked; True where nothing was."""
        return self.inode in (0, _standing(file)["inode"])

    def is_as_left(self, file: Path) -> bool:
        """Whether the file stands as we left it, whatever its write-ahead log says; True where nothing was marked."""
        return self.inode == 0 or self == replace(self, **_standing(file))


class MarkFile:
    """The mark of one ledger. Any thread, and any process, may write it: the farther one stays, but for a moment."""

    def __init__(self, ledger: Path, key: bytes) -> None:
        self._ledger = ledger
        self._path = ledger.with_suffix(".mark")
        self._key = blake2b(LABEL, key=key, digest_size=32).digest()
        self._writing = threading.Lock()

    @classmethod
    def fresh(cls, ledger: Path, key: bytes) -> Self:
        """Of a ledger that is made now: what an earlier one in its place has left counts no more."""
        made = cls(ledger, key)
        made._path.unlink(missing_ok=True)
        return made

    def read(self) -> Mark | None:
        """The mark; None: there is none, or it is not ours."""
        try:
            written = self._path.read_bytes()
        except OSError:
            return None
        numbers, tag = written[: _NUMBERS.size], written[_NUMBERS.size :]
        if len(numbers) < _NUMBERS.size or tag != self._tag(numbers):
            return None
        return Mark(*_NUMBERS.unpack(numbers))

    def note(self, *, counter: int = 0, clock: int = 0, entries: int = 0) -> None:
        """The ledger has come at least this far."""
        with self._writing:
            found = self.read()
            before = found or Mark()
            reached = max(before.counter, counter), max(before.clock, clock), max(before.entries, entries)
            self._write(*reached, but=found)

    def begin(self, *, counter: int, clock: int, entries: int) -> None:
        """The ledger stands here, whatever was noted before: that was of a life that is over."""
        with self._writing:
            self._write(counter, clock, entries)

    def _write(self, *reached: int, but: Mark | None = None) -> None:
        """Where it can't be written it lags behind, which is no reason to refuse what is committed. Nothing is written
        where `but`, which stands there, says the same."""
        with suppress(OSError):
            mark = Mark(*reached, **_standing(self._ledger))
            if mark == but:
                return
            numbers = _NUMBERS.pack(*(getattr(mark, name) for name in Mark.__slots__))
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(descriptor, numbers + self._tag(numbers), 0)
            finally:
                os.close(descriptor)

    def _tag(self, numbers: bytes) -> bytes:
        return blake2b(numbers, key=self._key, digest_size=_TAG_BYTES).digest()


def _standing(file: Path) -> dict[str, int]:
    found = file.stat()
    return {"inode": found.st_ino, "size": found.st_size, "changed_ns": max(0, found.st_ctime_ns)}
