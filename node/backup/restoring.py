"""Puts a node back from a backup, in an empty place: it begins a new life, and is a node only when all of it is there.

What was written since the backup comes back from those it had been exchanged with; see `node.restores`. node.toml,
which makes a folder a node, is moved out of the folder of the restore as the last: whatever is killed on the way leaves
no node, and is swept away by the next try.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from node.backup.content import BARE_KEY, CONFIG, LEDGER, MEMBER_CARD, ORGANISATION_KEY, WRAPPED_KEY, Content
from node.backup.head import BackupHead
from node.backup.keeping import MEGABYTE
from node.backup.place import AT_WORK, alone_in
from node.backup.reading import key_of, unpacked
from node.backup.sealing import OpenedBackup, Progress, nobody
from node.backup.whose import config_in, ledger_key
from node.config import NodeConfig, NodeDirectory
from node.errors import (
    BackupRoomMissing,
    BackupUnsound,
    KeyFileMalformed,
    NodeLocked,
    RestoreKeyFileTaken,
)
from node.files import sync_folder, write_durably
from node.ledger import Ledger
from node.restores import Restores
from node.trust import keyfile
from node.trust.keys import BoxKey, NodeKey
from node.vault import NODE_SEED, RESTORED_FROM

_PUT: Final = (
    *(LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", "ledger.mark"),
    *(WRAPPED_KEY, ORGANISATION_KEY, MEMBER_CARD),
)
SPARE_BYTES: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """A node that was put back."""

    head: BackupHead
    content: Content
    config: NodeConfig
    incarnation: int
    """From which it numbers what it writes."""


def restore(
    file: Path,
    key: BoxKey,
    directory: NodeDirectory,
    *,
    key_file: Path | None,
    now_ms: Callable[[], int],
    progress: Progress = nobody,
) -> Restored:
    """Put the node in this backup back into an empty folder, or one that is not there yet.

    `key_file` is where the ledger's key is put, bare; None: where it was, or under the passphrase it had.

    Raises:
        RestorePlaceTaken, RestoreKeyFileTaken: something is there; it was left alone.
        RestoreRunning: another restore is at work in this place.
        BackupRefused, LedgerRefused: the backup can't be read, or is not sound; nothing is left.
    """
    with file.open("rb") as opened_file:
        opened = OpenedBackup(opened_file, key_of(key), progress)
        with alone_in(directory.path, sweep) as work:
            _check_room(work, opened.head.sealed_bytes)
            small = unpacked(opened, work / LEDGER)
            config = _config_of(small, key_file)
            NodeDirectory(work).write_config(config)
            with _key_put(config, small, directory):
                _put_files(work, small, directory, config)
                incarnation = _begin_life(directory, ledger_key(small), config, opened.head.made_at_ms, now_ms)
                (work / CONFIG).replace(directory.config)
            sync_folder(directory.path)
    return Restored(opened.head, opened.content, config, incarnation)


def sweep(place: Path) -> None:
    """Take away what a restore has begun here and not finished: as long as its node.toml has not left the folder in
    which it works, and no longer, what lies beside that is its own."""
    if (place / AT_WORK / CONFIG).exists() and not (place / CONFIG).exists():
        for name in _PUT:
            (place / name).unlink(missing_ok=True)
    for path in (place / AT_WORK).iterdir():
        if path.name != CONFIG:
            path.unlink()
    (place / AT_WORK / CONFIG).unlink(missing_ok=True)


def _check_room(work: Path, size: int) -> None:
    disk = os.statvfs(work)
    need, free = size + SPARE_BYTES, disk.f_bavail * disk.f_frsize
    if free < need:
        raise BackupRoomMissing(folder=str(work.parent), need=need // MEGABYTE + 1, free=free // MEGABYTE)


def _config_of(small: dict[str, bytes], key_file: Path | None) -> NodeConfig:
    config = config_in(small)
    if key_file is not None:
        return config.model_copy(update={"key_file": str(key_file.resolve())})
    if not config.key_file and WRAPPED_KEY not in small:
        raise BackupUnsound(what=WRAPPED_KEY)
    return config


@contextmanager
def _key_put(config: NodeConfig, small: dict[str, bytes], directory: NodeDirectory) -> Iterator[None]:
    """The ledger's key, where node.toml will look for it. The same key that is there already is no hindrance; one that
    was put there goes again where what follows fails.

    Raises:
        RestoreKeyFileTaken: another one is there.
    """
    path = Path(config.key_file) if config.key_file else None
    made = path is not None and _is_free(path, ledger_key(small))
    if path is not None and made:
        keyfile.write_key_file(path, small[BARE_KEY])
    try:
        yield
    except BaseException:
        if path is not None and made and not directory.config.exists():
            path.unlink(missing_ok=True)
        raise


def _is_free(path: Path, key: bytes) -> bool:
    """Whether the key is still to be put there; it is not where it is there."""
    if path.exists():
        try:
            same = keyfile.read_key_file(path, kind=keyfile.STORE) == key
        except KeyFileMalformed:
            same = False
        if not same:
            raise RestoreKeyFileTaken(file=str(path))
        return False
    if not path.parent.is_dir():
        raise RestoreKeyFileTaken(file=str(path))
    return True


def _put_files(work: Path, small: dict[str, bytes], directory: NodeDirectory, config: NodeConfig) -> None:
    """Each is whole in the folder of the restore before it is moved to where it belongs."""
    for name, path in (
        (WRAPPED_KEY, directory.wrapped_key),
        (ORGANISATION_KEY, directory.organisation_key),
        (MEMBER_CARD, directory.member_card),
    ):
        if name in small and (name != WRAPPED_KEY or not config.key_file):
            write_durably(work / name, small[name], mode=0o644 if name == MEMBER_CARD else 0o600)
            (work / name).replace(path)
    (work / LEDGER).replace(directory.ledger)
    sync_folder(directory.path)


def _begin_life(
    directory: NodeDirectory, key: bytes, config: NodeConfig, made_at_ms: int, now_ms: Callable[[], int]
) -> int:
    """Count on from above whatever was given since the backup. A clock that stands before it is known to be wrong."""
    with Ledger.open(directory.ledger, key) as ledger:
        seed = ledger.secret(NODE_SEED)
        if seed is None:
            raise NodeLocked(what="node-seed")
        restores = Restores(
            ledger,
            node=NodeKey(seed).node,
            organisation=config.organisation,
            now_ms=lambda: max(now_ms(), made_at_ms),
        )
        incarnation = restores.put_back()
        with ledger.write() as writing:
            writing.set_meta(RESTORED_FROM, str(made_at_ms))
        return incarnation
