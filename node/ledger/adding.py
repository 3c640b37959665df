"""Adds to what is kept of the views what a transaction has changed of their rows; sets it right where it is wrong."""

# What reckons with many ids at once is loaded when there are some: a desk that starts has none to compare.
# ruff: noqa: PLC0415
# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from typing import TYPE_CHECKING, Final

from node.ledger.ids import seqs_of
from node.ledger.notes import prefix
from node.ledger.peers import peer_number
from node.ledger.views import WRONGLY_WAITING, ViewsRead

if TYPE_CHECKING:
    from node.ledger.sums import Sums

_NOTES: Final = "SELECT peer, view, id, sum(sign) FROM view_notes GROUP BY peer, view, id HAVING sum(sign) != 0"


class ViewsWrite(ViewsRead):
    """Keeps what follows from the rows of views, and what is remembered beside."""

    def _add_notes(self) -> None:
        """Add what was noted in the open transaction; the ledger calls it just before it commits."""
        connection = self._connection()
        if connection.execute("SELECT 1 FROM view_notes LIMIT 1").fetchone() is None:
            return
        changes: dict[tuple[int, int], tuple[list[bytes], list[bytes]]] = {}
        for peer, view, id_, sign in connection.execute(_NOTES):
            assert sign in (1, -1)  # noqa: S101 -- an id is in a view or not
            came, went = changes.setdefault((peer, view), ([], []))
            (came if sign > 0 else went).append(id_)
        connection.execute("DELETE FROM view_notes")
        if not changes:
            return
        from node.ledger.sums import read_sums, write_sums

        for (peer, view), (came, went) in changes.items():
            sums = read_sums(connection, peer, view)
            sums.change(came, went)
            # Fewer than none: the file was changed behind our back, and nobody is to wait for the doctor to write.
            write_sums(connection, peer, view, sums if sums.lanes.count >= 0 else self._counted(peer, view))

    def _counted(self, peer: int, view: int) -> "Sums":
        from node.ledger.sums import Sums

        (node,) = self._connection().execute("SELECT node FROM peers WHERE number = ?", (peer,)).fetchone() or (b"",)
        return Sums.of(self.view_ids(node, view))

    def audited(self, peer: bytes, view: int, at_ms: int) -> None:
        """All ids of the view were found equal by a salted hash."""
        from node.ledger.sums import Sums

        number = peer_number(self._connection(), peer)
        self._connection().execute(
            """INSERT INTO view_sums (peer, view, count, root, lanes, cells, audited_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (peer, view) DO UPDATE SET audited_ms = excluded.audited_ms""",
            (number, view, *Sums.empty().columns(), at_ms),
        )

    def repair_sums(self, peer: bytes, view: int) -> None:
        """Work what is kept of a view out of all its ids: 7 s a million."""
        from node.ledger.sums import Sums, write_sums

        number, ids = peer_number(self._connection(), peer), self.view_ids(peer, view)
        self._connection().executemany(
            f"""UPDATE views SET prefix = ? WHERE peer = ? AND view = ?
                AND record IN (SELECT seq FROM records WHERE seq IN {seqs_of("?")} AND id = ?) AND prefix IS NOT ?""",
            ((prefix(id_), number, view, id_, id_, prefix(id_)) for id_ in ids),
        )
        write_sums(self._connection(), number, view, Sums.of(ids))

    def repair_waiting(self) -> None:
        """Set right which rows have not passed, as `passed` says."""
        self._connection().execute(f"UPDATE views SET waiting = NOT waiting WHERE {WRONGLY_WAITING}")
