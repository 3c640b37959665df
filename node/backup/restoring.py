"""Puts a node back from a backup, in an empty place: it begins a new life, and is a node only when all of it is there.

What was written since the backup comes back from those it had been exchanged with; see `node.restores`. node.toml,
which makes a folder a node, is written last: whatever is killed on the way leaves no node, and is swept away by the
next try.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from node.backup.content import BARE_KEY, CONFIG, LEDGER, MEMBER_CARD, ORGANISATION_KEY, WRAPPED_KEY, Content
from node.backup.head import BackupHead
from node.backup.keeping import MEGABYTE
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
    RestorePlaceTaken,
)
from node.files import sync_folder, write_durably
from node.ledger import Ledger
from node.restores import Restores
from node.trust import keyfile
from node.trust.keys import BoxKey, NodeKey
from node.vault import NODE_SEED, RESTORED_FROM

AT_WORK: Final = ".restoring"
"""A folder in the place, from the first moment on: what lies beside it is of a restore that did not come to its end."""
NAMED_MAX: Final = 5
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
        BackupRefused, LedgerRefused: the backup can't be read, or is not sound; nothing is left.
    """
    with file.open("rb") as opened_file:
        opened = OpenedBackup(opened_file, key_of(key), progress)
        _check_empty(directory.path)
        work = directory.path / AT_WORK
        directory.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        work.mkdir(mode=0o700)
        try:
            _check_room(work, opened.head.sealed_bytes)
            small = unpacked(opened, work / LEDGER)
            config = _config_of(small, key_file)
            _put_key(config, small, directory)
            _put_files(work, small, directory)
            incarnation = _begin_life(directory, ledger_key(small), config, opened.head.made_at_ms, now_ms)
            directory.write_config(config)
        except BaseException:
            if not directory.config.exists():
                sweep(directory.path)
            raise
    shutil.rmtree(work)
    return Restored(opened.head, opened.content, config, incarnation)


def sweep(place: Path) -> None:
    """Take away what a restore has begun here and not finished."""
    for name in (LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", "ledger.mark", WRAPPED_KEY, ORGANISATION_KEY, MEMBER_CARD):
        (place / name).unlink(missing_ok=True)
    shutil.rmtree(place / AT_WORK, ignore_errors=True)


def _check_empty(place: Path) -> None:
    if place.is_dir() and (place / AT_WORK).is_dir() and not (place / CONFIG).exists():
        sweep(place)
    if place.is_dir():
        found = sorted(path.name for path in place.iterdir() if path.name != "lost+found")
    else:
        found = [place.name] if place.exists() or place.is_symlink() else []
    if found:
        named = ", ".join(found[:NAMED_MAX]) + (", …" if len(found) > NAMED_MAX else "")
        raise RestorePlaceTaken(directory=str(place), found=named)


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


def _put_key(config: NodeConfig, small: dict[str, bytes], directory: NodeDirectory) -> None:
    """The ledger's key, where node.toml will look for it. The same key that is there already is no hindrance.

    Raises:
        RestoreKeyFileTaken: another one is there.
    """
    if not config.key_file:
        write_durably(directory.wrapped_key, small[WRAPPED_KEY])
        return
    path = Path(config.key_file)
    if path.exists():
        try:
            same = keyfile.read_key_file(path, kind=keyfile.STORE) == ledger_key(small)
        except KeyFileMalformed:
            same = False
        if not same:
            raise RestoreKeyFileTaken(file=str(path))
        return
    if not path.parent.is_dir():
        raise RestoreKeyFileTaken(file=str(path))
    keyfile.write_key_file(path, small[BARE_KEY])


def _put_files(work: Path, small: dict[str, bytes], directory: NodeDirectory) -> None:
    for name, path in ((ORGANISATION_KEY, directory.organisation_key), (MEMBER_CARD, directory.member_card)):
        if name in small:
            write_durably(path, small[name], mode=0o600 if name == ORGANISATION_KEY else 0o644)
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
