"""Made-up nodes that hold records in memory and answer the ports of the exchange, with one peer each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from moyai.v1 import exchange_pb2
from sync.envelope import ID_BYTES, Parcel, SealedRecord
from sync.errors import MoyaiError
from sync.frames import CONTROL, DATA
from sync.ports import Peer, Snapshot, Standing, Tally, Waiting
from sync.reconcile import as_symbols
from sync.roots import root
from sync.sketch import KEPT_CELLS, Symbols, encode

STRANGER = Peer(b"", "000000")

FEDERATION = b"noto-2024-federa"


class RefusedRoster(MoyaiError):
    reason = "SIGNATURES_MISSING"


class RefusedGreeting(MoyaiError):
    reason = "TRUST_REFUSED"


def record(number: int) -> SealedRecord:
    return SealedRecord(body=b"record %d" % number, signature=bytes(64))


def parcel(number: int) -> Parcel:
    return Parcel(record(number), basis=7, basis_record=b"")


def alike(number: int) -> SealedRecord:
    """A record whose id begins as all of its kind do: two of them cost a liar 2^32 hashes."""
    made = record(number)
    object.__setattr__(made, "id", b"8 bytes." + made.id[8:])
    return made


@cache
def root_of(ids: tuple[bytes, ...]) -> bytes:
    return root(ids)


@dataclass
class Shelf:
    """What a town holds in one view, and how that stands towards its one peer."""

    held: dict[bytes, SealedRecord] = field(default_factory=dict)
    withheld: set[bytes] = field(default_factory=set)
    """Held, and never to be told to the peer."""
    stale: set[bytes] = field(default_factory=set)
    """In the view, but no longer releasable when it comes to sending."""
    passed: set[bytes] = field(default_factory=set)
    arrived: set[bytes] = field(default_factory=set)
    quarantined: dict[bytes, SealedRecord] = field(default_factory=dict)

    def view(self) -> list[bytes]:
        return sorted((self.held.keys() - self.withheld) | self.passed | self.arrived)


class Town:
    """A node with one peer; it fails its test when the exchange does what it must not."""

    def __init__(self, name: str, *, roster_version: int = 1) -> None:
        self.name = name
        self.node = name.encode().ljust(16, b"\0")
        self.shelves = {CONTROL: Shelf(), DATA: Shelf()}
        self.poison: set[bytes] = set()
        """Ids that go to quarantine on arrival."""
        self.roster_version = roster_version
        self.roster_refused = False
        self.greeting_refused = False
        self.versions = [1]
        self.federation = FEDERATION
        self.contacts: list[tuple[Peer, str]] = []
        self.known: dict[bytes, Peer] = {}
        self.taken_log: list[bytes] = []
        self.open_fetches = 0
        self.scans = 0
        """How often a whole view was gone through."""
        self.kept_cells = KEPT_CELLS
        self.root_lies: Town | None = None
        """Whose count and root it gives for its own."""
        self.audit_due = False
        self.audits: list[tuple[int, bool]] = []

    def hold(self, view: int, *numbers: int) -> None:
        for number in numbers:
            sealed = record(number)
            self.shelves[view].held[sealed.id] = sealed

    # --- PeerBook

    def peers(self) -> list[Peer]:
        return list(self.known.values())

    def caller(self, tls_certificate: bytes) -> Peer | None:
        return self.known.get(tls_certificate)

    def greeting(self, peer: Peer = STRANGER) -> bytes:
        return exchange_pb2.Greeting(
            versions=self.versions,
            federation=self.federation,
            roster_version=self.roster_version,
            certificate=self.node,
            audit_head=bytes(32),
        ).SerializeToString()

    def greeted(self, peer: Peer, greeting: bytes) -> Peer:
        if self.greeting_refused:
            raise RefusedGreeting
        node = exchange_pb2.Greeting.FromString(greeting).certificate
        return Peer(node, peer.organisation, peer.endpoints, peer.tls_certificates)

    def roster(self) -> bytes:
        return b"roster %d" % self.roster_version

    def offered_roster(self, signed_roster: bytes) -> None:
        if self.roster_refused:
            raise RefusedRoster
        self.roster_version = max(self.roster_version, int(signed_roster.removeprefix(b"roster ")))

    def outbox(self, peer: Peer) -> "TownOutbox":
        return TownOutbox(self)

    def inbox(self, peer: Peer) -> "TownInbox":
        return TownInbox(self)

    def contact(self, peer: Peer, reason: str, bytes_per_second: int | None = None) -> None:
        self.contacts.append((peer, reason))


class TownOutbox:
    def __init__(self, town: Town) -> None:
        self._town = town
        self._yielded: set[bytes] = set()

    def standing(self, view: int) -> Standing:
        ids = (self._town.root_lies or self._town).shelves[view].view()
        return Standing(len(ids), root_of(tuple(ids)))

    def snapshot(self, view: int) -> Snapshot:
        standing = self.standing(view)
        return Snapshot(standing.count, standing.root, encode(self._symbols(view), self._town.kept_cells))

    def symbols(self, view: int) -> Symbols:
        self._town.scans += 1
        return self._symbols(view)

    def ids(self, view: int) -> bytes:
        self._town.scans += 1
        return b"".join(self._town.shelves[view].view())

    def among(self, view: int, symbols: Symbols) -> NDArray[np.bool_]:
        return np.isin(symbols, self._symbols(view))

    def _symbols(self, view: int) -> Symbols:
        return as_symbols(b"".join(self._town.shelves[view].view()), ID_BYTES)

    def waiting(self, view: int, most: int) -> Waiting | None:
        shelf = self._town.shelves[view]
        ids = shelf.view()
        waiting = [one for one in ids if one not in shelf.passed | shelf.arrived]
        if len(waiting) > most:
            return None
        lacking = tuple(one for one in ids if one not in set(waiting))
        return Waiting(as_symbols(b"".join(waiting), ID_BYTES), root_of(lacking))

    def agreed(self, view: int, root: bytes) -> bool:
        if self.standing(view).root != root:
            return False
        self._town.shelves[view].arrived.update(self._town.shelves[view].view())
        return True

    def audit_due(self) -> bool:
        return self._town.audit_due

    def audited(self, view: int, equal: bool) -> None:
        self._town.audits.append((view, equal))
        if {(CONTROL, True), (DATA, True)} <= set(self._town.audits[-2:]):
            self._town.audit_due = False

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        shelf = self._town.shelves[view]
        self._town.open_fetches += 1
        try:
            for record_id in shelf.view():
                sealed = shelf.held.get(record_id)
                if sealed is not None and record_id[:8] in prefixes and record_id not in shelf.stale:
                    self._yielded.add(record_id)
                    yield Parcel(sealed, basis=7, basis_record=b"")
        finally:
            self._town.open_fetches -= 1

    def passed(self, view: int, ids: Sequence[bytes]) -> None:
        assert self._yielded.issuperset(ids), "marked passed what the outbox never yielded"
        self._town.shelves[view].passed.update(ids)


class TownInbox:
    def __init__(self, town: Town) -> None:
        self._town = town

    def prepare(self, view: int, parcels: Sequence[Parcel]) -> tuple[int, Sequence[Parcel]]:
        return view, parcels

    def commit(self, prepared: tuple[int, Sequence[Parcel]]) -> Tally:
        view, parcels = prepared
        shelf = self._town.shelves[view]
        held = quarantined = new = 0
        for one in parcels:
            self._town.taken_log.append(one.record.id)
            if one.record.id in self._town.poison:
                shelf.quarantined[one.record.id] = one.record
                quarantined += 1
                continue
            new += one.record.id not in shelf.held
            shelf.held[one.record.id] = one.record
            shelf.arrived.add(one.record.id)
            held += 1
        return Tally(held=held, quarantined=quarantined, new=new)
