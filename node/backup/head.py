"""What stands openly at the beginning of a backup: whose it is, of when, which keys open it; nothing about a person."""

import json
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Self

from node.errors import BackupChanged, BackupCut, BackupForeign, BackupNewer
from node.records.subjects import node_id
from node.trust.boxing import BOXED_KEY_BYTES, STREAM_HEADER_BYTES
from node.trust.keys import KEY_BYTES, SIGNATURE_BYTES

MAGIC: Final = b"moyai backup\n"
VERSION: Final = 2
"""1 was not signed, and never given out."""
_LENGTH_BYTES: Final = 4
SAID_BYTES_MAX: Final = 65_536
LOCKS_MAX: Final = 8
_CODE_CHARACTERS: Final = 6
_NUMBER_MAX: Final = 1 << 53

ORGANISATION: Final = "organisation"
RECOVERY: Final = "recovery"


@dataclass(frozen=True, slots=True)
class Lock:
    """One key that opens a backup."""

    kind: str
    """ORGANISATION or RECOVERY."""
    fingerprint: str
    """Of the public half, by which the key is found."""
    boxed: bytes
    """The stream's key, boxed to it."""


@dataclass(frozen=True, slots=True)
class BackupHead:
    """The head of one backup."""

    organisation: str
    public_key: bytes
    """Of the node, which signs head and pieces."""
    made_at_ms: int
    locks: tuple[Lock, ...]
    stream_header: bytes
    sealed_bytes: int
    """How many come behind the head; the signature follows them."""

    @property
    def node(self) -> bytes:
        """The id of the node, which follows from its key."""
        return node_id(self.public_key)

    @property
    def file_bytes(self) -> int:
        """How long the whole file is."""
        return len(self.written) + self.sealed_bytes + SIGNATURE_BYTES

    @property
    def written(self) -> bytes:
        """Its bytes, which the first sealed piece is bound to."""
        said = {
            "version": VERSION,
            "organisation": self.organisation,
            "key": self.public_key.hex(),
            "made_at_ms": self.made_at_ms,
            "locks": [
                {"kind": lock.kind, "fingerprint": lock.fingerprint, "boxed": lock.boxed.hex()} for lock in self.locks
            ],
            "stream": self.stream_header.hex(),
            "sealed_bytes": self.sealed_bytes,
        }
        plain = json.dumps(said, separators=(",", ":")).encode()
        return MAGIC + len(plain).to_bytes(_LENGTH_BYTES, "big") + plain

    @classmethod
    def read(cls, file: BinaryIO) -> Self:
        """The head at the beginning of a file, which stands behind it afterwards.

        Raises:
            BackupForeign, BackupNewer, BackupCut, BackupChanged: it is no backup, or none that can be read.
        """
        if file.read(len(MAGIC)) != MAGIC:
            raise BackupForeign
        length = int.from_bytes(_exactly(file, _LENGTH_BYTES), "big")
        if length > SAID_BYTES_MAX:
            raise BackupChanged
        plain = _exactly(file, length)
        try:
            said = json.loads(plain)
            if said["version"] != VERSION:
                raise (
                    BackupNewer(got=int(said["version"]), known=VERSION) if said["version"] > VERSION else BackupForeign
                )
            head = cls._of(said)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise BackupChanged from error
        if not head._is_sound or head.written != MAGIC + length.to_bytes(_LENGTH_BYTES, "big") + plain:
            raise BackupChanged
        return head

    @property
    def _is_sound(self) -> bool:
        """Whether what anybody may have written can be shown and counted with."""
        return (
            len(self.organisation) == _CODE_CHARACTERS
            and self.organisation.isascii()
            and self.organisation.isprintable()
            and 0 <= self.made_at_ms < _NUMBER_MAX
            and 0 < self.sealed_bytes < _NUMBER_MAX
            and 0 < len(self.locks) <= LOCKS_MAX
        )

    @classmethod
    def _of(cls, said: dict[str, Any]) -> Self:
        locks = tuple(
            Lock(str(one["kind"]), str(one["fingerprint"]), _hex(one["boxed"], BOXED_KEY_BYTES))
            for one in said["locks"]
        )
        return cls(
            organisation=str(said["organisation"]),
            public_key=_hex(said["key"], KEY_BYTES),
            made_at_ms=int(said["made_at_ms"]),
            locks=locks,
            stream_header=_hex(said["stream"], STREAM_HEADER_BYTES),
            sealed_bytes=int(said["sealed_bytes"]),
        )


def _hex(said: str, size: int) -> bytes:
    value = bytes.fromhex(said)
    if len(value) != size:
        raise ValueError(size)
    return value


def _exactly(file: BinaryIO, size: int) -> bytes:
    got = file.read(size)
    if len(got) != size:
        raise BackupCut
    return got
