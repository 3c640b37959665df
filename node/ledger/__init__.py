"""The only room with SQL: what this node holds, whom it told, and who looked."""

from node.ledger.acts import Act
from node.ledger.audit import AuditEntry, Logged
from node.ledger.drafts import Draft
from node.ledger.keeping import Arrival, Kept
from node.ledger.ledger import Ledger
from node.ledger.peers import Contact, Witness
from node.ledger.progress import Progress
from node.ledger.quarantine import Quarantined
from node.ledger.reading import Reading
from node.ledger.records import Held
from node.ledger.shares import Direction, ViewRow
from node.ledger.turned import TurnedAway
from node.ledger.writing import Writing

__all__ = [
    "Act",
    "Arrival",
    "AuditEntry",
    "Contact",
    "Direction",
    "Draft",
    "Held",
    "Kept",
    "Ledger",
    "Logged",
    "Progress",
    "Quarantined",
    "Reading",
    "TurnedAway",
    "ViewRow",
    "Witness",
    "Writing",
]
