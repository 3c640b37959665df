"""The names of backups in a folder, and which of the older ones go."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from node.backup.head import BackupHead
from node.errors import BackupRefused
from node.installation import Installation

MEGABYTE: Final = 1_000_000
ENDING: Final = ".moyai-backup"


@dataclass(frozen=True, slots=True)
class Kept:
    """Whose backups, how many of them stay, and the one that was made just now, which stays in any case."""

    organisation: str
    node: bytes
    count: int
    newest: Path
    made_at_ms: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """What became of the older ones."""

    gone: tuple[Path, ...] = ()
    ahead: tuple[Path, ...] = ()
    """Those that say to be of later than now: a clock was wrong, or somebody has written them; left alone."""


def named_in(node: Installation, made_at_ms: int) -> str:
    """The name a backup gets in a folder: whose it is, and of when in UTC; so names stand in the order of time."""
    at = datetime.fromtimestamp(made_at_ms / 1000, tz=UTC)
    return f"{node.config.organisation}-{node.key.node.hex()[:8]}-{at:%Y%m%dT%H%M%S}Z{ENDING}"


def drop_older(folder: Path, kept: Kept) -> Dropped:
    """Take away all but the newest of one node's backups. What is no backup, not whole by its length, another node's or
    of later than now counts for nothing and is left alone: what a head says nobody has proved at this point."""
    older: list[tuple[int, Path]] = []
    ahead: list[Path] = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        head = None if path.name == kept.newest.name else _whole(path)
        if head is None or (head.organisation, head.node) != (kept.organisation, kept.node):
            continue
        if head.made_at_ms > kept.made_at_ms:
            ahead.append(path)
        else:
            older.append((head.made_at_ms, path))
    stay = kept.count - 1
    gone = tuple(path for _, path in sorted(older)[: len(older) - stay]) if len(older) > stay else ()
    for path in gone:
        path.unlink()
    return Dropped(gone, tuple(ahead))


def _whole(path: Path) -> BackupHead | None:
    """The head of a file that is as long as its head says."""
    with suppress(BackupRefused, OSError):
        if path.is_file():
            with path.open("rb") as file:
                head = BackupHead.read(file)
                if head.file_bytes == path.stat().st_size:
                    return head
    return None
