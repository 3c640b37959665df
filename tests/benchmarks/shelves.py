"""A node with one peer whose views are numpy arrays in memory: what the exchange costs when storage costs nothing.

The fingerprint and the sketch of a view are kept by addition, as a ledger keeps them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from moyai.v1 import exchange_pb2
from node.outbox import URGENT, USUAL
from node.records.record import reopen_record
from sync.envelope import ID_BYTES, PREFIX_BYTES, Parcel, SealedRecord
from sync.frames import CONTROL, DATA
from sync.ports import Inbox, Outbox, Peer, Prepared, Snapshot, Standing, Tally, Waiting
from sync.roots import LtHash
from sync.sketch import KEPT_CELLS, Cells, Symbols, encode
from tests.benchmarks.statements import Ids, ids_of_many, within
from tests.builders.towns import STRANGER

FEDERATION = b"benchmark-feder."


@dataclass(slots=True, eq=False)
class Common:
    """What both sides have, worked out once: a million ids cost some seconds."""

    ids: Ids
    prefixes: Symbols
    fingerprint: LtHash
    cells: Cells

    @classmethod
    def of(cls, ids: Ids) -> "Common":
        """From ascending ids."""
        fingerprint = LtHash()
        fingerprint.add(map(bytes, ids))
        prefixes = prefixes_of(ids)
        return cls(ids, prefixes, fingerprint, encode(prefixes, KEPT_CELLS))


@cache
def common_of_many(count: int) -> Common:
    """So many records that both sides have; kept for the benchmarks of one run."""
    return Common.of(ids_of_many(count))


class Shelf:
    """One view of one side: what both have, and the records of its own."""

    def __init__(self, common: Common, own: Iterable[SealedRecord] = (), *, waiting: bool = True) -> None:
        """A view.

        Args:
            common: what both sides have.
            own: what this side alone has.
            waiting: whether it knows that the other side has not got those, as a sender usually does.
        """
        self.common = common
        self._fingerprint = common.fingerprint.copy()
        self._cells = common.cells.cut(0, len(common.cells))
        self.records: dict[int, SealedRecord] = {}
        """Beside what is common, by prefix."""
        self.waiting: set[int] = set()
        self.put(own, waiting=waiting)

    def put(self, records: Iterable[SealedRecord], *, waiting: bool) -> None:
        """These are in the view now."""
        new = {_prefix(record): record for record in records}
        self.records |= new
        self._fingerprint.add(record.id for record in new.values())
        self._cells.toggle(np.array(list(new), dtype=np.uint64))
        if waiting:
            self.waiting |= new.keys()

    @property
    def count(self) -> int:
        """Of the whole view."""
        return self._fingerprint.count

    def root(self) -> bytes:
        """Of the whole view."""
        return self._fingerprint.root()

    def snapshot(self) -> Snapshot:
        """The view as it is."""
        return Snapshot(self.count, self.root(), self._cells.cut(0, len(self._cells)))

    def prefixes(self) -> Symbols:
        """Of the whole view, ascending."""
        return np.sort(np.concatenate([self.common.prefixes, np.array(list(self.records), dtype=np.uint64)]))

    def ids(self) -> bytes:
        """Of the whole view, ascending, one after another."""
        own = [record.id for record in self.records.values()]
        return b"".join(sorted([*map(bytes, self.common.ids), *own]))

    def root_without_waiting(self) -> bytes:
        """What the root would be for somebody who has all but what waits."""
        fingerprint = self._fingerprint.copy()
        fingerprint.remove(self.records[prefix].id for prefix in self.waiting)
        return fingerprint.root()


class ShelfNode:
    """A peer book with one peer, who is served from the shelves."""

    def __init__(self, name: str, shelves: dict[int, Shelf]) -> None:
        self.name = name
        self.shelves = shelves
        self.rows_read: Counter[int] = Counter()
        """How often a view's standing was asked for: each is one row of a ledger."""
        self.known: dict[bytes, Peer] = {}

    def peers(self) -> list[Peer]:
        return list(self.known.values())

    def caller(self, tls_certificate: bytes) -> Peer | None:
        return self.known.get(tls_certificate)

    def greeting(self, peer: Peer = STRANGER) -> bytes:
        return exchange_pb2.Greeting(
            versions=[1],
            federation=FEDERATION,
            roster_version=1,
            certificate=self.name.encode().ljust(16, b"\0"),
            audit_head=bytes(32),
        ).SerializeToString()

    def greeted(self, peer: Peer, greeting: bytes) -> Peer:
        node = exchange_pb2.Greeting.FromString(greeting).certificate
        return Peer(node, peer.organisation, peer.endpoints, peer.tls_certificates)

    def roster(self) -> bytes:
        raise AssertionError("both have the same roster")

    def offered_roster(self, signed_roster: bytes) -> None:
        raise AssertionError("both have the same roster")

    def outbox(self, peer: Peer) -> Outbox:
        return ShelfOutbox(self)

    def inbox(self, peer: Peer) -> Inbox:
        return ShelfInbox(self)

    def contact(self, peer: Peer, reason: str, bytes_per_second: int | None = None) -> None:
        """Nobody looks."""


