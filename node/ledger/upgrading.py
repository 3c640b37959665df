"""Brings an older ledger to the newest schema: a copy is laid beside it first, then all steps are one transaction.

Whatever goes wrong before the end, the file is as it was. The copy is a ledger as well, encrypted under the same key;
it holds what is erased later, so it is not for ever (`old_copies`): `moyai backup` takes it away after a month.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from node.errors import LedgerBusy, LedgerNoRoomToUpgrade, LedgerUpgradeFailed
from node.files import sync_folder
from node.ledger import migrations
from node.ledger.copying import copy
from node.ledger.store import APPLICATION_ID, Connection, dbapi2, one, translated

Upgrading = Callable[[str, int, int], None]
"""Told "copy" or "steps", how far it is, and of how much."""

TRIES: Final = 3
"""How often somebody may write between the copy and the steps."""
SPARE_BYTES: Final = 16 << 20
COPY_PREFIX: Final = "ledger.before-"
MEGABYTE: Final = 1_000_000


def unheard(_what: str, _done: int, _total: int) -> None:
    """Tells nobody how far it is."""


def upgrade(path: Path, key: bytes, writer: Connection, upgrading: Upgrading) -> None:
    """Take the steps that are missing.

    Raises:
        LedgerNoRoomToUpgrade: there is no room for the copy and the steps; nothing was changed.
        LedgerUpgradeFailed: a step could not be taken; the file is as it was.
        LedgerBusy: another process went on writing.
    """
    taken = one(writer, "SELECT count(*) FROM _sqlite_migrations")
    beside = path.with_name(f"{COPY_PREFIX}{taken}.db")
    try:
        for _ in range(TRIES):
            _check_room(path)
            seen = one(writer, "PRAGMA data_version")
            copy(path, key, beside, lambda done, total: upgrading("copy", done, total))
            sync_folder(path.parent)
            if _take_if_as_copied(path, writer, seen, upgrading):
                return
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    beside.unlink(missing_ok=True)
    raise LedgerBusy


def first_steps(writer: Connection) -> None:
    """Take all steps on a file that was made just now."""
    writer.execute("BEGIN IMMEDIATE")
    _take(writer, unheard)


def old_copies(path: Path, *, before_ms: int) -> Iterator[Path]:
    """Copies laid beside this ledger before that time."""
    for found in sorted(path.parent.glob(f"{COPY_PREFIX}*.db")):
        if found.stat().st_mtime * 1000 < before_ms:
            yield found


def _take_if_as_copied(path: Path, writer: Connection, seen: int, upgrading: Upgrading) -> bool:
    """Whether the steps are taken now. False: another process has written since, and what it wrote is in no copy."""
    with translated(path):
        writer.execute("BEGIN IMMEDIATE")
    try:
        if migrations.missing(writer) and one(writer, "PRAGMA data_version") != seen:
            writer.execute("ROLLBACK")
            return False
        _take(writer, upgrading)
    except BaseException:
        with suppress(dbapi2.Error):
            writer.execute("ROLLBACK")
        raise
    return True


def _take(writer: Connection, upgrading: Upgrading) -> None:
    steps = migrations.missing(writer)
    number = 0
    try:
        for number, _ in enumerate(migrations.take(writer, steps)):
            upgrading("steps", number, len(steps))
        writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        writer.execute("COMMIT")
    except dbapi2.DatabaseError as error:
        raise LedgerUpgradeFailed(step=steps[number], what=type(error).__name__) from error
    upgrading("steps", len(steps), len(steps))


def _check_room(path: Path) -> None:
    """The copy takes as much as the file; what the steps write lies in the log before it is folded in."""
    disk = os.statvfs(path.parent)
    need, free = 2 * path.stat().st_size + SPARE_BYTES, disk.f_bavail * disk.f_frsize
    if free < need:
        raise LedgerNoRoomToUpgrade(need=need // MEGABYTE + 1, free=free // MEGABYTE, folder=str(path.parent))
