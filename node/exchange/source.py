"""Opens what was handed over as a file: unpacks gzip, bounds its size, names what is plainly something else."""

import gzip
import io
import zlib
from collections.abc import Callable
from typing import BinaryIO, Final

from node.errors import FileNotATable, FileTooLarge

Progress = Callable[[int, int], None]
"""Called now and then, while rows are taken, with the bytes read and the bytes there are to read."""

FILE_BYTES_MAX: Final = 2_147_483_648
"""Unpacked. A roster of Yokohama's 3.7 million residents is 600 MB; a gzip bomb is not read to its end."""

CHUNK_BYTES: Final = 262_144

_PLAINLY: Final = (
    (b"PK\x03\x04", "xlsx"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"SQLite format 3", "sqlite"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)


class Source:
    """A file that can be read more than once; a stream that can't go back is read into memory first."""

    def __init__(
        self,
        stream: BinaryIO,
        *,
        progress: Progress | None = None,
        bytes_max: int = FILE_BYTES_MAX,
    ) -> None:
        """
        Raises:
            FileNotATable: it is a spreadsheet, an archive, a picture; `kind` says which.
        """
        self._raw = stream if stream.seekable() else io.BytesIO(stream.read(bytes_max + 1))
        self._bytes = self._raw.seek(0, io.SEEK_END)
        self._bytes_max = bytes_max
        self._progress = progress
        self._raw.seek(0)
        self._packed = self._raw.read(2) == b"\x1f\x8b"
        head = self.open().read(16)
        for magic, kind in _PLAINLY:
            if head.startswith(magic):
                raise FileNotATable(kind=kind)

    def open(self, *, tell: bool = False) -> io.BufferedReader:
        """The unpacked bytes from their beginning; ends the reading before. `tell` where rows are taken from it."""
        self._raw.seek(0)
        unpacked = gzip.GzipFile(fileobj=self._raw) if self._packed else self._raw
        return io.BufferedReader(_Bounded(unpacked, self._bytes_max, self._tell if tell else None), CHUNK_BYTES)

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._raw.tell(), self._bytes)


class _Bounded(io.RawIOBase):
    """Bytes that end with an error where there are too many, or where the packing is broken."""

    def __init__(self, inner: BinaryIO | gzip.GzipFile, bytes_max: int, tell: Callable[[], None] | None) -> None:
        self._inner = inner
        self._left = bytes_max
        self._bytes_max = bytes_max
        self._tell = tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            got = self._inner.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as cause:
            raise FileNotATable(kind="gzip-broken") from cause
        self._left -= len(got)
        if self._left < 0:
            raise FileTooLarge(bytes_max=self._bytes_max)
        buffer[: len(got)] = got
        if self._tell is not None:
            self._tell()
        return len(got)
