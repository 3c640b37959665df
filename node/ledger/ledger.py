"""The ledger of one node: an encrypted file that any thread may read and one at a time may write."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from node.errors import LedgerBusy, LedgerFull
from node.ledger.due import AT_ONCE as DUE_AT_ONCE, has_put_off
from node.ledger.leftover import is_left as log_is_left, set_aside_foreign_log
from node.ledger.lives import Why
from node.ledger.mark import Mark, MarkFile
from node.ledger.numbers import read_number
from node.ledger.people import PersonRow
from node.ledger.reading import Reading
from node.ledger.records import held_among
from node.ledger.sieve import Sieve
from node.ledger.store import Connection, Store
from node.ledger.writing import Writing

if TYPE_CHECKING:
    from node.ledger.upgrading import Upgrading

Answer = TypeVar("Answer")

COMPACT_AT_ONCE_BYTES: Final = 16 << 20
"""A file up to this size is written anew right after an erasure: a fifth of a second."""


class Ledger(Reading):
    """Reads see what was committed last, each thread through its own connection; writes go through `write()`.

    A second process may have the same file open (the desk beside the daemon).
    """

    def __init__(self, store: Store, marking: MarkFile, marked: Mark | None = None, *, copied: bool = False) -> None:
        self._store = store
        self._marking = marking
        self._fold_due = False
        self._closed = False
        self._turns: dict[bytes, threading.RLock] = {}
        self._turns_lock = threading.Lock()
        self.marked = marked or Mark()
        """How far it had come by the mark beside it, when it was opened."""
        self._copied = copied
        self._highest: dict[bytes, tuple[int, int]] = {}
        """Node to how far its counters have been looked through, and the highest among them."""
        self._sieve = Sieve()

    @classmethod
    def create(cls, path: Path, key: bytes) -> Self:
        """Make a new ledger under a raw key of 32 bytes. See `Store.create` for what it raises."""
        made = cls(Store.create(path, key), MarkFile.fresh(path, key))
        made._marking.note()
        return made

    @classmethod
    def open(cls, path: Path, key: bytes, upgrading: "Upgrading | None" = None) -> Self:
        """Open a ledger. See `Store.open` for what it raises, and for what `upgrading` hears."""
        marking = MarkFile(path, key)
        marked = marking.read()  # before the ledger is: what is written meanwhile must not look like more than it has
        copied = False
        if marked is not None and path.exists() and not marked.is_as_left(path):
            # A crash leaves a log; where there is none, what has changed the file was not us.
            copied = not (marked.is_in(path) and log_is_left(path))
            set_aside_foreign_log(path, key)
        return cls(Store.open(path, key, upgrading), marking, marked, copied=copied)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._store.path

    def close(self) -> None:
        """Close the file. The ledger is of no use afterwards. Safe to repeat."""
        if not self._closed:
            self._closed = True
            self._store.close()
            self._marking.note()  # the log was folded in, if nobody else has the file open

    def earlier_life(self) -> Why | None:
        """What shows that this file has lived on elsewhere; None: nothing does. `begin_life` is the answer to it."""
        marked, (length, _) = self.marked, self.audit_head()
        if marked.counter > self.counter() or marked.clock > self.clock() or marked.entries > length:
            return Why.FILE_OLDER
        return Why.FILE_COPIED if self._copied else None

    def settle_mark(self) -> None:
        """What was marked of an earlier life is answered: the mark is of this one from now on."""
        length, _ = self.audit_head()
        self._marking.begin(counter=self.counter(), clock=self.clock(), entries=length)
        self.marked, self._copied = self._marking.read() or Mark(), False

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One transaction: durable as a whole when the block ends, and not there at all if it raises.

        Not to be held across an `await`: other threads wait for it. See `Store.transaction` for what it raises.
        """
        with self._store.transaction() as connection:
            writing = Writing(connection, self._sieve)
            yield writing
            writing.finish()
        self._marking.note(**writing.reached)
        writing.committed()
        if writing.has_erased or self._fold_due:
            self._wipe()

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """What this thread asks inside is answered from one moment, whatever is written meanwhile. Not for long: the
        log of the file can't be folded until it ends."""
        reader = self._connection()
        reader.execute("BEGIN")
        try:
            yield
        finally:
            reader.execute("ROLLBACK")

    @contextmanager
    def asking(self) -> Iterator[None]:
        """What this thread asks inside is not behind, and goes by what is still known of the last time: a search that
        is logged, as each is, would else find nothing in memory the next time. Others who write wait, so not for
        long."""
        self._rows()
        with self._store.asking():
            yield

    @contextmanager
    def turn(self, what: bytes) -> Iterator[None]:
        """Of the threads of this process one at a time works `what` out; the next goes on where it stopped."""
        with self._turns_lock:
            lock = self._turns.setdefault(what, threading.RLock())
        with lock:
            yield

    def has(self, ids: Sequence[bytes]) -> set[bytes]:
        """As `RecordsRead.has`; most of what is new costs no look-up where many are asked for."""
        maybe = self._sieve.may_be_held(ids, self._connection())
        with self._store.asking() as connection:
            return held_among(connection, maybe)

    def catch_up(self) -> bool:
        """Bring rows up to date that were put off, in one bounded transaction. Returns whether some are still due."""
        if not has_put_off(self._connection()):
            return False
        with self.write() as writing:
            writing.write_rows_due()
        return has_put_off(self._connection())

    def person(self, subject: bytes) -> PersonRow | None:
        """As `PeopleRead.person`, and never behind the records."""
        if not self._store.writes_here() and self.is_row_due(subject):
            with self.write() as writing:
                writing.write_row_due(subject)
        return super().person(subject)

    def resident_by_key(self, municipal_key: str) -> bytes | None:
        """As `PeopleRead.resident_by_key`, and never behind: whoever is not found here is registered anew."""
        return self._never_behind(lambda: super(Ledger, self).resident_by_key(municipal_key))

    def residents_of_household(self, household_key: str) -> list[PersonRow]:
        """As `PeopleRead.residents_of_household`, and never behind: a check-in takes the household as it is."""
        return self._never_behind(lambda: super(Ledger, self).residents_of_household(household_key))

    def household(self, household: bytes) -> list[PersonRow]:
        """As `PeopleRead.household`, and never behind."""
        return self._never_behind(lambda: super(Ledger, self).household(household))

    def highest_counter(self, node: bytes, *, after: int = 0) -> int:
        """As `RecordsRead.highest_counter`, remembered: only what has come since is looked through again."""
        newest = self.newest_seq()
        seen, highest = self._highest.get(node, (after, 0))
        if newest > seen:
            highest = max(highest, super().highest_counter(node, after=seen))
            self._highest[node] = (newest, highest)
        return highest

    def _never_behind(self, ask: Callable[[], Answer]) -> Answer:
        """Let everybody's rows follow before this question: it decides what is written next."""
        if not self._store.writes_here():
            while self.catch_up():
                pass
        return ask()

    def compaction_due(self) -> bool:
        """Whether something was erased since the file was last written anew."""
        return read_number(self._connection(), "erased") > 0

    def compact(self) -> bool:
        """Write the file anew, so that nothing of what was erased is left in it; False: busy, try again.

        Small files do so by themselves after an erasure. A large one takes a minute for each 2 GB, during which nobody
        else can write: for the quiet hours.
        """
        done = self._store.compact()
        self._marking.note()
        return done

    def tidy(self) -> None:
        """Join the pieces of the search index: after a bulk load searches take half the time. 4 seconds a million."""
        with self._store.transaction() as connection:
            connection.execute("INSERT INTO found (found) VALUES ('optimize')")
        self._marking.note()

    def _wipe(self) -> None:
        if self._store.bytes_on_disk() <= COMPACT_AT_ONCE_BYTES:
            self._fold_due = not self._store.compact()
        else:
            self._fold_due = not self._store.fold_log()
        self._marking.note()

    def _connection(self) -> Connection:
        return self._store.reader()

    def _rows(self) -> Connection:
        """A few rows that are behind are brought up to date before the question; in a bulk load it does not wait."""
        if not self._store.is_asking() and 0 < self.rows_due(at_most=DUE_AT_ONCE + 1) <= DUE_AT_ONCE:
            with suppress(LedgerBusy, LedgerFull):  # what is there can be read all the same
                self.catch_up()
        return self._connection()
