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
    """Whose backups, and how many of them stay."""

    organisation: str
    node: bytes
    count: int


def named_in(node: Installation, made_at_ms: int) -> str:
    """The name a backup gets in a folder: whose it is, and of when in UTC; so names stand in the order of time."""
    at = datetime.fromtimestamp(made_at_ms / 1000, tz=UTC)
    return f"{node.config.organisation}-{node.key.node.hex()[:8]}-{at:%Y%m%dT%H%M%S}Z{ENDING}"


def drop_older(folder: Path, kept: Kept) -> tuple[Path, ...]:
    """Take away all but the newest of one node's backups; what is no backup, or another node's, is left alone."""
    found: list[tuple[int, Path]] = []
    for path in folder.glob(f"*{ENDING}"):
        with suppress(BackupRefused, OSError), path.open("rb") as file:
            head = BackupHead.read(file)
            if (head.organisation, head.node) == (kept.organisation, kept.node):
                found.append((head.made_at_ms, path))
    dropped = tuple(path for _, path in sorted(found)[: -kept.count])
    for path in dropped:
        path.unlink()
    return dropped
