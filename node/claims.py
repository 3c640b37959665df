"""Whether the ground a parcel names can be one at all, before the record is seen beside the others of its subject."""

from typing import Final

from moyai.v1 import exchange_pb2, record_pb2
from node.federation import Standing
from node.ledger import Ledger
from node.records import kinds
from node.records.record import Record
from sync.envelope import Parcel

PERSON: Final = int(record_pb2.SUBJECT_KIND_PERSON)
INTERNAL: Final = int(exchange_pb2.BASIS_INTERNAL)
CONSENT: Final = int(exchange_pb2.BASIS_CONSENT)
TEMPORARY_STAY: Final = int(exchange_pb2.BASIS_TEMPORARY_STAY)
NOT_PERSONAL: Final = int(exchange_pb2.BASIS_NOT_PERSONAL)
HOLDER: Final = int(exchange_pb2.BASIS_HOLDER)
RETURN: Final = int(exchange_pb2.BASIS_RETURN)
GRANTED: Final = frozenset(
    {
        int(exchange_pb2.BASIS_AGREEMENT),
        int(exchange_pb2.BASIS_SUPPORT_ORGANISATION),
        int(exchange_pb2.BASIS_EMERGENCY),
    }
)


class Grounds:
    """Says of the parcels of one batch whether their grounds fit; what they rest on is looked up once."""

    def __init__(self, ledger: Ledger, standing: Standing, sender: str) -> None:
        """`sender` is the code of the organisation that hands the parcels over."""
        self._ledger = ledger
        self._here = standing.federation.here
        self._sender = sender
        self._known = {grant.record for grant in standing.federation.grants}
        self._known |= {activation.record for activation in standing.federation.activations}
        self._consents: dict[bytes, bytes | None] = {}

    def may_carry(self, parcel: Parcel, record: Record) -> bool:
        """Whether this ground fits this record, the sender and what is held of what it rests on."""
        if record.subject_kind != PERSON:
            return parcel.basis in (NOT_PERSONAL, INTERNAL, RETURN)
        if parcel.basis == INTERNAL:
            return self._sender == self._here
        if record.facet == kinds.RESIDENT:
            return False
        if parcel.basis == HOLDER:
            return record.facet in kinds.PERSON_CONTROL
        return parcel.basis in (TEMPORARY_STAY, RETURN) or self._rests_on_something(parcel, record)

    def _rests_on_something(self, parcel: Parcel, record: Record) -> bool:
        """A consent of this very person, a grant or an activation, that is held here already: control goes before
        data."""
        if parcel.basis == CONSENT:
            return self._consenting(parcel.basis_record) == record.subject
        return parcel.basis in GRANTED and parcel.basis_record in self._known

    def _consenting(self, id_: bytes) -> bytes | None:
        """Who consents in this record; None: it is none, or not held."""
        if id_ not in self._consents:
            held = self._ledger.record(id_)
            is_one = held is not None and held.record.facet == kinds.CONSENT
            self._consents[id_] = held.record.subject if held is not None and is_one else None
        return self._consents[id_]
