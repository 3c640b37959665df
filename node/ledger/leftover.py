"""Sets aside a write-ahead log that a crash has left and that belongs to another copy of the ledger's file.

SQLite folds whatever log it finds into whatever file it finds: the two carry no sign that they belong together. Where
an old copy was put over a ledger that had crashed, old pages and new would be mixed. So where the file is not the one
that was marked and a log lies beside it, both are read through once before anything may be folded: a gigabyte takes
some seconds. A log that fits makes the copy as new as the original was, and stays.
"""

from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from node.ledger.store import connect_reading, dbapi2

LOG: Final = "-wal"
INDEX: Final = "-shm"
ASIDE: Final = "-wal.aside"
"""Kept, encrypted as it is: it may be all that is left of what was written last."""


def set_aside_foreign_log(path: Path, key: bytes) -> bool:
    """Whether there was a log that does not belong to this file, and the file is whole without it."""
    log, aside = _beside(path, LOG), _beside(path, ASIDE)
    if not is_left(path) or _is_whole(path, key):
        return False
    log.replace(aside)
    _beside(path, INDEX).unlink(missing_ok=True)
    if _is_whole(path, key):
        return True
    aside.replace(log)
    return False


def is_left(path: Path) -> bool:
    """Whether a write-ahead log lies beside the file: of a crash, or of another process that is at work."""
    try:
        return _beside(path, LOG).stat().st_size > 0
    except FileNotFoundError:
        return False


def _is_whole(path: Path, key: bytes) -> bool:
    """Whether every page and index fits the others, and the log of who looked has no gap. Writes nothing."""
    with suppress(dbapi2.DatabaseError), closing(connect_reading(path, key)) as reading:
        found = reading.execute("PRAGMA integrity_check(1)").fetchall()
        (entries,) = reading.execute("SELECT count(*) - ifnull(max(number), 0) FROM audit").fetchall()
        return found == [("ok",)] and entries == (0,)
    return False


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
