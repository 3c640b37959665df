"""How far what follows from the records has been worked out: views by peer, holdings, and what is due at a time."""

# What is joined into statements here are this module's own constants and numbers; values are always bound.
# ruff: noqa: S608

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from node.ledger.peers import peer_number
from node.ledger.records import marks, parts
from node.ledger.shares import ViewRow
from node.ledger.store import Rows


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

    def rechecks_due(self, what: bytes, now_ms: int) -> list[bytes]:
        """Subjects whose decision may have changed by time alone."""
        sql = "SELECT subject FROM rechecks WHERE what = ? AND at_ms <= ?"
        return [row[0] for row in self._connection().execute(sql, (what, now_ms))]


@dataclass(frozen=True, slots=True)
class HeadsView:
    """How every head becomes a row of a view, where there is nothing to decide."""

    control: int
    data: int
    """Numbers of the two views."""
    control_facets: Collection[int]
    basis: int
    urgency: Mapping[int, int]
    """By facet."""
    usual_urgency: int


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

    def replace_rechecks(self, what: bytes, moments: Mapping[bytes, int | None]) -> None:
        """For each of these subjects the next moment to look again; None: never by time alone."""
        self._connection().executemany(
            "DELETE FROM rechecks WHERE what = ? AND subject = ?", [(what, subject) for subject in moments]
        )
        self._connection().executemany(
            "INSERT INTO rechecks (what, subject, at_ms) VALUES (?, ?, ?)",
            [(what, subject, moment) for subject, moment in moments.items() if moment is not None],
        )

    def view_heads(self, peer: bytes, subjects: Sequence[bytes], how: HeadsView) -> None:
        """Put a row for every head of these subjects in place of their rows in the view of a peer."""
        number = peer_number(self._connection(), peer)
        control = ", ".join(str(int(facet)) for facet in sorted(how.control_facets))
        urgency = " ".join(f"WHEN {int(facet)} THEN {int(order)}" for facet, order in how.urgency.items())
        for part in parts(subjects):
            chosen = f"SELECT number FROM subjects WHERE subject IN ({marks(part)})"
            self._connection().execute(
                f"DELETE FROM views WHERE peer = ? AND record IN (SELECT seq FROM records WHERE subject IN ({chosen}))",
                (number, *part),
            )
            self._connection().execute(
                f"""INSERT OR REPLACE INTO views (peer, record, view, basis, basis_record, urgency)
                    SELECT ?, seq, CASE WHEN facet IN ({control}) THEN ? ELSE ? END, ?, x'',
                    CASE facet {urgency} ELSE ? END FROM records WHERE is_head AND subject IN ({chosen})""",
                (number, how.control, how.data, how.basis, how.usual_urgency, *part),
            )

    def replace_rows(self, peer: bytes, subjects: Sequence[bytes], rows: Iterable[ViewRow]) -> None:
        """Put these rows in place of all rows of these subjects in the view of a peer."""
        number = peer_number(self._connection(), peer)
        self._connection().executemany(
            """DELETE FROM views WHERE peer = ? AND record IN
                (SELECT seq FROM records WHERE subject = (SELECT number FROM subjects WHERE subject = ?))""",
            [(number, subject) for subject in subjects],
        )
        self._connection().executemany(
            """INSERT OR REPLACE INTO views (peer, record, view, basis, basis_record, urgency)
                SELECT ?, seq, ?, ?, ?, ? FROM records WHERE id = ?""",
            [(number, row.view, row.basis, row.basis_record, row.urgency, row.record) for row in rows],
        )
