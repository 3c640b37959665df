"""The views: what each peer and this node compare, as rows and as the sums kept of them."""

# What reckons with many ids at once is loaded when there are some: a desk that starts has none to compare.
# ruff: noqa: PLC0415
# What is joined into statements here are this module's own constants and question marks; values are always bound.
# ruff: noqa: S608

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from node.ledger.ids import IN_ORDER, seqs_of
from node.ledger.store import Rows
from sync.ports import Snapshot, Standing, Waiting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sync.mapping import Symbols

ID_BYTES: Final = 32
_READ_AT_ONCE: Final = 10_000
_PEER: Final = "(SELECT number FROM peers WHERE node = ?)"
_LOOK_UPS: Final = 240
"""Prefixes looked up in one statement, two values each."""
SCAN_FROM: Final = 16
"""A scan of the view reads 16 rows in the time of one look-up by prefix."""

_AMONG: Final = """WITH wanted (place, low, high) AS (VALUES {places})
    SELECT w.place FROM wanted w WHERE EXISTS (SELECT 1 FROM views v
        WHERE v.peer = {peer} AND v.view = ? AND v.record IN {seqs})
    OR EXISTS (SELECT 1 FROM turned t WHERE t.peer = {peer} AND t.record BETWEEN w.low AND w.high AND t.view = ?)"""


@dataclass(frozen=True, slots=True)
class SumsCheck:
    """What is kept of a view beside the same from all its ids."""

    ids: int
    """How many the view has, counted."""
    equal: bool


