"""Reads a backup through: every piece opens, the ledger in it is sound, and holds what was put in."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from node.backup.content import LEDGER, Content
from node.backup.head import BackupHead
from node.backup.sealing import OpenedBackup, Progress, nobody, stream_key
from node.backup.whose import check_whose, ledger_key
from node.errors import BackupUnsound
from node.ledger.copying import Inside, check
from node.trust.boxing import StreamKey
from node.trust.keys import BoxKey

SMALL_BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a backup that is whole and sound."""

    head: BackupHead
    content: Content

    @property
    def inside(self) -> Inside:
        """What is in its ledger."""
        return self.content.inside


def key_of(key: BoxKey) -> Callable[[BackupHead], StreamKey]:
    """What opens a backup for the holder of this key."""
    return lambda head: stream_key(head, key)


def verify_backup(file: Path, key: BoxKey, scratch: Path, progress: Progress = nobody) -> Checked:
    """Read a backup through, and see that it is whose it says to be. The ledger in it, encrypted as it is, lies for a
    while in `scratch`, a file that must not be there.

    Raises:
        BackupRefused, LedgerRefused: with the reason.
    """
    with file.open("rb") as opened:
        return check_opened(OpenedBackup(opened, key_of(key), progress), scratch)


def check_opened(opened: OpenedBackup, scratch: Path) -> Checked:
    """As `verify_backup`, of one whose head was read."""
    try:
        unpacked(opened, scratch)
    finally:
        scratch.unlink(missing_ok=True)
    return Checked(opened.head, opened.content)


def unpacked(opened: OpenedBackup, ledger: Path) -> dict[str, bytes]:
    """The small files; the ledger lies in a file, found to be sound, and of the node that signed the backup.

    Raises:
        BackupRefused, LedgerRefused: with the reason; the ledger may lie there all the same.
    """
    small: dict[str, bytes] = {}
    for name, blocks in opened.files():
        if name == LEDGER:
            write_out(ledger, blocks)
        else:
            small[name] = joined(blocks)
    if check(ledger, ledger_key(small)) != opened.content.inside:
        raise BackupUnsound(what="counts")
    check_whose(opened.head, small, ledger)
    return small


def joined(blocks: Iterator[bytes]) -> bytes:
    """A small file as a whole.

    Raises:
        BackupUnsound: it is not small.
    """
    held = bytearray()
    for block in blocks:
        held += block
        if len(held) > SMALL_BYTES_MAX:
            raise BackupUnsound(what="size")
    return bytes(held)


def write_out(path: Path, blocks: Iterator[bytes]) -> None:
    """Write a file that only its owner may read, in place of one that a crash has left; durable on return."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
