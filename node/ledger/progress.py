"""How far what follows from the records has been worked out: views by peer, holdings, and what is due at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from node.ledger.numbers import read_number
from node.ledger.store import Rows, Value


@dataclass(frozen=True, slots=True)
class Progress:
    """Up to which sequence number something was worked out, and for which standing of the federation."""

    as_of: int
    fingerprint: bytes


class ProgressRead(Rows):
    """Questions about how far things are."""

    def progress(self, what: bytes) -> Progress:
        """How far; nothing at all where it was never begun. `what` is a peer's node id, or a name of ours."""
        row = self._connection().execute("SELECT as_of, fingerprint FROM progress WHERE what = ?", (what,)).fetchone()
        return Progress(0, b"") if row is None else Progress(*row)

    def rechecks_due(self, what: bytes, now_ms: int, most: int = -1) -> dict[bytes, int]:
        """Subjects whose decision may have changed by time alone, with the moment that was noted for each."""
        sql = "SELECT subject, at_ms FROM rechecks WHERE what = ? AND at_ms <= ? ORDER BY at_ms LIMIT ?"
        return dict(self._connection().execute(sql, (what, now_ms, most)).fetchall())

    def rechecks_of(self, what: bytes, subjects: Iterable[bytes]) -> dict[bytes, int]:
        """The moments noted for these subjects."""
        sql = "SELECT at_ms FROM rechecks WHERE what = ? AND subject = ?"
        found = ((subject, self._connection().execute(sql, (what, subject)).fetchone()) for subject in subjects)
        return {subject: row[0] for subject, row in found if row is not None}

    def rechecks_until(self, what: bytes, until_ms: int) -> tuple[int, int | None]:
        """How many subjects are to be looked at again by then, and the first moment of all; reads an index."""
        sql = """SELECT (SELECT count(*) FROM rechecks WHERE what = ? AND at_ms <= ?),
            (SELECT min(at_ms) FROM rechecks WHERE what = ?)"""
        count, first = self._connection().execute(sql, (what, until_ms, what)).fetchone() or (0, None)
        return int(count), first

    def is_settled(self, what: bytes, fingerprint: bytes, now_ms: int) -> bool:
        """Whether nothing has changed since this was worked out and nothing is due: three look-ups."""
        return self._connection().execute(_SETTLED, (what, fingerprint, what, now_ms)).fetchone() is not None

    def changed_after(self, seq: int, most: int, *, passing_over: int | None = None) -> tuple[int, list[bytes]]:
        """The next subjects that changed after `seq`, in the order of their change, and up to where that is.

        `passing_over` leaves out those of which only records of this facet are held.
        """
        (newest,) = self._connection().execute("SELECT coalesce(max(changed), 0) FROM subjects").fetchone() or (0,)
        values: list[Value] = [seq]
        if passing_over is not None:
            values += [passing_over, passing_over]
        sql = _CHANGED if passing_over is None else _CHANGED + _NOT_ONLY
        rows = self._connection().execute(f"{sql} ORDER BY s.changed LIMIT ?", (*values, most)).fetchall()
        return (rows[-1][1] if len(rows) == most else int(newest)), [row[0] for row in rows]

    def subjects_left(self, what: bytes, fingerprint: bytes, now_ms: int) -> tuple[int, int]:
        """How many subjects are still to be worked out or are due, and how many there are."""
        state = self.progress(what)
        since = state.as_of if state.fingerprint == fingerprint else 0
        sql = """SELECT (SELECT count(*) FROM subjects WHERE changed > ?)
            + (SELECT count(*) FROM rechecks WHERE what = ? AND at_ms <= ?), (SELECT count(*) FROM subjects)"""
        left, of = self._connection().execute(sql, (since, what, now_ms)).fetchone() or (0, 0)
        return int(left), int(of)


_CHANGED: Final = "SELECT s.subject, s.changed FROM subjects s WHERE s.changed > ?"
_NOT_ONLY: Final = """ AND NOT (EXISTS (SELECT 1 FROM records r WHERE r.subject = s.number AND r.facet = ?)
    AND NOT EXISTS (SELECT 1 FROM records r WHERE r.subject = s.number AND r.facet != ?))"""
_SETTLED: Final = """SELECT 1 FROM progress WHERE what = ? AND fingerprint = ?
    AND as_of = (SELECT coalesce(max(changed), 0) FROM subjects)
    AND NOT EXISTS (SELECT 1 FROM rechecks WHERE what = ? AND at_ms <= ?)"""


class ProgressWrite(ProgressRead):
    """Notes how far things are."""

    def set_progress(self, what: bytes, *, as_of: int, fingerprint: bytes) -> None:
        """Everything up to `as_of` has been worked out for this standing."""
        self._connection().execute(
            "INSERT OR REPLACE INTO progress (what, as_of, fingerprint) VALUES (?, ?, ?)", (what, as_of, fingerprint)
        )

    def advance(self, what: bytes, *, since: Progress, as_of: int, fingerprint: bytes) -> None:
        """As `set_progress`, for work that began when the progress was `since`.

        Where another thread or process has worked at the same meanwhile, the lower of the two stands: one of them may
        have written what was out of date already, and it is done again.
        """
        now = self.progress(what)
        if now != since:
            as_of = min(as_of, now.as_of)
            fingerprint = fingerprint if now.fingerprint == fingerprint else b""
        self.set_progress(what, as_of=as_of, fingerprint=fingerprint)

    def recheck_now(self, what: bytes, subjects: Iterable[bytes]) -> None:
        """These are to be looked at again at once, even where someone is looking at them already.

        No two transactions note the same moment, so that one who finishes sees that it looked too early.
        """
        at_ms = -1 - read_number(self._connection(), "commits")
        self.replace_rechecks(what, dict.fromkeys(subjects, at_ms))

    def replace_rechecks(self, what: bytes, moments: Mapping[bytes, int | None]) -> None:
        """For each of these subjects the next moment to look again; None: never by time alone."""
        self._connection().executemany(
            "DELETE FROM rechecks WHERE what = ? AND subject = ?", [(what, subject) for subject in moments]
        )
        self._connection().executemany(
            "INSERT INTO rechecks (what, subject, at_ms) VALUES (?, ?, ?)",
            [(what, subject, moment) for subject, moment in moments.items() if moment is not None],
        )
