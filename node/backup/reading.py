"""Reads a backup through: every piece opens, the ledger in it is sound, and holds what was put in."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from node.backup.content import BARE_KEY, LEDGER, Content
from node.backup.head import BackupHead
from node.backup.sealing import OpenedBackup, Progress, nobody, stream_key
from node.errors import BackupUnsound
from node.ledger.copying import Inside, check
from node.trust import keyfile
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
    """Read a backup through. The ledger in it, encrypted as it is, lies for a while in `scratch`, a file that must not
    be there.

    Raises:
        BackupRefused, LedgerRefused: with the reason.
    """
    with file.open("rb") as opened:
        return check_opened(OpenedBackup(opened, key_of(key), progress), scratch)


def check_opened(opened: OpenedBackup, scratch: Path) -> Checked:
    """As `verify_backup`, of one whose head was read."""
    small: dict[str, bytes] = {}
    try:
        for name, blocks in opened.files():
            if name == LEDGER:
                write_out(scratch, blocks)
            else:
                small[name] = joined(blocks)
        found = check(scratch, ledger_key(small))
    finally:
        scratch.unlink(missing_ok=True)
    if found != opened.content.inside:
        raise BackupUnsound(what="counts")
    return Checked(opened.head, opened.content)


def ledger_key(small: dict[str, bytes]) -> bytes:
    """The key of the ledger in a backup."""
    return keyfile.unwrap(small[BARE_KEY], kind=keyfile.STORE, passphrase=None)


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
