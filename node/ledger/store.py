"""Opens the encrypted file, and hands out its one writer and a reader for each thread."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, cast

from sqlcipher3 import dbapi2 as untyped_dbapi2

from node.errors import (
    LedgerBusy,
    LedgerDamaged,
    LedgerExists,
    LedgerForeign,
    LedgerFull,
    LedgerKeyRefused,
    LedgerMissing,
    LedgerRefused,
    LedgerReplaced,
)

if TYPE_CHECKING:
    from node.ledger.upgrading import Upgrading

dbapi2: Final[Any] = untyped_dbapi2
"""The wheel brings no types; the protocols below say what we use of it."""
dbapi2.register_adapter(bytes, bytes)
"""Of whatever is bound but texts and numbers it first asks what it is to become: 2 µs for each id, if nobody says."""

KEY_BYTES: Final = 32
BUSY_MS: Final = 15_000
"""How long a writer waits for another process: longer than any transaction of ours takes."""
FOLD_MS: Final = 250
"""How long folding the log waits for readers: it is tried again after the next write."""
CACHE_KIB: Final = 64 * 1024
"""Of the writer: enough for a million ids in two levels and the index of their subjects."""
READER_CACHE_KIB: Final = 16 * 1024
STATEMENTS: Final = 512
"""Kept ready by each connection: all that a node asks, where the module's own number has some of them read again."""
CHECKPOINT_PAGES: Final = 8_000
"""32 MB of log before it is folded in: a bulk load then rewrites an index page once, not once a batch."""
SCHEMA: Final = 11
"""How many steps `migrations` has. A file that has taken just these opens without loading what takes them."""
ROOM_BYTES: Final = 128 * 1024
"""A disk with less has no room for the index of a write-ahead log."""
APPLICATION_ID: Final = 0x4D6F5961
PLAIN_HEADER: Final = b"SQLite format 3\0"

Value = int | float | str | bytes | None


class Cursor(Protocol):
    """What we use of a cursor."""

    rowcount: int

    def fetchone(self) -> tuple[Any, ...] | None: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...
    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


class Connection(Protocol):
    """What we use of a connection."""

    in_transaction: bool
    total_changes: int

    def execute(self, sql: str, parameters: Sequence[Value] = ..., /) -> Cursor: ...
    def executemany(self, sql: str, parameters: Iterable[Sequence[Value]], /) -> Cursor: ...
    def create_function(self, name: str, narg: int, func: Callable[..., Value], /, *, deterministic: bool) -> None: ...
    def close(self) -> None: ...


class Rows:
    """Base of every room of the ledger: where its questions go to."""

    def _connection(self) -> Connection:
        raise NotImplementedError

    def _rows(self) -> Connection:
        """Where questions go that rows of people answer."""
        return self._connection()


