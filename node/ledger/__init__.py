"""The only room with SQL: what this node holds, whom it told, and who looked."""

from node.ledger.audit import AuditEntry, Logged
from node.ledger.keeping import Arrival, Kept
from node.ledger.ledger import Ledger
from node.ledger.records import Held
from node.ledger.writing import Writing

__all__ = ["Arrival", "AuditEntry", "Held", "Kept", "Ledger", "Logged", "Writing"]
