"""Writes the rows of views: those that a rule has chosen, or one for every head where there is nothing to decide."""

# What is joined into statements here are this module's own constants and numbers; values are always bound.
# ruff: noqa: S608

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from node.ledger.ids import seqs_of
from node.ledger.notes import prefix
from node.ledger.peers import peer_number
from node.ledger.records import marks, parts
from node.ledger.shares import ViewRow
from node.ledger.store import Rows

_OTHERWISE: Final = """ON CONFLICT (peer, view, record) DO UPDATE
    SET urgency = excluded.urgency, basis = excluded.basis, basis_record = excluded.basis_record
    WHERE (urgency, basis, basis_record) IS NOT (excluded.urgency, excluded.basis, excluded.basis_record)"""


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


class ViewRowsWrite(Rows):
    """Puts rows in place of others; those that stay as they are cost no writing."""

    def view_heads(self, peer: bytes, subjects: Sequence[bytes], how: HeadsView) -> None:
        """Put a row for every head of these subjects in place of their rows in the views of a peer."""
        number = peer_number(self._connection(), peer)
        control = ", ".join(str(int(facet)) for facet in sorted(how.control_facets))
        urgency = " ".join(f"WHEN {int(facet)} THEN {int(order)}" for facet, order in how.urgency.items())
        for part in parts(subjects):
            chosen = f"SELECT number FROM subjects WHERE subject IN ({marks(part)})"
            self._connection().execute(
                f"""DELETE FROM views WHERE +peer = ?
                    AND record IN (SELECT seq FROM records WHERE subject IN ({chosen}) AND NOT is_head)""",
                (number, *part),
            )
            self._connection().execute(
                f"""INSERT INTO views (peer, view, record, prefix, waiting, urgency, basis, basis_record)
                    SELECT ?, CASE WHEN facet IN ({control}) THEN ? ELSE ? END, seq, prefix(id),
                    NOT EXISTS (SELECT 1 FROM passed p WHERE p.record = seq AND p.peer = ?),
                    CASE facet {urgency} ELSE ? END, ?, x''
                    FROM records WHERE is_head AND subject IN ({chosen}) {_OTHERWISE}""",
                (number, how.control, how.data, number, how.usual_urgency, how.basis, *part),
            )

    def replace_rows(self, peer: bytes, subjects: Sequence[bytes], rows: Iterable[ViewRow]) -> None:
        """Put these rows in place of all rows of these subjects in the views of a peer."""
        number = peer_number(self._connection(), peer)
        wanted = {row.record: row for row in rows}
        for part in parts(subjects):
            sql = f"""SELECT r.id, v.view, v.basis, v.basis_record, v.urgency, v.record
                FROM subjects s CROSS JOIN records r ON r.subject = s.number
                CROSS JOIN views v ON v.record = r.seq AND +v.peer = ? WHERE s.subject IN ({marks(part)})"""
            for *there, seq in self._connection().execute(sql, (number, *part)).fetchall():
                row = ViewRow(*there)
                if wanted.get(row.record) == row:
                    del wanted[row.record]
                else:
                    sql = "DELETE FROM views WHERE peer = ? AND view = ? AND record = ?"
                    self._connection().execute(sql, (number, row.view, seq))
        self._connection().executemany(
            f"""INSERT INTO views (peer, view, record, prefix, waiting, urgency, basis, basis_record)
                SELECT ?, ?, seq, ?, NOT EXISTS (SELECT 1 FROM passed p WHERE p.record = seq AND p.peer = ?), ?, ?, ?
                FROM records WHERE seq IN {seqs_of("?")} AND id = ? {_OTHERWISE}""",
            [
                (number, row.view, prefix(id_), number, row.urgency, row.basis, row.basis_record, id_, id_)
                for id_, row in wanted.items()
            ],
        )
