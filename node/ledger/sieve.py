"""Tells most ids that are not held from the others without asking the file: what comes in bulk is usually new.

A reader's pages are out of date after every commit, and an id is anywhere in its index: while another thread writes,
each look-up would decrypt a page. So the first 8 bytes of all ids are kept in memory, 8 bytes a record, once as many
have been asked for as makes it worth while. What passes the sieve is looked up in truth.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from node.ledger.ids import IN_ORDER
from node.ledger.numbers import read_number
from node.ledger.store import Connection

if TYPE_CHECKING:
    from node.ledger.prefixes import Prefixes

PREFIX_BYTES: Final = 8
RECENT_MAX: Final = 1 << 16
"""Ids that wait to be sorted in with the rest."""
WORTH_WHILE: Final = 20
"""Reading all prefixes in costs as much as looking up one id in so many."""

_SINCE: Final = f"SELECT r.id FROM {IN_ORDER} WHERE r.seq > ?"  # noqa: S608 -- a constant


class Sieve:
    """The prefixes of all ids that are held, and perhaps of some that no longer are."""

    def __init__(self, recent_max: int = RECENT_MAX) -> None:
        self._recent_max = recent_max
        self._lock = threading.Lock()
        self._sorted: Prefixes | None = None
        """None: it was not worth while so far."""
        self._recent: set[bytes] = set()
        self._as_of: int | None = None
        """The sequence number up to which all are in."""
        self._asked = 0

    def may_be_held(self, ids: Sequence[bytes], connection: Connection) -> Sequence[bytes]:
        """Those of these ids that are held, and few others."""
        with self._lock:
            held = self._up_to_date(len(ids), connection)
            if held is None:
                return ids
            old = held.among(ids)
            return [id_ for id_, is_old in zip(ids, old, strict=True) if is_old or id_[:PREFIX_BYTES] in self._recent]

    def note(self, ids: Iterable[bytes], *, after: int, up_to: int) -> None:
        """These, and no others, were written between two sequence numbers. Spares reading them."""
        with self._lock:
            if self._as_of == after:
                self._add(ids)
                self._as_of = up_to

    def _up_to_date(self, asked: int, connection: Connection) -> "Prefixes | None":
        newest = read_number(connection, "seq")
        self._asked += asked
        if self._sorted is None or self._as_of is None:
            if self._asked * WORTH_WHILE < newest:
                return None
            from node.ledger.prefixes import Prefixes  # noqa: PLC0415 -- takes long to load, and is seldom needed

            self._sorted = Prefixes(row[0] for row in connection.execute("SELECT prefix FROM ids"))
            self._as_of = newest
        elif self._as_of < newest:
            self._add(row[0] for row in connection.execute(_SINCE, (self._as_of,)))
            self._as_of = newest
        return self._sorted

    def _add(self, ids: Iterable[bytes]) -> None:
        self._recent.update([id_[:PREFIX_BYTES] for id_ in ids])
        if self._sorted is not None and len(self._recent) > self._recent_max:
            self._sorted.add(self._recent)
            self._recent = set()
