"""Finds records by their ids, in an index of two levels: an id falls anywhere in an index, and each page costs.

In a full ledger every record would change a page of the index of its own, which has to be encrypted, authenticated and
written twice. So ids go into a small level first, all of whose few pages a batch changes anyway, and slice by slice
from there into the large one, where then many go into one page. 8 bytes of an id are kept here; the rest is compared
with what the record says.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from node.ledger.store import Connection
from sync.envelope import PREFIX_BYTES

_NEW, _OLD = 0, 1
SLICES: Final = 128
EVERY: Final = 512
"""Records between two slices: the small level holds half of `EVERY` x `SLICES` ids on the average."""

_LEVELS: Final = f"({_NEW}, {_OLD})"
_ADD: Final = f"INSERT INTO ids (level, prefix, seq) VALUES ({_NEW}, ?, ?)"  # noqa: S608 -- a constant
_DROP: Final = f"DELETE FROM ids WHERE level IN {_LEVELS} AND prefix = substr(?, 1, {PREFIX_BYTES}) AND seq = ?"  # noqa: S608
_SLICE: Final = f"level = {_NEW} AND prefix >= ? AND prefix < ?"
_MOVE: Final = f"INSERT INTO ids (level, prefix, seq) SELECT {_OLD}, prefix, seq FROM ids WHERE {_SLICE}"  # noqa: S608
_MOVED: Final = f"DELETE FROM ids WHERE {_SLICE}"  # noqa: S608

IN_ORDER: Final = "records r INDEXED BY ids_in_order"
"""Where ids are read without the rest of their records."""


def seqs_of(id_: str) -> str:
    """Those that may be the record whose id this expression is: `seq IN (...) AND id = ...` is it."""
    return f"(SELECT seq FROM ids WHERE level IN {_LEVELS} AND prefix = substr({id_}, 1, {PREFIX_BYTES}))"  # noqa: S608


def of_ids(ids: Sequence[bytes], records: str = "records r") -> str:
    """The records of so many ids, as `r` after FROM; the ids are its parameters."""
    places = ",".join(["(?)"] * len(ids))
    return f"""(SELECT column1 AS id FROM (VALUES {places})) w
        CROSS JOIN ids i ON i.level IN {_LEVELS} AND i.prefix = substr(w.id, 1, {PREFIX_BYTES})
        CROSS JOIN {records} ON r.seq = i.seq AND r.id = w.id"""  # noqa: S608


WHERE_IT_IS: Final = f"SELECT seq, subject, facet, slot FROM records WHERE seq IN {seqs_of('?')} AND id = ?"  # noqa: S608
"""Of one record; the id is both parameters."""


def add_ids(connection: Connection, added: Iterable[tuple[bytes, int]]) -> None:
    """These ids and sequence numbers are new."""
    connection.executemany(_ADD, sorted([(id_[:PREFIX_BYTES], seq) for id_, seq in added]))


def drop_id(connection: Connection, id_: bytes, seq: int) -> None:
    """This record is held no more."""
    connection.execute(_DROP, (id_, seq))


def move_slices(connection: Connection, before: int, after: int) -> None:
    """Move what is due when the sequence has come from one number to the other."""
    for turn in range(before // EVERY, min(after // EVERY, before // EVERY + SLICES)):
        bounds = _bound(turn % SLICES), _bound(turn % SLICES + 1)
        connection.execute(_MOVE, bounds)
        connection.execute(_MOVED, bounds)


def _bound(slice_: int) -> bytes:
    """Where a slice begins; the last one ends after every prefix."""
    if slice_ == SLICES:
        return b"\xff" * (PREFIX_BYTES + 1)
    return (slice_ * 256 // SLICES).to_bytes(1) + bytes(PREFIX_BYTES - 1)