class Store:
    """One ledger file. Any thread may use it; one at a time may write."""

    def __init__(self, path: Path, key: bytes, writer: Connection) -> None:
        self.path = path
        self._key = key
        self._inode = path.stat().st_ino
        self._writer = writer
        self._writing = threading.RLock()
        self._writes: int | None = None
        """The thread that holds the writer."""
        self._local = threading.local()
        self._readers: list[Connection] = []
        self._readers_lock = threading.Lock()

    @classmethod
    def create(cls, path: Path, key: bytes) -> Self:
        """Make the file, readable by its owner alone, and bring it to the newest schema.

        Raises:
            LedgerExists: something is there already; it is left alone.
        """
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError as error:
            raise LedgerExists from error
        writer = _connect(path, key, CACHE_KIB)
        writer.execute("PRAGMA journal_mode = WAL")
        from node.ledger.upgrading import first_steps  # noqa: PLC0415 -- it knows the connection from here

        first_steps(writer)
        return cls._opened(path, key, writer)

    @classmethod
    def open(cls, path: Path, key: bytes, upgrading: "Upgrading | None" = None) -> Self:
        """Open the file, and bring it to the newest schema; `upgrading` hears how far that is.

        Raises:
            LedgerMissing: there is no file.
            LedgerKeyRefused: it does not open with this key (or is damaged at its very beginning).
            LedgerForeign: it is no ledger.
            LedgerFull: the disk is, and a file that is written needs room beside it even to be read.
            LedgerTooNew: a newer program has changed its schema; nothing is touched.
            LedgerNoRoomToUpgrade, LedgerUpgradeFailed: it is of an older program, and as it was.
        """
        _refuse_what_is_no_ledger(path)
        writer = _connect(path, key, CACHE_KIB)
        try:
            writer.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except dbapi2.DatabaseError as error:
            writer.close()
            raise _refusal_to_open(str(error), path) from error
        try:
            _bring_up(path, key, writer, upgrading)
        except BaseException:
            _close_untouched(path, key, writer)
            raise
        return cls._opened(path, key, writer)

    @classmethod
    def _opened(cls, path: Path, key: bytes, writer: Connection) -> Self:
        from node.ledger.notes import prefix, take_notes  # noqa: PLC0415 -- it knows the connection from here

        writer.create_function("prefix", 1, prefix, deterministic=True)
        take_notes(writer)
        return cls(path, key, writer)

    def close(self) -> None:
        """Close every connection; folds the log into the file."""
        with self._readers_lock:
            readers, self._readers = self._readers, []
        for reader in readers:
            reader.close()
        self._local = threading.local()
        self._writer.close()

    def reader(self) -> Connection:
        """This thread's own connection: sees what was committed last, and never waits for a writer. Inside `asking` the
        one lent there."""
        found: Connection | None = getattr(self._local, "lent", None) or getattr(self._local, "reader", None)
        if found is None:
            found = _connect(self.path, self._key, READER_CACHE_KIB)
            found.execute("PRAGMA query_only = ON")
            self._local.reader = found
            with self._readers_lock:
                self._readers.append(found)
        return found

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Hold the writer: everything in the block is durable together when it ends, or not there at all.

        Raises:
            LedgerBusy: another process kept the ledger for longer than BUSY_MS.
            LedgerFull: the disk is full; what was committed before is safe.
            LedgerReplaced: another file stands in its place by now.
        """
        with self._writing:
            self._need_same_file()
            # A write() inside a write() would commit half of the outer one.
            assert not self._writer.in_transaction  # noqa: S101
            with translated(self.path):
                self._writer.execute("BEGIN IMMEDIATE")
            self._writes = threading.get_ident()
            try:
                with translated(self.path):
                    yield self._writer
                    self._writer.execute("COMMIT")
            except BaseException:
                with suppress(dbapi2.Error):
                    self._writer.execute("ROLLBACK")
                raise
            finally:
                self._writes = None

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """The writer where nobody writes, because what it read last is still good; else this thread's reader, which
        forgets all it has read as soon as anybody has written.

        Also the reader where this thread asks of one moment. All that this thread asks inside goes the same way.
        """
        reader = self.reader()
        if reader.in_transaction or self.is_asking() or not self._writing.acquire(blocking=False):
            yield reader
            return
        self._local.lent = self._writer
        try:
            yield self._writer
        finally:
            self._local.lent = None
            self._writing.release()

    def is_asking(self) -> bool:
        """Whether this very thread is in the middle of `asking`, or of a transaction."""
        return self.writes_here() or getattr(self._local, "lent", None) is not None

    def writes_here(self) -> bool:
        """Whether this very thread is in the middle of a transaction."""
        return self._writes == threading.get_ident()

    def _need_same_file(self) -> None:
        """SQLite would go on writing into the file that was taken away, and all of it would be lost at the end."""
        try:
            same = self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            same = False
        if not same:
            raise LedgerReplaced

    def compact(self) -> bool:
        """Write the whole file anew, and fold the log. False: something is in the way, and it is to be tried again.

        `secure_delete` overwrites what is deleted, but not the copies that stay behind in the unused part of a page
        when the tree moves its rows to another: about one in a thousand (measured). Only writing anew removes those.
        The copy is made in memory: at most the size of the file.
        """
        with self._writing:
            try:
                self._writer.execute("VACUUM")
                self._writer.execute("DELETE FROM numbers WHERE name = 'erased'")
            except dbapi2.DatabaseError:
                return False
            return self.fold_log()

    def bytes_on_disk(self) -> int:
        """Size of the file, without its log."""
        return self.path.stat().st_size

    def fold_log(self) -> bool:
        """Fold the write-ahead log into the file and empty it, so that what was erased is in neither.

        False: a reader is in the way, and it is to be tried again.
        """
        with self._writing:
            self._writer.execute(f"PRAGMA busy_timeout = {FOLD_MS}")
            try:
                busy = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        return busy is not None and busy[0] == 0


def connect(path: Path, key: bytes) -> Connection:
    """A connection of one's own, of which the store knows nothing."""
    return _connect(path, key, READER_CACHE_KIB)


