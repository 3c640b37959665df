"""Decides who may write about places, organisations and disasters."""

from hashlib import sha256

from google.protobuf.message import DecodeError

from moyai.v1 import facets_pb2
from node.records import kinds
from node.records.record import Record
from node.records.subjects import organisation_subject
from node.release.federation import PREFECTURE, Federation
from node.release.known import SubjectKnown
from node.release.statements import opened

Ruling = tuple[str, str]
"""The value of an `authorship.Outcome`, and the reason."""

TAKE: Ruling = ("take", "")


def judge(record: Record, known: SubjectKnown, federation: Federation, *, home_node: bool) -> Ruling:
    """What becomes of a record that is not about a person; `known` is what was known of its subject before."""
    if record.facet in kinds.TRUST_CONTROL and not home_node:
        return ("refuse", "FIELD_NODE")
    match record.facet:
        case kinds.PLACE | kinds.STATUS:
            ruling = _place(record, known, federation)
        case kinds.ENROLMENT | kinds.REVOCATION | kinds.TALLY:
            own = record.subject == organisation_subject(record.organisation)
            ruling = TAKE if own else ("refuse", "ORGANISATION_OF_ANOTHER")
        case kinds.AGREEMENT:
            ruling = _agreement(record, known)
        case kinds.EMERGENCY:
            ruling = _emergency(record, federation)
        case kinds.DISASTER:
            ruling = _disaster(record, known, federation)
        case _:
            ruling = ("take-not-counted", "FACET_UNKNOWN")
    return ruling


def _place(record: Record, known: SubjectKnown, federation: Federation) -> Ruling:
    """A municipality speaks of the places in it, its prefecture too, and everybody to themselves."""
    if record.organisation == known.here:
        return TAKE
    where = {place.municipality for place in _places(known)}
    place = opened(facets_pb2.Place, record) if record.facet == kinds.PLACE else None
    if place is not None:
        where.add(place.municipality)
    if not where:
        return ("take-not-counted", "PLACE_UNKNOWN")
    speaks = all(_speaks_for(record.organisation, code, federation) for code in where)
    return TAKE if speaks else ("take-not-counted", "PLACE_OF_ANOTHER")


def _speaks_for(organisation: str, municipality: str, federation: Federation) -> bool:
    """A prefecture knows the shelters of all its municipalities, members or not: their codes begin with its two
    digits."""
    if municipality in federation.realm(organisation):
        return True
    return federation.kind(organisation) == PREFECTURE and municipality[:2] == organisation[:2]


def _places(known: SubjectKnown) -> list[facets_pb2.Place]:
    facts = [fact for fact in known.facts if fact.record.facet == kinds.PLACE and fact.counts]
    return [place for fact in facts if (place := opened(facets_pb2.Place, fact.record))]


def _agreement(record: Record, known: SubjectKnown) -> Ruling:
    """The applicant applies, the holder decides, and grants no more than was asked."""
    agreement = opened(facets_pb2.Agreement, record) or facets_pb2.Agreement()
    application, decision = facets_pb2.Application(), facets_pb2.Decision()
    if not (_read(application, agreement.application) and _read(decision, agreement.decision)):
        return ("quarantine", "CONTENT_UNREADABLE")
    if record.subject != organisation_subject(application.holder) or record.slot != application.application:
        return ("refuse", "ORGANISATION_OF_ANOTHER")
    if not agreement.decision:
        own = record.organisation == application.applicant and not _is_of_others(record, known)
        return TAKE if own else ("refuse", "APPLICATION_FOR_ANOTHER")
    wrong = {
        "DECISION_FOR_ANOTHER": record.organisation != application.holder,
        "DECISION_ON_ANOTHER_APPLICATION": decision.application_digest != sha256(agreement.application).digest()[:16],
        "GRANT_WIDER_THAN_ASKED": not set(application.facets).issuperset(decision.facets),
    }
    return next((("refuse", reason) for reason, is_so in wrong.items() if is_so), TAKE)


def _is_of_others(record: Record, known: SubjectKnown) -> bool:
    """Whether another applicant's agreement stands in this slot, which an application here would put an end to."""
    for fact in known.facts:
        if (fact.record.facet, fact.record.slot, fact.counts) == (kinds.AGREEMENT, record.slot, True):
            application = facets_pb2.Application()
            agreement = opened(facets_pb2.Agreement, fact.record) or facets_pb2.Agreement()
            if _read(application, agreement.application) and application.applicant != record.organisation:
                return True
    return False


def _emergency(record: Record, federation: Federation) -> Ruling:
    """A mayor for the municipality, a governor for those of the prefecture; its length is cut where it is used."""
    emergency = opened(facets_pb2.Emergency, record) or facets_pb2.Emergency()
    activation = facets_pb2.Activation()
    if not _read(activation, emergency.activation):
        return ("quarantine", "CONTENT_UNREADABLE")
    code = record.organisation
    if activation.organisation != code or record.subject != organisation_subject(code):
        return ("refuse", "ORGANISATION_OF_ANOTHER")
    if record.slot != activation.activation:
        return ("refuse", "SLOT_OF_ANOTHER")
    area = set(activation.area)
    return TAKE if area and area <= federation.realm(code) else ("refuse", "AREA_OF_ANOTHER")


def _disaster(record: Record, known: SubjectKnown, federation: Federation) -> Ruling:
    """A local government declares for its own area, and changes only what lies in it: closing one starts retention."""
    areas = [record, *(fact.record for fact in known.facts if fact.counts)]
    realm = federation.realm(record.organisation)
    for declared in areas:
        disaster = opened(facets_pb2.Disaster, declared)
        if disaster is None or not disaster.area or not realm.issuperset(disaster.area):
            return ("refuse", "AREA_OF_ANOTHER")
    return TAKE


def _read(message: facets_pb2.Application | facets_pb2.Decision | facets_pb2.Activation, content: bytes) -> bool:
    try:
        message.ParseFromString(content)
    except DecodeError:
        return False
    return True
