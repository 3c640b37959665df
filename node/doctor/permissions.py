"""Whether the files with keys and the store are closed to everybody but their owner."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from node.config import NodeConfig, NodeDirectory
from node.doctor.finding import Finding, Grade

OTHERS: Final = 0o077


def look(directory: NodeDirectory, config: NodeConfig) -> Iterator[Finding]:
    """Needs no key: it is looked at before the ledger is opened, which refuses a key file that others can read."""
    found = [one for path in _secret(directory, config) for one in judge(path)]
    yield from found or [Finding("permissions", "closed")]


def judge(path: Path) -> Iterator[Finding]:
    """One file or folder; what is not there is no fault of it."""
    try:
        status = path.stat()
    except OSError:
        return
    if status.st_mode & OTHERS:
        mode = f"{0o700 if path.is_dir() else 0o600:o}"
        yield Finding("permissions", "open", Grade.BAD, {"path": str(path), "mode": mode})
    if status.st_uid not in {os.geteuid(), 0}:
        yield Finding("permissions", "of_another", Grade.WARN, {"path": str(path)})


def _secret(directory: NodeDirectory, config: NodeConfig) -> list[Path]:
    ledger = directory.ledger
    logs = [ledger.with_name(f"{ledger.name}{ending}") for ending in ("-wal", "-shm")]
    key_files = [Path(config.key_file)] if config.key_file else []
    return [directory.path, ledger, *logs, directory.wrapped_key, directory.organisation_key, *key_files]
