"""What the desk can't do."""

from sync.errors import MoyaiError


class ActRefused(MoyaiError):
    """The desk can't do what was asked."""

    reason = "ACT_REFUSED"


class NotThisNode(ActRefused):
    """The act belongs to another kind of node; `expected` says which."""

    reason = "NOT_THIS_NODE"


class SubjectUnknown(ActRefused):
    """This node knows nobody of that id."""

    reason = "SUBJECT_UNKNOWN"


class PlaceUnknown(ActRefused):
    """This node knows no such place."""

    reason = "PLACE_UNKNOWN"


class PlaceNotChosen(PlaceUnknown):
    """Nobody has said yet where the desk stands."""

    reason = "PLACE_NOT_CHOSEN"


class NoOpenStay(ActRefused):
    """The person has no open stay that could be changed."""

    reason = "NO_OPEN_STAY"


class NothingReportedYet(ActRefused):
    """There is no earlier report of this place that could be said again."""

    reason = "NOTHING_REPORTED_YET"


class ConsentNeedsGuardian(ActRefused):
    """Under the age limit a guardian consents, and their relation is written down."""

    reason = "CONSENT_NEEDS_GUARDIAN"


class ConsentUnknown(ActRefused):
    """There is no such consent, or it is withdrawn already."""

    reason = "CONSENT_UNKNOWN"


class ConsentInForce(ActRefused):
    """The same consent is in force already; `since` says from when. A second record of it would have to be withdrawn
    as well."""

    reason = "CONSENT_IN_FORCE"


class AnswersContradict(ActRefused):
    """Anyone may be told, but not some of those who are among them."""

    reason = "ANSWERS_CONTRADICT"


class NotProtected(ActRefused):
    """No protection is set, or another organisation set it."""

    reason = "NOT_PROTECTED"


class NotErasable(ActRefused):
    """Only who registered the person first, or their home municipality, may erase them."""

    reason = "NOT_ERASABLE"


class ActUnknown(ActRefused):
    """There is no such act, or it was undone already."""

    reason = "ACT_UNKNOWN"


class ActOvertaken(ActRefused):
    """Something was written on top of the act since."""

    reason = "ACT_OVERTAKEN"


class PairOfOne(ActRefused):
    """A pair takes two people; one and the same entry was named twice."""

    reason = "PAIR_OF_ONE"


class NotSettledHere(ActRefused):
    """This contradiction is not for a desk to settle; `facet` says of what it is."""

    reason = "NOT_SETTLED_HERE"


class SettledMeanwhile(ActRefused):
    """What was shown side by side is not what stands now."""

    reason = "SETTLED_MEANWHILE"


class Contradicted(ActRefused):
    """What is to be corrected contradicts itself, which is settled first; `facet` says of what it is."""

    reason = "CONTRADICTED"


class KnownFromRegisterAlone(ActRefused):
    """Only the resident register speaks of them, and it is corrected by loading it anew."""

    reason = "KNOWN_FROM_REGISTER_ALONE"


class AgreementUnknown(ActRefused):
    """There is no such application."""

    reason = "AGREEMENT_UNKNOWN"


class EmergencyUnknown(ActRefused):
    """This organisation has no such emergency, or it is over."""

    reason = "EMERGENCY_UNKNOWN"


class DisasterUnknown(ActRefused):
    """No disaster of that id or name is known here, or several have that name."""

    reason = "DISASTER_UNKNOWN"


class DisasterNotYours(ActRefused):
    """Its area is not this organisation's own; `area` is what lies outside."""

    reason = "DISASTER_NOT_YOURS"


class DisasterStands(ActRefused):
    """It is as asked for already; `what` says how."""

    reason = "DISASTER_STANDS"


class PeerUnknown(ActRefused):
    """The roster lists no such organisation, or it has no node to speak to."""

    reason = "PEER_UNKNOWN"


class NodeUnknown(ActRefused):
    """It is no node of this organisation."""

    reason = "NODE_UNKNOWN"