@dataclass(frozen=True, slots=True)
class ShelfOutbox:
    """What the peer may have."""

    node: ShelfNode

    def standing(self, view: int) -> Standing:
        self.node.rows_read[view] += 1
        shelf = self.node.shelves[view]
        return Standing(shelf.count, shelf.root())

    def snapshot(self, view: int) -> Snapshot:
        self.node.rows_read[view] += 1
        return self.node.shelves[view].snapshot()

    def symbols(self, view: int) -> Symbols:
        return self.node.shelves[view].prefixes()

    def ids(self, view: int) -> bytes:
        return self.node.shelves[view].ids()

    def among(self, view: int, symbols: Symbols) -> NDArray[np.bool_]:
        shelf = self.node.shelves[view]
        own = np.isin(symbols, np.array(list(shelf.records), dtype=np.uint64))
        common = shelf.common.prefixes
        if not len(common):
            return own
        at = np.minimum(np.searchsorted(common, symbols), len(common) - 1)
        both: NDArray[np.bool_] = own | (common[at] == symbols)
        return both

    def waiting(self, view: int, most: int) -> Waiting | None:
        shelf = self.node.shelves[view]
        if len(shelf.waiting) > most:
            return None
        return Waiting(np.array(sorted(shelf.waiting), dtype=np.uint64), shelf.root_without_waiting())

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        records = self.node.shelves[view].records
        for record in sorted((records[int.from_bytes(one)] for one in prefixes), key=_urgency):
            yield within(record)

    def passed(self, view: int, ids: Sequence[bytes]) -> None:
        self.node.shelves[view].waiting -= {int.from_bytes(one[:PREFIX_BYTES]) for one in ids}

    def agreed(self, view: int, root: bytes) -> bool:
        shelf = self.node.shelves[view]
        if shelf.root() != root:
            return False
        shelf.waiting.clear()
        return True

    def audit_due(self) -> bool:
        return False

    def audited(self, view: int, equal: bool) -> None:
        raise AssertionError("no audit is due")


@dataclass(frozen=True, slots=True)
class ShelfInbox:
    """What the peer sends."""

    node: ShelfNode

    def prepare(self, view: int, parcels: Sequence[Parcel]) -> Prepared:
        return Brought(view, tuple(one.record for one in parcels))

    def commit(self, prepared: Prepared) -> Tally:
        assert isinstance(prepared, Brought)
        shelf = self.node.shelves[prepared.view]
        new = [record for record in prepared.records if _prefix(record) not in shelf.records]
        shelf.put(new, waiting=False)
        return Tally(held=len(prepared.records), quarantined=0, new=len(new))


@dataclass(frozen=True, slots=True)
class Brought:
    """What has come and is not on the shelf yet."""

    view: int
    records: tuple[SealedRecord, ...]


def node_with(name: str, data: Shelf) -> ShelfNode:
    """A node whose control view is empty and agreed on."""
    return ShelfNode(name, {CONTROL: Shelf(nothing()), DATA: data})


def nothing() -> Common:
    """Both sides have nothing in common."""
    return Common.of(np.zeros((0, ID_BYTES), dtype=np.uint8))


def prefixes_of(ids: Ids) -> Symbols:
    """The first 8 bytes of each id as a number."""
    return np.ascontiguousarray(ids[:, :PREFIX_BYTES]).view(">u8").ravel().astype(np.uint64)


def _prefix(record: SealedRecord) -> int:
    return int.from_bytes(record.id[:PREFIX_BYTES])


def _urgency(record: SealedRecord) -> tuple[int, int]:
    """As an outbox orders them: by what they are, then the newest first."""
    opened = reopen_record(record)
    return URGENT.get(opened.facet, USUAL), -opened.clock
