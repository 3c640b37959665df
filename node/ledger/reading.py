"""Everything that can be asked of a ledger, joined from what each room can answer."""

from node.ledger.audit import AuditRead
from node.ledger.names import NamesRead
from node.ledger.numbers import NumbersRead
from node.ledger.records import RecordsRead


class Reading(RecordsRead, NumbersRead, NamesRead, AuditRead):
    """The questions; who answers them is decided by whose connection they go to."""
