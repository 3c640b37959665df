"""Numbers that only go up: the sequence of arrival, our own author counter, the clock's high water, the commits."""

from itertools import accumulate
from typing import Final

from node.ledger.store import Connection, Rows
from node.records import clock as hybrid

INCARNATION_BITS: Final = 40
"""The counter's low bits count records; the bits above say which incarnation of this ledger wrote them."""
INCARNATION_MS: Final = 600_000
INCARNATION_MAX: Final = (1 << 23) - 1
"""Ten-minute steps since 1970 fit until 2129, in the 63 bits that a column has."""

SEARCH_MS: Final = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500)
"""Bounds by which it is counted how long searches take: whoever types waits for the answer."""

_SEARCHES: Final = "searches"
_LATEST_MS: Final = "latest-ms"
_SET_BACK: Final = "set-back"

_WRITE: Final = (
    "INSERT INTO numbers (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def read_number(connection: Connection, name: str) -> int:
    """The number of that name, 0 where it was never written."""
    row = connection.execute("SELECT value FROM numbers WHERE name = ?", (name,)).fetchone()
    return 0 if row is None else int(row[0])


class NumbersRead(Rows):
    """How far the numbers have gone."""

    def counter(self) -> int:
        """The newest counter we have issued. A version vector that claims more of us than this is not ours."""
        return read_number(self._connection(), "counter")

    def clock(self) -> int:
        """The largest clock value issued or taken in."""
        return read_number(self._connection(), "clock")

    def newest_seq(self) -> int:
        """The newest sequence number."""
        return read_number(self._connection(), "seq")

    def latest_ms(self) -> int:
        """The latest time the wall clock is known to have shown here."""
        return read_number(self._connection(), _LATEST_MS)

    def times_set_back(self) -> int:
        """How often the wall clock was seen to have been set back."""
        return read_number(self._connection(), _SET_BACK)

    def searches(self) -> tuple[list[int], int]:
        """How many searches took no longer than each of SEARCH_MS, and how many at all at the end; and all their
        milliseconds together."""
        read = [read_number(self._connection(), f"{_SEARCHES}-{bound}") for bound in (*SEARCH_MS, "")]
        return list(accumulate(read)), read_number(self._connection(), f"{_SEARCHES}-ms")

    def was_skipped(self, counter: int) -> bool:
        """Whether this counter of ours lies in a range that was never issued, because somebody had claimed it."""
        sql = "SELECT 1 FROM skipped WHERE first <= ? AND last >= ?"
        return self._connection().execute(sql, (counter, counter)).fetchone() is not None

    def data_version(self) -> int:
        """Goes up with every commit that changed anything but the log, of this process or another.

        A screen polls it to know that it is stale; were the log counted, reading a list would make the list stale.
        """
        return read_number(self._connection(), "commits")


class NumbersWrite(Rows):
    """Takes the next numbers; they are written when the transaction ends, and not at all when it fails."""

    _taken: dict[str, int]
    _issued: set[int]
    """Counters given out in this transaction: a record that carries one is written here."""

    def next_counter(self) -> int:
        """Our next author counter: never given twice, and higher than every one before."""
        counter = self._take("counter", self._number("counter") + 1)
        self._issued.add(counter)
        return counter

    def next_clock(self, now_ms: int) -> int:
        """The next clock value: never goes back, whatever the wall clock does."""
        return self._take("clock", hybrid.tick(self._number("clock"), now_ms))

    def count_search(self, took_ms: int) -> None:
        """A search was made, and took so long. Whichever process made it: all are counted here."""
        bound = next((bound for bound in SEARCH_MS if took_ms <= bound), "")
        for name, more in ((f"{_SEARCHES}-{bound}", 1), (f"{_SEARCHES}-ms", max(0, took_ms))):
            self._take(name, self._number(name) + more)

    def turn_clock_back(self, now_ms: int) -> None:
        """Go on from this moment, though later ones were given: the wall clock was wrong, and somebody has said so."""
        self._take("clock", hybrid.tick(0, now_ms))

    def observe_clock(self, clock: int, now_ms: int) -> None:  # noqa: ARG002
        """Remember a clock value that came in; the caller has refused what lies beyond the bound."""
        if clock > self._number("clock"):
            self._take("clock", clock)

    def note_time(self, now_ms: int, *, set_back: bool = False) -> None:
        """The wall clock shows this; `set_back` where it has shown more."""
        self._take(_LATEST_MS, now_ms)
        if set_back:
            self._take(_SET_BACK, self._number(_SET_BACK) + 1)

    def skip_to(self, counter: int) -> None:
        """Never issue the counters up to this one: somebody has claimed it falsely, and we write above."""
        first = self._number("counter") + 1
        if counter >= first:
            self._connection().execute("INSERT INTO skipped (first, last) VALUES (?, ?)", (first, counter))
            self._take("counter", counter)

    def new_incarnation(self, now_ms: int, *, above: int = 0) -> int:
        """Count on from a range that no earlier life of this ledger can have used; returns the incarnation.

        What was written after the backup that was put back is lost here but may live on elsewhere under counters that
        must not be given again; `above` is the highest of those that is known. The range follows the time, so that
        two restores of one backup do not meet either, unless within the same ten minutes.
        """
        highest = max(self._number("counter"), above)
        incarnation = min(max((highest >> INCARNATION_BITS) + 1, now_ms // INCARNATION_MS), INCARNATION_MAX)
        self._take("counter", max(highest, incarnation << INCARNATION_BITS))
        return incarnation

    def _next_seq(self) -> int:
        return self._take("seq", self._number("seq") + 1)

    def _number(self, name: str) -> int:
        if name not in self._taken:
            self._taken[name] = read_number(self._connection(), name)
        return self._taken[name]

    def _take(self, name: str, value: int) -> int:
        self._taken[name] = value
        return value

    def _write_numbers(self, *, changed: bool) -> None:
        if changed or _SET_BACK in self._taken:
            self._take("commits", self._number("commits") + 1)
        self._connection().executemany(_WRITE, self._taken.items())
