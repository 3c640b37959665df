"""Whether the disk has room: for what is written, for a backup, and for as long as it grows as it did."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from node.doctor.finding import Finding, Grade
from node.doctor.growth import Growth, growth_of
from node.installation import Installation

MB: Final = 1 << 20
LEAST_BYTES: Final = 200 * MB
"""Below that one large import, or the log of one bulk load, may not end."""
DAYS_AHEAD: Final = 14
"""Time enough to buy a disk."""


def look(node: Installation) -> Iterator[Finding]:
    """The disk the ledger is on."""
    path = node.directory.path
    yield judge(shutil.disk_usage(path).free, bytes_of(node.directory.ledger), growth_of(node.ledger, node.now_ms()))
    if os.statvfs(path).f_favail == 0 and os.statvfs(path).f_files:
        yield Finding("disk", "no_inodes", Grade.BAD)


def judge(free_bytes: int, ledger_bytes: int, growth: Growth | None) -> Finding:
    """What so much room means for a ledger of this size."""
    values: dict[str, str | int] = {"free_bytes": free_bytes, "ledger_bytes": ledger_bytes}
    if free_bytes < LEAST_BYTES:
        return Finding("disk", "full", Grade.BAD, values)
    need = ledger_bytes + LEAST_BYTES
    if free_bytes < need:
        return Finding("disk", "no_room_for_backup", Grade.WARN, {**values, "need_bytes": need})
    if growth is None or growth.bytes_a_day <= 0:
        return Finding("disk", "room", Grade.OK, values)
    days = (free_bytes - LEAST_BYTES) // growth.bytes_a_day
    values |= {"a_day_bytes": growth.bytes_a_day, "days": days}
    if days < DAYS_AHEAD:
        return Finding("disk", "fills", Grade.WARN, values)
    return Finding("disk", "room_and_growth", Grade.OK, values)


def bytes_of(ledger: Path) -> int:
    """The ledger with its log."""
    files = (ledger, ledger.with_name(f"{ledger.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
