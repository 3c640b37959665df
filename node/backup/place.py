"""The place in which a node is put back: empty, and for one restore at a time."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from node.backup.content import CONFIG
from node.errors import RestorePlaceTaken, RestoreRunning

AT_WORK: Final = ".restoring"
"""A folder in the place, locked for as long as a restore works in it."""
LOST_AND_FOUND: Final = "lost+found"
NAMED_MAX: Final = 5


@contextmanager
def alone_in(place: Path, sweep: Callable[[Path], None]) -> Iterator[Path]:
    """The folder to work in. What a killed restore has left there is swept first, and what this one leaves last.

    Raises:
        RestorePlaceTaken: there is something in the place.
        RestoreRunning: another restore works in it; nothing was touched.
    """
    if _found(place) and not _is_begun(place):
        _refuse(place)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    work, made = place / AT_WORK, False
    with suppress(FileExistsError):
        work.mkdir(mode=0o700)
        made = True
    with _locked(work):
        if not (place / CONFIG).exists():
            sweep(place)
        if _found(place) != [AT_WORK]:
            if made:
                work.rmdir()
            _refuse(place)
        try:
            yield work
        finally:
            sweep(place)
            work.rmdir()


def _is_begun(place: Path) -> bool:
    """Whether what is there may be of a restore that was killed, or is at work."""
    work = place / AT_WORK
    return work.is_dir() and not work.is_symlink() and not (place / CONFIG).exists()


@contextmanager
def _locked(work: Path) -> Iterator[None]:
    """The system lets go of the lock however this ends. Whoever ends takes the folder away with it: then the lock is on
    nothing, and the place another's."""
    try:
        lock = os.open(work, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise RestoreRunning(directory=str(work.parent)) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            same = os.path.samestat(os.fstat(lock), work.stat(follow_symlinks=False))
        except (BlockingIOError, FileNotFoundError):
            same = False
        if not same:
            raise RestoreRunning(directory=str(work.parent))
        yield
    finally:
        os.close(lock)


def _found(place: Path) -> list[str]:
    if place.is_dir():
        return sorted(path.name for path in place.iterdir() if path.name != LOST_AND_FOUND)
    return [place.name] if place.exists() or place.is_symlink() else []


def _refuse(place: Path) -> None:
    found = [name for name in _found(place) if name != AT_WORK] or [AT_WORK]
    named = ", ".join(found[:NAMED_MAX]) + (", …" if len(found) > NAMED_MAX else "")
    raise RestorePlaceTaken(directory=str(place), found=named)
