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


def claim_holds(ledger: Ledger, parcel: Parcel, record: Record, standing: Standing, sender: str) -> bool:
    """Whether this ground fits this record, this sender and what is held of what it rests on.

    `sender` is the code of the organisation that hands the parcel over.
    """
    if record.subject_kind != PERSON:
        return parcel.basis in (NOT_PERSONAL, INTERNAL, RETURN)
    if parcel.basis == INTERNAL:
        return sender == standing.federation.here
    if record.facet == kinds.RESIDENT:
        return False
    if parcel.basis == HOLDER:
        return record.facet in kinds.PERSON_CONTROL
    return parcel.basis in (TEMPORARY_STAY, RETURN) or _rests_on_something(ledger, parcel, record, standing)


def _rests_on_something(ledger: Ledger, parcel: Parcel, record: Record, standing: Standing) -> bool:
    """A consent of this very person, a grant or an activation, that is held here already: control goes before data."""
    if parcel.basis == CONSENT:
        consent = ledger.record(parcel.basis_record)
        return consent is not None and (consent.record.subject, consent.record.facet) == (record.subject, kinds.CONSENT)
    known = {grant.record for grant in standing.federation.grants}
    known |= {activation.record for activation in standing.federation.activations}
    return parcel.basis in GRANTED and parcel.basis_record in known
