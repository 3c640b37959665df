"""Says how much waits for a peer and how long sending it takes, before anything is sent."""

from dataclasses import dataclass
from typing import Final

from moyai.v1 import exchange_pb2, record_pb2
from node.ledger import Ledger
from node.views import VIEWS
from sync.packing import pack

SAMPLE: Final = 256
"""Records packed to learn how much packing gains."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What waits for one peer."""

    records: int
    bytes: int
    """As they would travel, packed; an estimate from a sample."""
    seconds: float | None
    """On the line as it was last measured; None: it never was."""


def forecast(ledger: Ledger, peer: bytes) -> Forecast:
    """What would be sent to this node, as its views were last worked out. Only sizes are looked at: nothing is handed
    out, and nothing is logged as disclosed."""
    records, raw = ledger.waiting_bytes(peer)
    size = round(raw * _packed_share(ledger, peer)) if records else 0
    known = ledger.peer(peer)
    speed = known.bytes_per_second if known is not None else None
    return Forecast(records, size, size / speed if speed else None)


def _packed_share(ledger: Ledger, peer: bytes) -> float:
    """How much of a record is left when it is packed among others."""
    raw = packed = 0
    for view in VIEWS:
        parcels = exchange_pb2.Parcels()
        for held in ledger.by_prefix(ledger.some_waiting(peer, view, SAMPLE)):
            sealed = held.record.sealed
            parcels.parcels.add(record=record_pb2.SealedRecord(body=sealed.body, signature=sealed.signature))
            raw += len(sealed.body) + len(sealed.signature)
        packed += len(pack(parcels)[0]) if parcels.parcels else 0
    return packed / raw if raw else 1.0
