"""Copies a ledger that is in use, as it was at one moment, and looks whether a copy is sound and whole."""

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from node.errors import LedgerDamaged, LedgerTooNew
from node.ledger import migrations
from node.ledger.reading import Reading
from node.ledger.store import APPLICATION_ID, SCHEMA, Connection, connect, connect_reading, dbapi2, translated

Progress = Callable[[int, int], None]
"""Told how many bytes are done, of about how many."""

STEPS_BETWEEN: Final = 20_000
"""Of SQLite's machine, between two looks at how far a copy is."""


def nobody(_done: int, _total: int) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What a ledger has in it: by this a copy is held against what was copied."""

    schema: int
    """How many steps of the schema it has taken."""
    records: int
    people: int
    """Evacuees and residents."""
    entries: int
    """Of the log of who looked."""
    head: bytes
    """Hash of its last entry."""
    counter: int
    clock: int


def copy(path: Path, key: bytes, target: Path, progress: Progress = nobody) -> None:
    """Write the ledger as it is at this moment to another file, under the same key, compact, durable on return.

    Whoever writes meanwhile is not kept waiting; what they write is not in the copy. What stands at the target goes.

    Raises:
        LedgerFull: there is no room for it.
    """
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    total = path.stat().st_size
    try:
        with closing(connect(path, key)) as reading, translated(target):
            _watch(reading, lambda: progress(min(target.stat().st_size, total), total))
            reading.execute("VACUUM INTO ?", (str(target),))
        with target.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    progress(total, total)


def inside(path: Path, key: bytes) -> Inside:
    """What is in a ledger's file. Reads only."""
    with closing(_Copy(path, key)) as read:
        return read.inside()


def check(path: Path, key: bytes, progress: Progress = nobody) -> Inside:
    """Read every page, index and entry of the log, and return what is in it. Reads only.

    Raises:
        LedgerDamaged: a page or an index does not fit the others, or it is no ledger.
        AuditBroken: the log does not follow from itself.
    """
    with closing(_Copy(path, key)) as read:
        read.check_pages()
        read.verify_audit(progress)
        return read.inside()


class _Copy(Reading):
    """A file that nobody else has open."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._open = connect_reading(path, key)
        try:
            if self._rows_of("_sqlite_migrations") > SCHEMA:
                migrations.refuse_newer(self._open)
        except dbapi2.DatabaseError as error:
            self._open.close()
            raise LedgerDamaged from error
        except LedgerTooNew:
            self._open.close()
            raise

    def close(self) -> None:
        self._open.close()

    def inside(self) -> Inside:
        length, head = self.audit_head()
        return Inside(
            schema=self._rows_of("_sqlite_migrations"),
            records=self._rows_of("records"),
            people=self._rows_of("people"),
            entries=length,
            head=head,
            counter=self.counter(),
            clock=self.clock(),
        )

    def check_pages(self) -> None:
        try:
            (application,) = self._open.execute("PRAGMA application_id").fetchall()
            if application != (APPLICATION_ID,) or self._open.execute("PRAGMA integrity_check(1)").fetchall() != [
                ("ok",)
            ]:
                raise LedgerDamaged
        except dbapi2.DatabaseError as error:
            raise LedgerDamaged from error

    def _rows_of(self, table: str) -> int:
        ((number,),) = self._open.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608 -- ours
        return int(number)

    def _connection(self) -> Connection:
        return self._open


def _watch(connection: Connection, look: Callable[[], None]) -> None:
    """Look at times, while a long statement runs."""

    def looked() -> int:
        look()
        return 0

    cast("Any", connection).set_progress_handler(looked, STEPS_BETWEEN)