def connect_reading(path: Path, key: bytes) -> Connection:
    """A connection that can change nothing, neither by folding the log when it is closed."""
    return _connect(path, key, READER_CACHE_KIB, only_reading=True)


def _connect(path: Path, key: bytes, cache_kib: int, *, only_reading: bool = False) -> Connection:
    assert len(key) == KEY_BYTES  # noqa: S101
    where = f"{path.absolute().as_uri()}?mode={'ro' if only_reading else 'rw'}"
    connection = cast(
        "Connection",
        dbapi2.connect(
            where,
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MS / 1000,
            cached_statements=STATEMENTS,
        ),
    )
    for pragma in (
        f"key = \"x'{key.hex()}'\"",
        # What SQLCipher 4 does by default, said aloud, so that a later version's defaults open the file as well.
        "cipher_compatibility = 4",
        "cipher_page_size = 4096",
        "cipher_hmac_algorithm = HMAC_SHA512",
        "cipher_memory_security = OFF",
        f"busy_timeout = {BUSY_MS}",
        "foreign_keys = ON",
        # What REPLACE removes fires triggers as well: nothing leaves a view unnoticed.
        "recursive_triggers = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
        "synchronous = FULL",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        f"cache_size = -{cache_kib}",
    ):
        try:
            connection.execute(f"PRAGMA {pragma}")
        except dbapi2.DatabaseError as error:
            # Never show the statement: the first one holds the key.
            connection.close()
            raise _refusal_to_open(str(error), path) from error
    return connection


def _refuse_what_is_no_ledger(path: Path) -> None:
    try:
        with path.open("rb") as file:
            beginning = file.read(len(PLAIN_HEADER))
    except FileNotFoundError as error:
        raise LedgerMissing from error
    except IsADirectoryError as error:
        raise LedgerForeign from error
    if len(beginning) < len(PLAIN_HEADER) or beginning == PLAIN_HEADER:
        raise LedgerForeign


def _bring_up(path: Path, key: bytes, writer: Connection, upgrading: "Upgrading | None") -> None:
    """Take the steps that are missing. What takes them is loaded only here: most files have taken all."""
    if one(writer, "PRAGMA application_id") != APPLICATION_ID:
        raise LedgerForeign
    if one(writer, "SELECT count(*) FROM _sqlite_migrations") != SCHEMA:
        from node.ledger import migrations  # noqa: PLC0415
        from node.ledger.upgrading import unheard, upgrade  # noqa: PLC0415

        migrations.refuse_newer(writer)
        upgrade(path, key, writer, upgrading or unheard)
    if one(writer, "PRAGMA journal_mode") != "wal":  # of a copy
        writer.execute("PRAGMA journal_mode = WAL")


def _close_untouched(path: Path, key: bytes, writer: Connection) -> None:
    """Whoever closes a file last folds a log that was left into it, unless it can't write: so that one is the last."""
    log = path.with_name(path.name + "-wal")
    if not (log.exists() and log.stat().st_size):
        writer.close()
        return
    try:
        with closing(connect_reading(path, key)) as last:
            last.execute("SELECT count(*) FROM sqlite_master").fetchone()
            writer.close()
    except (dbapi2.Error, LedgerRefused):
        writer.close()


def one(connection: Connection, sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    return None if row is None else row[0]


@contextmanager
def translated(path: Path) -> Iterator[None]:
    try:
        yield
    except dbapi2.DatabaseError as error:
        refused = _refusal(str(error), path)
        if refused is None:
            raise
        raise refused from error


def _refusal(text: str, path: Path) -> LedgerRefused | None:
    for sign, refusal in (
        ("locked", LedgerBusy),
        ("disk is full", LedgerFull),
        ("malformed", LedgerDamaged),
        ("not a database", LedgerDamaged),
        ("disk I/O", LedgerFull if _is_full(path) else LedgerDamaged),
    ):
        if sign in text:
            return refusal()
    return None


def _refusal_to_open(text: str, path: Path) -> LedgerRefused:
    """What a wrong key gives is "not a database"."""
    refused = _refusal(text, path)
    return refused if isinstance(refused, LedgerBusy | LedgerFull) else LedgerKeyRefused()


def _is_full(path: Path) -> bool:
    """SQLite says no more than "I/O error" where there is no room for the index of its write-ahead log."""
    disk = os.statvfs(path.parent)
    return disk.f_bavail * disk.f_frsize < ROOM_BYTES
