"""The lives of this ledger: whoever puts an older copy in its place begins a new one, which counts on from above."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from node.ledger.numbers import NumbersWrite, read_number
from node.ledger.store import Rows
from node.records.record import reopen_record
from sync.envelope import SealedRecord

_BEGAN_MS: Final = "life-began-ms"
_BEGAN_CLOCK: Final = "life-began-clock"
_WHY: Final = "life-why"
_TWIN_MS: Final = "twin-seen-ms"


class Why(IntEnum):
    """What showed that an earlier life had gone on."""

    FIRST = 0
    """Nothing: this is the first life."""
    FILE_OLDER = 1
    """The mark beside the ledger was ahead of it."""
    FILE_COPIED = 2
    """The ledger stands in another file than the one that was marked: a copy, of which the original may live on."""
    OWN_RECORD = 3
    """A peer had a record with our seal that this ledger never wrote."""
    PEER_WITNESS = 4
    """A peer has witnessed more of our log, or another log, than we have."""


@dataclass(frozen=True, slots=True)
class Life:
    """The present life."""

    why: Why
    began_ms: int
    """0 for the first one."""
    began_clock: int
    """The clock's high water then: a record of ours with a later clock that is not from here is from a twin."""
    twin_seen_ms: int
    """When a record of ours came that somebody else wrote during this life, with our key; 0: never."""


class LivesRead(Rows):
    """Questions about lives."""

    def life(self) -> Life:
        """The present one."""
        began_ms, began_clock, why, twin_ms = (
            read_number(self._connection(), name) for name in (_BEGAN_MS, _BEGAN_CLOCK, _WHY, _TWIN_MS)
        )
        return Life(Why(why), began_ms, began_clock, twin_ms)

    def written_here(self, node: bytes, counter: int) -> bytes | None:
        """Id of the record of this counter that was written on this ledger by its own node, as far as it is held.

        Own records lie in the order of their counters, so that a handful of them is looked at.
        """
        sql = """SELECT seq, body, signature FROM records WHERE seq >= ? AND came_from_node = ? ORDER BY seq LIMIT 1"""
        low, high = 1, read_number(self._connection(), "seq") + 1
        while low < high:
            middle = (low + high) // 2
            row = self._connection().execute(sql, (middle, node)).fetchone()
            if row is None:
                high = middle
                continue
            record = reopen_record(SealedRecord(row[1], row[2]))
            if record.counter == counter:
                return record.id
            low, high = (row[0] + 1, high) if record.counter < counter else (low, middle)
        return None

    def explained(self, peer: bytes) -> int:
        """How long a log of ours this peer may claim to have witnessed without that being news."""
        return read_number(self._connection(), _explained(peer))


class LivesWrite(NumbersWrite, LivesRead):
    """Begins another."""

    def begin_life(self, why: Why, *, now_ms: int, above: int = 0, clock: int = 0) -> int:
        """Count on from above every counter that an earlier life can have used, and what it is known to have used.

        The clock goes on from `clock` or higher. Returns the incarnation.
        """
        incarnation = self.new_incarnation(now_ms, above=above)
        self.observe_clock(clock, now_ms)
        self._take(_BEGAN_MS, now_ms)
        self._take(_BEGAN_CLOCK, max(self._number("clock"), now_ms << 16))
        self._take(_WHY, why)
        return incarnation

    def note_twin(self, now_ms: int) -> None:
        """Somebody else writes with our key."""
        self._take(_TWIN_MS, now_ms)

    def explain(self, peer: bytes, length: int) -> None:
        """What this peer witnessed of us up to this length is known to be of another life."""
        self._take(_explained(peer), length)


def _explained(peer: bytes) -> str:
    return f"explained-{peer.hex()}"
