"""Says what an exchange with a peer would send, and how long that takes, before anything is sent."""

from dataclasses import dataclass
from typing import Final

from moyai.v1 import exchange_pb2, record_pb2
from node.ledger import Ledger
from node.views import VIEWS
from sync.packing import pack
from sync.ports import Outbox, Peer, PeerBook
from sync.reconcile import as_bytes

SAMPLE: Final = 256
"""Records packed to learn how much packing gains."""

PREFIX_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Forecast:
    """What waits for a peer."""

    peer: Peer
    records: int
    bytes: int
    """As they would travel, packed; an estimate from a sample."""
    seconds: float | None
    """On the line as it was last measured; None: it never was."""


def forecast(ledger: Ledger, book: PeerBook, peer: Peer) -> Forecast:
    """What would be sent now. Nothing is handed out and nothing is logged as disclosed: only sizes are looked at."""
    if not peer.node:
        return Forecast(peer, 0, 0, None)
    outbox = book.outbox(peer)
    for view in VIEWS:
        outbox.standing(view)
    records, raw = ledger.waiting_bytes(peer.node)
    size = round(raw * _packed_share(ledger, outbox))
    known = ledger.peer(peer.node)
    speed = known.bytes_per_second if known is not None else None
    return Forecast(peer, records, size, size / speed if speed else None)


def _packed_share(ledger: Ledger, outbox: Outbox) -> float:
    """How much of a record is left when it is packed among others."""
    raw = packed = 0
    for view in VIEWS:
        waiting = outbox.waiting(view, 1 << 31)
        if waiting is None or not len(waiting.prefixes):
            continue
        whole = as_bytes(waiting.prefixes[:SAMPLE])
        prefixes = [whole[start : start + PREFIX_BYTES] for start in range(0, len(whole), PREFIX_BYTES)]
        parcels = exchange_pb2.Parcels()
        for held in ledger.by_prefix(prefixes):
            sealed = held.record.sealed
            parcels.parcels.add(record=record_pb2.SealedRecord(body=sealed.body, signature=sealed.signature))
            raw += len(sealed.body) + len(sealed.signature)
        packed += len(pack(parcels)[0])
    return packed / raw if raw else 1.0
