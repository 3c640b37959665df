"""Everything that can be asked of a ledger, joined from what each room can answer."""

from node.ledger.acts import ActsRead
from node.ledger.alike import AlikeRead
from node.ledger.audit import AuditRead
from node.ledger.drafts import DraftsRead
from node.ledger.due import DueRead
from node.ledger.inquiries import InquiriesRead
from node.ledger.keeping import SuppressionRead
from node.ledger.links import LinksRead
from node.ledger.lives import LivesRead
from node.ledger.names import NamesRead
from node.ledger.numbers import NumbersRead
from node.ledger.operators import OperatorsRead
from node.ledger.peers import PeersRead
from node.ledger.people import PeopleRead
from node.ledger.places import PlacesRead
from node.ledger.progress import ProgressRead
from node.ledger.quarantine import QuarantineRead
from node.ledger.records import RecordsRead
from node.ledger.residents import ResidentsRead
from node.ledger.search import SearchRead
from node.ledger.shares import SharesRead
from node.ledger.standing import StandingRead
from node.ledger.turned import TurnedRead
from node.ledger.views import ViewsRead


class Reading(
    RecordsRead,
    SuppressionRead,
    NumbersRead,
    LivesRead,
    NamesRead,
    OperatorsRead,
    InquiriesRead,
    AuditRead,
    SharesRead,
    PeersRead,
    QuarantineRead,
    DraftsRead,
    ActsRead,
    PeopleRead,
    PlacesRead,
    ResidentsRead,
    DueRead,
    SearchRead,
    LinksRead,
    AlikeRead,
    StandingRead,
    TurnedRead,
    ProgressRead,
    ViewsRead,
):
    """The questions; who answers them is decided by whose connection they go to."""
