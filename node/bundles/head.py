"""What stands unsealed at the head of each part of a bundle, and how long the file must be: no disk, no keys.

magic, "moyai bundle 1" and a line feed
length of the header                        2 bytes, big-endian
header                                      a BundleHeader
boxed key, header of the stream             104 bytes (node.trust.boxing)
check                                       the first 8 bytes of SHA-256 over all of the above
pieces                                      16,401 bytes each
last piece                                  81 bytes: the signature
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from google.protobuf.message import DecodeError

from moyai.v1 import bundle_pb2
from node.errors import BundleChanged, BundleCut, BundleMalformed
from node.records.subjects import SUBJECT_BYTES
from node.trust.boxing import HEAD_BYTES, PIECE_BYTES, SEAL_BYTES
from node.trust.keys import SIGNATURE_BYTES
from node.trust.roster import FEDERATION_BYTES
from sync.limits import BUNDLE_PARTS_MAX

MAGIC: Final = b"moyai bundle 1\n"
MAGIC_OF_ANY_VERSION: Final = b"moyai bundle "
NO_BUNDLE: Final = "magic"
"""The rule that a file breaks which is no bundle at all, of any version."""
LENGTH_BYTES: Final = 2
CHECK_BYTES: Final = 8
BUNDLE_ID_BYTES: Final = 16
HEADER_BYTES_MAX: Final = 512
"""A header has 88 bytes; room for what newer versions add."""
SEALED_PIECE_BYTES: Final = PIECE_BYTES + SEAL_BYTES
SEALED_SIGNATURE_BYTES: Final = SIGNATURE_BYTES + SEAL_BYTES
PIECES_MAX: Final = 1 << 32
"""64 TiB: only so that no arithmetic ever meets a number made up to hurt it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one part."""

    federation: bytes
    organisation: str
    node: bytes
    """Empty: the organisation's home node."""
    bundle: bytes
    part: int
    parts: int
    pieces: int
    sealing: bytes
    """Boxed key and header of the stream."""

    @property
    def written(self) -> bytes:
        """The head as it stands in the file, without the check: what the signature covers."""
        header = bundle_pb2.BundleHeader(
            federation=self.federation,
            organisation=self.organisation,
            node=self.node,
            bundle=self.bundle,
            part=self.part,
            parts=self.parts,
            pieces=self.pieces,
        ).SerializeToString(deterministic=True)
        return MAGIC + len(header).to_bytes(LENGTH_BYTES, "big") + header + self.sealing


@dataclass(frozen=True, slots=True)
class ReadHead:
    """A head that was read, with what is to be signed of it and where the pieces begin."""

    head: Head
    written: bytes
    """As it stood in the file, fields of newer versions included."""

    @property
    def begins(self) -> int:
        """Where the first piece begins."""
        return len(self.written) + CHECK_BYTES

    @property
    def file_bytes(self) -> int:
        """How long the file is, whole."""
        return self.begins + self.head.pieces * SEALED_PIECE_BYTES + SEALED_SIGNATURE_BYTES


FIRST_BYTES: Final = len(MAGIC) + LENGTH_BYTES + HEADER_BYTES_MAX + HEAD_BYTES + CHECK_BYTES
"""How much of a file to read to have its head."""


def with_check(written: bytes) -> bytes:
    """A head as it stands in the file, the check included."""
    return written + _check(written)


def read_head(first: bytes, *, file_bytes: int, file: str) -> ReadHead:
    """The head of a part, from the first bytes of a file of that length; `file` is its name, for whoever is told.

    Raises:
        BundleMalformed: it is no bundle, or one of a newer version.
        BundleCut: the file ends too early.
        BundleChanged: the head is not as it was written, or the file goes on behind its end.
    """
    if not first.startswith(MAGIC):
        if MAGIC.startswith(first):
            raise BundleCut(file=file, expected=FIRST_BYTES, got=file_bytes)
        newer = first.startswith(MAGIC_OF_ANY_VERSION)
        raise BundleMalformed(rule="version" if newer else NO_BUNDLE, file=file)
    at = len(MAGIC) + LENGTH_BYTES
    length = int.from_bytes(first[len(MAGIC) : at], "big")
    end = at + length + HEAD_BYTES
    if len(first) < at or (length <= HEADER_BYTES_MAX and len(first) < end + CHECK_BYTES):
        raise BundleCut(file=file, expected=max(end, at) + CHECK_BYTES, got=file_bytes)
    if length > HEADER_BYTES_MAX or _check(first[:end]) != first[end : end + CHECK_BYTES]:
        raise BundleChanged(file=file)
    read = ReadHead(_opened(first[at : at + length], first[at + length : end], file), first[:end])
    if file_bytes < read.file_bytes:
        raise BundleCut(file=file, expected=read.file_bytes, got=file_bytes)
    if file_bytes > read.file_bytes:
        raise BundleChanged(file=file)
    return read


def _opened(serialised: bytes, sealing: bytes, file: str) -> Head:
    header = bundle_pb2.BundleHeader()
    try:
        header.ParseFromString(serialised)
    except DecodeError as error:
        raise BundleMalformed(rule="header", file=file) from error
    fits = (
        len(header.federation) == FEDERATION_BYTES
        and len(header.organisation) == 6
        and header.organisation.isascii()
        and header.organisation.isalnum()
        and len(header.node) in {0, SUBJECT_BYTES}
        and len(header.bundle) == BUNDLE_ID_BYTES
        and 1 <= header.part <= header.parts <= BUNDLE_PARTS_MAX
        and 1 <= header.pieces <= PIECES_MAX
    )
    if not fits:
        raise BundleMalformed(rule="header", file=file)
    return Head(
        header.federation,
        header.organisation,
        header.node,
        header.bundle,
        header.part,
        header.parts,
        header.pieces,
        sealing,
    )


def _check(written: bytes) -> bytes:
    return sha256(written).digest()[:CHECK_BYTES]
