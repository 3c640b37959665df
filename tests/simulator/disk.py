"""A disk that can fail: counts every statement of a ledger's writer, dies at one, or says that it is full for a while.

What a dead process leaves behind is what the file and its log were at that instant: they are copied, byte for byte,
before anything is closed. A death in the middle of a commit leaves a log cut off somewhere inside that commit.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from node.ledger.store import Connection, Cursor, Store, Value, dbapi2

BESIDE: Final = (
    "SELECT ",
    "BEGIN",
    "COMMIT",
    "PRAGMA ",
    "INSERT INTO numbers ",
    "INSERT INTO audit ",
    "INSERT INTO peers ",
    "UPDATE peers ",
    "INSERT OR REPLACE INTO witnesses ",
    "INSERT INTO view_sums ",
    "DELETE FROM view_notes",
    "INSERT OR REPLACE INTO progress ",
    "DELETE FROM rechecks ",
    "INSERT INTO rechecks ",
)
"""How a statement begins that changes nothing of what is held: how far things are, who looked, who was met when."""


class Died(BaseException):
    """The process is gone. Nothing of the node may catch it."""


@dataclass(slots=True)
class Disk:
    """What the next statements of one machine meet."""

    chance: Random
    statements: int = 0
    dies_in: int | None = None
    """So many statements from now; None: not by a statement."""
    full_for: int = 0
    """So many statements to come fail for want of room."""
    dead: bool = False
    log_bytes: int | None = None
    """What of the log was on the disk at a death inside a commit; None: all there is."""
    changes: int = 0
    """Statements that may have changed what is held, and how."""
    last_seen: tuple[dict[str, str], int] = ({}, -1)
    """What the ledger held by table, and after how many changes it was looked at."""


class FragileConnection:
    """A writer's connection on such a disk."""

    def __init__(self, connection: Connection, log: Path, disk: Disk) -> None:
        self._connection = connection
        self._log = log
        self.disk = disk

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    @property
    def total_changes(self) -> int:
        return self._connection.total_changes

    def execute(self, sql: str, parameters: Sequence[Value] = (), /) -> Cursor:
        return self._met(sql, lambda: self._connection.execute(sql, parameters))

    def executemany(self, sql: str, parameters: Iterable[Sequence[Value]], /) -> Cursor:
        return self._met(sql, lambda: self._connection.executemany(sql, parameters))

    def create_function(self, name: str, narg: int, func: Callable[..., Value], /, *, deterministic: bool) -> None:
        self._connection.create_function(name, narg, func, deterministic=deterministic)

    def close(self) -> None:
        self._connection.close()

    def _met(self, sql: str, do: Any) -> Any:
        disk = self.disk
        if disk.dead:
            raise Died
        disk.statements += 1
        if disk.full_for and not sql.startswith(("ROLLBACK", "PRAGMA")):
            disk.full_for -= 1
            if sql.startswith(("INSERT", "COMMIT")):
                raise dbapi2.OperationalError("database or disk is full")
        if not sql.startswith(BESIDE):
            disk.changes += 1
        if disk.dies_in is None:
            return do()
        disk.dies_in -= 1
        if disk.dies_in > 0:
            return do()
        self._die(sql, do)
        raise Died

    def _die(self, sql: str, do: Any) -> None:
        """Before the statement, after it, or while a commit is being written."""
        self.disk.dead = True
        moment = self.disk.chance.choice(("before", "after", "within"))
        if moment == "before":
            return
        before = self._log.stat().st_size if self._log.exists() else 0
        do()
        after = self._log.stat().st_size if self._log.exists() else 0
        if moment == "within" and sql == "COMMIT" and after > before:
            self.disk.log_bytes = self.disk.chance.randrange(before, after)


class FragileStore(Store):
    """A ledger file on such a disk. Made by `open`, like any other."""

    def __init__(self, path: Path, key: bytes, writer: Connection) -> None:
        self.disk = Disk(Random(0))
        super().__init__(path, key, FragileConnection(writer, _log_of(path), self.disk))

    def image(self) -> "Image":
        """What is on the disk at this instant."""
        return Image.of(self.path, log_bytes=self.disk.log_bytes)


@dataclass(frozen=True, slots=True)
class Image:
    """A ledger's files as they stood at one moment."""

    file: bytes
    log: bytes
    mark: bytes

    @classmethod
    def of(cls, path: Path, *, log_bytes: int | None = None) -> "Image":
        """The files as they are now, or with the first bytes of the log alone."""
        log = _bytes(_log_of(path))
        return cls(path.read_bytes(), log if log_bytes is None else log[:log_bytes], _bytes(mark_of(path)))

    def put(self, path: Path, *, with_mark: bool = False) -> None:
        """Put them there, as another file of that name: whoever has the old one open has nothing to do with it."""
        for each in (_log_of(path), path.with_name(path.name + "-shm")):
            each.unlink(missing_ok=True)
        beside = path.with_name("beside")
        beside.write_bytes(self.file)
        beside.replace(path)
        if self.log:
            _log_of(path).write_bytes(self.log)
        if with_mark:
            mark_of(path).unlink(missing_ok=True)
            if self.mark:
                mark_of(path).write_bytes(self.mark)


def mark_of(path: Path) -> Path:
    """The mark beside a ledger."""
    return path.with_suffix(".mark")


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
