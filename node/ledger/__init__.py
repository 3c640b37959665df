"""The only room with SQL: what this node holds, whom it told, and who looked."""

from node.ledger.acts import Act
from node.ledger.alike import AlikePair
from node.ledger.audit import DISCLOSE, AuditEntry, Logged
from node.ledger.batch import Arrival
from node.ledger.inquiries import InquiryRow
from node.ledger.keeping import Kept
from node.ledger.ledger import Ledger
from node.ledger.lives import Life, Why
from node.ledger.operators import OperatorRow
from node.ledger.peers import Contact, Witness
from node.ledger.people import PersonRow
from node.ledger.places import PlaceRow
from node.ledger.progress import Progress
from node.ledger.quarantine import Quarantined
from node.ledger.reading import Reading
from node.ledger.records import Held
from node.ledger.search import Hit
from node.ledger.shares import Direction, ViewRow
from node.ledger.standing import Census, Counts
from node.ledger.turned import TurnedAway
from node.ledger.viewing import HeadsView
from node.ledger.views import SumsCheck
from node.ledger.writing import Writing

__all__ = [
    "DISCLOSE",
    "Act",
    "AlikePair",
    "Arrival",
    "AuditEntry",
    "Census",
    "Contact",
    "Counts",
    "Direction",
    "HeadsView",
    "Held",
    "Hit",
    "InquiryRow",
    "Kept",
    "Ledger",
    "Life",
    "Logged",
    "OperatorRow",
    "PersonRow",
    "PlaceRow",
    "Progress",
    "Quarantined",
    "Reading",
    "SumsCheck",
    "TurnedAway",
    "ViewRow",
    "Why",
    "Witness",
    "Writing",
]