class ViewsRead(Rows):
    """Questions about views. `peer` is a node id, `view` one of `moyai.v1.View`."""

    def view_standing(self, peer: bytes, view: int) -> Standing:
        """Count and root: one row."""
        sql = f"SELECT count, root FROM view_sums WHERE peer = {_PEER} AND view = ?"
        row = self._connection().execute(sql, (peer, view)).fetchone()
        return Standing(0, nothing_root()) if row is None else Standing(*row)

    def is_agreed(self, peer: bytes, view: int, root: bytes) -> bool:
        """Whether this is its root, and nothing of it waits: one statement."""
        sql = f"""SELECT root = ? AND NOT EXISTS (SELECT 1 FROM views INDEXED BY views_waiting
            WHERE peer = view_sums.peer AND view = view_sums.view AND waiting)
            FROM view_sums WHERE peer = {_PEER} AND view = ?"""
        row = self._connection().execute(sql, (root, peer, view)).fetchone()
        return root == nothing_root() if row is None else bool(row[0])

    def view_snapshot(self, peer: bytes, view: int) -> Snapshot:
        """Count, root and cells: one row."""
        from node.ledger.sums import opened_cells
        from sync.sketch import KEPT_CELLS, Cells

        sql = f"SELECT count, root, cells FROM view_sums WHERE peer = {_PEER} AND view = ?"
        row = self._connection().execute(sql, (peer, view)).fetchone()
        if row is None:
            return Snapshot(0, nothing_root(), Cells.empty(KEPT_CELLS))
        return Snapshot(row[0], row[1], opened_cells(row[2]))

    def view_symbols(self, peer: bytes, view: int) -> "Symbols":
        """The prefixes of all ids, ascending; one scan of the rows, and no record is read."""
        import numpy as np

        from node.ledger.sums import symbols_of

        sql = f"""SELECT prefix FROM views WHERE peer = {_PEER} AND view = ?"""
        rows = self._connection().execute(sql, (peer, view))
        of_rows = np.fromiter((row[0] for row in rows), dtype=np.int64).view(np.uint64)
        sql = f"""SELECT t.record FROM turned t WHERE t.peer = {_PEER} AND t.view = ? AND {_NOT_A_ROW}"""
        turned = symbols_of(row[0] for row in self._connection().execute(sql, (peer, view)))
        return np.sort(np.concatenate([of_rows, turned]))

    def view_ids(self, peer: bytes, view: int) -> list[bytes]:
        """The ids of the view, ascending."""
        joined = self.view_ids_joined(peer, view)
        return [joined[start : start + ID_BYTES] for start in range(0, len(joined), ID_BYTES)]

    def view_ids_joined(self, peer: bytes, view: int) -> bytes:
        """The ids of the view, ascending, one after another: of a million never more than a few are objects at once."""
        sql = f"""SELECT r.id FROM views v CROSS JOIN {IN_ORDER} ON r.seq = v.record
            WHERE v.peer = {_PEER} AND v.view = ? UNION ALL
            SELECT t.record FROM turned t WHERE t.peer = {_PEER} AND t.view = ? AND {_NOT_A_ROW}"""
        rows = iter(self._connection().execute(sql, (peer, view, peer, view)))
        joined = bytearray()
        while some := b"".join([row[0] for row in islice(rows, _READ_AT_ONCE)]):
            joined += some
        return _ascending(joined)

    def view_among(self, peer: bytes, view: int, symbols: "Symbols") -> "NDArray[np.bool_]":
        """Of each prefix, whether an id of the view begins so."""
        import numpy as np

        if len(symbols) * SCAN_FROM > self.view_standing(peer, view).count:
            return np.isin(symbols, self.view_symbols(peer, view))
        found = np.zeros(len(symbols), dtype=np.bool_)
        prefixes = [symbol.to_bytes(8, "big") for symbol in symbols.tolist()]
        for start in range(0, len(prefixes), _LOOK_UPS):
            part = prefixes[start : start + _LOOK_UPS]
            places = ", ".join(f"({start + place}, ?, ?)" for place in range(len(part)))
            bounds = [bound for low in part for bound in (low, low + b"\xff" * (ID_BYTES - len(low)))]
            sql = _AMONG.format(places=places, peer=_PEER, seqs=seqs_of("w.low"))
            for (place,) in self._connection().execute(sql, (*bounds, peer, view, peer, view)):
                found[place] = True
        return found

    def view_waiting(self, peer: bytes, view: int, most: int) -> Waiting | None:
        """What of the view has not passed, and the root of the view without it; None: that is more than `most`."""
        import numpy as np

        from node.ledger.sums import symbols_of
        from sync.roots import LtHash

        sql = f"""SELECT r.id FROM views v INDEXED BY views_waiting CROSS JOIN {IN_ORDER} ON r.seq = v.record
            WHERE v.peer = {_PEER} AND v.view = ? AND v.waiting LIMIT ?"""
        ids = [row[0] for row in self._connection().execute(sql, (peer, view, most + 1))]
        if len(ids) > most:
            return None
        sql = f"SELECT lanes, count FROM view_sums WHERE peer = {_PEER} AND view = ?"
        row = self._connection().execute(sql, (peer, view)).fetchone()
        rest = LtHash() if row is None else LtHash.of(*row)
        rest.remove(ids)
        return Waiting(np.sort(symbols_of(ids)), rest.root())

    def some_waiting(self, peer: bytes, view: int, most: int) -> list[bytes]:
        """The first 8 bytes of at most so many ids that have not passed, whichever come first."""
        sql = f"""SELECT substr(r.id, 1, 8) FROM views v INDEXED BY views_waiting CROSS JOIN {IN_ORDER}
            ON r.seq = v.record WHERE v.peer = {_PEER} AND v.view = ? AND v.waiting LIMIT ?"""
        return [row[0] for row in self._connection().execute(sql, (peer, view, most))]

    def waiting_bytes(self, peer: bytes) -> tuple[int, int]:
        """How many records of the peer's views have not passed, and their bytes before they are packed."""
        sql = f"""SELECT count(*), coalesce(sum(length(r.body) + length(r.signature)), 0)
            FROM views v INDEXED BY views_waiting CROSS JOIN records r ON r.seq = v.record
            WHERE v.peer = {_PEER} AND v.waiting"""
        row = self._connection().execute(sql, (peer,)).fetchone()
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def audited_ms(self, peer: bytes, view: int) -> int | None:
        """When all ids of the view were last found equal by a salted hash."""
        sql = f"SELECT audited_ms FROM view_sums WHERE peer = {_PEER} AND view = ?"
        row = self._connection().execute(sql, (peer, view)).fetchone()
        return None if row is None else row[0]

    def views_kept(self) -> list[tuple[bytes, int]]:
        """Every view there is or was, by peer."""
        sql = """SELECT p.node, k.view FROM peers p JOIN (SELECT peer, view FROM view_sums UNION
            SELECT peer, view FROM turned UNION SELECT peer, view FROM views) k ON k.peer = p.number
            ORDER BY p.number, k.view"""
        return [(node, view) for node, view in self._connection().execute(sql)]

    def check_sums(self, peer: bytes, view: int) -> SumsCheck:
        """Compare what is kept of a view with the same from all its ids; to be asked of one moment."""
        import numpy as np

        from node.ledger.sums import Sums, symbols_of

        ids = self.view_ids(peer, view)
        sql = f"SELECT count, root, lanes, cells FROM view_sums WHERE peer = {_PEER} AND view = ?"
        kept = self._connection().execute(sql, (peer, view)).fetchone()
        equal = (kept or Sums.empty().columns()) == Sums.of(ids).columns()
        prefixes = np.array_equal(self.view_symbols(peer, view), symbols_of(ids))
        return SumsCheck(len(ids), equal=equal and prefixes)

    def check_waiting(self) -> tuple[int, int]:
        """How many rows all views have together, and how many are wrong about whether they have passed."""
        sql = f"SELECT (SELECT count(*) FROM views), (SELECT count(*) FROM views WHERE {WRONGLY_WAITING})"
        rows, wrong = self._connection().execute(sql).fetchone() or (0, 0)
        return int(rows), int(wrong)


@cache
def nothing_root() -> bytes:
    """Root of a view without ids, which has no row until the first one comes."""
    from sync.roots import LtHash

    return LtHash().root()


def _ascending(joined: bytearray) -> bytes:
    """Ids one after another, sorted. Nearly always their beginnings decide."""
    import numpy as np

    ids = np.frombuffer(joined, dtype=np.uint8).reshape(-1, ID_BYTES)
    beginnings = ids[:, :8].copy().view(">u8").ravel().astype(np.uint64)
    order = np.argsort(beginnings, kind="stable")
    if np.any(np.diff(beginnings[order]) == 0):
        return b"".join(sorted(bytes(each) for each in ids))
    return ids[order].tobytes()


_NOT_A_ROW: Final = f"""NOT EXISTS (SELECT 1 FROM records r CROSS JOIN views v
    WHERE r.seq IN {seqs_of("t.record")} AND r.id = t.record
    AND v.peer = t.peer AND v.view = t.view AND v.record = r.seq)"""


WRONGLY_WAITING: Final = """waiting = EXISTS
    (SELECT 1 FROM passed p WHERE p.record = views.record AND p.peer = views.peer)"""
