"""Count, root and sketch of each view, kept by addition in the transaction that changes the view."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from node.ledger.store import Connection
from sync.mapping import Symbols
from sync.roots import LtHash
from sync.sketch import COUNT_BYTES, COUNTED_CELLS, KEPT_CELLS, Cells

_COUNTS: Final = COUNTED_CELLS * COUNT_BYTES

_WRITE: Final = """INSERT INTO view_sums (peer, view, count, root, lanes, cells) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (peer, view) DO UPDATE SET count = excluded.count, root = excluded.root, lanes = excluded.lanes,
    cells = excluded.cells"""


@dataclass(slots=True)
class Sums:
    """What is kept of one view."""

    lanes: LtHash
    cells: Cells

    @classmethod
    def empty(cls) -> "Sums":
        """Of a view without ids."""
        return cls(LtHash(), Cells.empty(KEPT_CELLS))

    @classmethod
    def of(cls, ids: Sequence[bytes]) -> "Sums":
        """Of these ids, from nothing: 6 µs each."""
        made = cls.empty()
        made.change(ids, ())
        return made

    def change(self, came: Sequence[bytes], went: Sequence[bytes]) -> None:
        """Ids that the view did not have came, and others that it had went."""
        self.lanes.add(came)
        self.lanes.remove(went)
        self.cells.toggle(symbols_of(came), 1)
        self.cells.toggle(symbols_of(went), -1)

    def columns(self) -> tuple[int, bytes, bytes, bytes]:
        """Count, root, lanes and cells as the table holds them."""
        cells = self.cells.counts_bytes() + self.cells.to_bytes()
        return self.lanes.count, self.lanes.root(), self.lanes.lanes(), cells


def opened_cells(column: bytes) -> Cells:
    """The cells of a row."""
    return Cells.from_bytes(column[_COUNTS:], column[:_COUNTS])


def read_sums(connection: Connection, peer: int, view: int) -> Sums:
    """What is kept of the view of a peer, known by its number."""
    sql = "SELECT count, lanes, cells FROM view_sums WHERE peer = ? AND view = ?"
    row = connection.execute(sql, (peer, view)).fetchone()
    if row is None:
        return Sums.empty()
    count, lanes, cells = row
    return Sums(LtHash.of(lanes, count), opened_cells(cells))


def write_sums(connection: Connection, peer: int, view: int, sums: Sums) -> None:
    """Keep this of the view."""
    connection.execute(_WRITE, (peer, view, *sums.columns()))


def symbols_of(ids: Iterable[bytes]) -> Symbols:
    """The first 8 bytes of each id, as numbers, in their order."""
    return np.frombuffer(b"".join(id_[:8] for id_ in ids), dtype=">u8").astype(np.uint64)
