"""Decides whether a record may go to a recipient, on exactly one ground."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from google.protobuf.message import DecodeError

from moyai.v1 import exchange_pb2, facets_pb2, record_pb2
from node.records import kinds
from node.records.record import Record
from node.release.federation import MUNICIPALITY, SUPPORT, Federation, Grant, Recipient
from node.release.known import HeldRecord, SubjectKnown
from node.release.once import once
from node.release.statements import Consented

INTERNAL = int(exchange_pb2.BASIS_INTERNAL)
CONSENT = int(exchange_pb2.BASIS_CONSENT)
TEMPORARY_STAY = int(exchange_pb2.BASIS_TEMPORARY_STAY)
AGREEMENT = int(exchange_pb2.BASIS_AGREEMENT)
SUPPORT_ORGANISATION = int(exchange_pb2.BASIS_SUPPORT_ORGANISATION)
EMERGENCY = int(exchange_pb2.BASIS_EMERGENCY)
NOT_PERSONAL = int(exchange_pb2.BASIS_NOT_PERSONAL)
HOLDER = int(exchange_pb2.BASIS_HOLDER)
RETURN = int(exchange_pb2.BASIS_RETURN)

LOCAL_GOVERNMENT = int(facets_pb2.Decision.GROUND_LOCAL_GOVERNMENT)
SUPPORT_AT_ITS_REQUEST = int(facets_pb2.Decision.GROUND_SUPPORT_ORGANISATION)

EMERGENCY_FACETS = frozenset({kinds.IDENTITY, kinds.STAY, kinds.CONDITION, kinds.CARE, kinds.MEDICAL})
"""What a declared emergency opens."""

NEVER_OUT = frozenset({kinds.RESIDENT, kinds.LINK})
"""Never leaves on a basis: the resident register, by law; a link, because it tells the id of another person."""

GRANTABLE = frozenset(range(kinds.IDENTITY, kinds.ANSWERS + 1))
"""The facets a consent, a grant or an activation can open; what this version does not know opens for nobody."""

PLACE_BOUND = frozenset(
    {kinds.CONDITION, kinds.CARE, kinds.MEDICAL, kinds.DAMAGE, kinds.ASSISTANCE, kinds.BELONGINGS, kinds.NOTE}
)
"""What a field node gets only of people who have a stay at a place it serves."""

WHEREABOUTS = frozenset({kinds.RESIDENT, kinds.RESIDENCE, kinds.CONTACT, kinds.HOUSEHOLD, kinds.STAY})
"""What a field node gets of a protected person only when they have a stay at a place it serves."""

NOT_ABOUT_PEOPLE = {
    int(record_pb2.SUBJECT_KIND_PLACE): frozenset({kinds.PLACE, kinds.STATUS}),
    int(record_pb2.SUBJECT_KIND_ORGANISATION): frozenset(
        {kinds.ENROLMENT, kinds.REVOCATION, kinds.AGREEMENT, kinds.EMERGENCY, kinds.TALLY}
    ),
    int(record_pb2.SUBJECT_KIND_DISASTER): frozenset({kinds.DISASTER}),
}
"""Which facets of which kind of subject are public within the federation."""


class Purpose(StrEnum):
    """What a release is for."""

    AID = "aid"
    """Aid to those affected (援護): the only purpose for which records go to other organisations."""
    INQUIRY = "inquiry"
    """A safety inquiry: answered in its own tiers, never with records."""
    STATISTICS = "statistics"
    """Counts, never records."""


@dataclass(frozen=True, slots=True)
class Release:
    """The ground on which a record goes."""

    basis: int
    basis_record: bytes = b""
    """Id of the consent, agreement or emergency it rests on; empty where there is none."""


def may_release(
    fact: HeldRecord,
    known: SubjectKnown,
    recipient: Recipient,
    federation: Federation,
    *,
    now_ms: int,
    purpose: Purpose = Purpose.AID,
) -> Release | None:
    """The first ground of the specification's table (section 6) that holds; None: it does not go."""
    return Case(known, recipient, federation, now_ms, purpose).release(fact)


def releases(
    known: SubjectKnown,
    recipient: Recipient,
    federation: Federation,
    *,
    now_ms: int,
    facts: Iterable[HeldRecord] | None = None,
    purpose: Purpose = Purpose.AID,
) -> Iterator[tuple[HeldRecord, Release]]:
    """The same for many records of one subject (all that are known, or `facts`), sharing the work."""
    case = Case(known, recipient, federation, now_ms, purpose)
    for fact in known.facts if facts is None else facts:
        release = case.release(fact)
        if release:
            yield fact, release


@dataclass(frozen=True)
class Case:
    """One subject, one recipient, one moment."""

    known: SubjectKnown
    recipient: Recipient
    federation: Federation
    now_ms: int
    purpose: Purpose = Purpose.AID

    def release(self, fact: HeldRecord) -> Release | None:
        """The ground on which this record goes to the recipient now."""
        record = fact.record
        if self.recipient.organisation == self.known.here:
            return Release(INTERNAL) if self._within_scope(record) else None
        if self.purpose is not Purpose.AID or self.recipient.organisation not in self.federation.members:
            return None
        if record.subject_kind != record_pb2.SUBJECT_KIND_PERSON:
            return Release(NOT_PERSONAL) if fact.counts and self._may_know_of(record) else self._as_return(fact)
        if self.known.protected:
            return self._of_protected(fact)
        return self._on_a_basis(fact) or self._as_holder(fact) or self._as_return(fact)

    # --- the table

    def _on_a_basis(self, fact: HeldRecord) -> Release | None:
        record, known = fact.record, self.known
        if self._opens_nothing or record.facet in NEVER_OUT or not fact.counts or not known.is_current(fact):
            return None
        if known.erased_by(record):
            return None
        own = record.organisation == known.here
        if (own or fact.basis in (CONSENT, TEMPORARY_STAY)) and record.facet in self._consented:
            return self._consented[record.facet]
        if (own or fact.basis in (TEMPORARY_STAY, HOLDER)) and record.facet in kinds.LEDGER_ITEMS and self._on_the_way:
            return Release(TEMPORARY_STAY)
        return self._granted.get(record.facet) if own else None

    @once
    def _opens_nothing(self) -> bool:
        """Whether no basis stands between us and the recipient: the usual case, told apart early."""
        return not (self._consented or self._on_the_way or self._granted)

    @once
    def _consented(self) -> Mapping[int, Release]:
        """Which facets a consent opens to the recipient; of several heads in one slot all must."""
        opened: dict[int, Release] = {}
        for heads in self.known.consents:
            if all(self._opens(consent) for consent in heads):
                release = Release(CONSENT, heads[0].record)
                for facet in frozenset.intersection(*(consent.facets for consent in heads)) & GRANTABLE:
                    opened.setdefault(facet, release)
        return opened

    def _opens(self, consent: Consented) -> bool:
        return (
            consent.in_force(self.now_ms)
            and names(consent, self.recipient.organisation, self.federation)
            and (consent.said_by == self.known.here or consent.said_by in self._believed_on_consent)
            and (consent.guardian or self._of_age(consent))
        )

    def _of_age(self, consent: Consented) -> bool:
        sixteen = self.known.sixteen_ms
        return sixteen is not None and sixteen <= min(consent.given_ms, self.now_ms)

    @once
    def _believed_on_consent(self) -> frozenset[str]:
        """Whose consents open our records: home and host, if we ourselves know that they are."""
        return (self.known.homes | self.known.hosts(self.now_ms)) & self.known.voices

    @once
    def _on_the_way(self) -> bool:
        """Whether we and the recipient both stand on the way between home and host."""
        if self.recipient.organisation not in self.federation.local_governments:
            return False
        hosts = self.known.hosts(self.now_ms)
        for home in self.known.homes:
            for host in hosts - {home}:
                way = on_the_way(home, host, self.federation)
                if self.known.here in way and self.recipient.organisation in way:
                    return True
        return False

    @once
    def _granted(self) -> Mapping[int, Release]:
        """Agreement, support organisation, emergency: which facets they open, of what our own staff wrote only."""
        opened: dict[int, Release] = {}
        grants = self.federation.grants_between(self.known.here, self.recipient.organisation)
        for ground, basis, facets in (
            (LOCAL_GOVERNMENT, AGREEMENT, GRANTABLE),
            (SUPPORT_AT_ITS_REQUEST, SUPPORT_ORGANISATION, GRANTABLE - {kinds.MEDICAL}),
        ):
            for grant in grants:
                if grant.ground == ground and self._covers(grant):
                    for facet in grant.facets & facets:
                        opened.setdefault(facet, Release(basis, grant.record))
        if self._emergency:
            for facet in EMERGENCY_FACETS:
                opened.setdefault(facet, Release(EMERGENCY, self._emergency))
        return opened

    def _covers(self, grant: Grant) -> bool:
        code = self.recipient.organisation
        if not grant.in_force(self.now_ms):
            return False
        kind_fits = (
            code in self.federation.local_governments
            if grant.ground == LOCAL_GOVERNMENT
            else self.federation.kind(code) == SUPPORT
        )
        area = grant.area or self.federation.realm(self.known.here)
        return (
            kind_fits
            and (not grant.subjects or self.known.subject in grant.subjects)
            and not area.isdisjoint(self._where)
        )

    @once
    def _emergency(self) -> bytes:
        here = self.known.here
        for activation, area, governments in self.federation.reaches:
            if (
                activation.in_force(self.now_ms)
                and (here in area or activation.organisation == here)
                and self.recipient.organisation in governments
                and not area.isdisjoint(self._where)
            ):
                return activation.record
        return b""

    @once
    def _where(self) -> frozenset[str]:
        return self.known.municipalities(self.now_ms)

    # --- the rules above the table

    def _of_protected(self, fact: HeldRecord) -> Release | None:
        """Rule 1: to those named, on a basis; to who holds anything, that it must go; to who protects, its own."""
        code = self.recipient.organisation
        if self.known.may_be_named(code):
            named = self._on_a_basis(fact) or self._as_holder(fact) or self._as_return(fact)
            if named:
                return named
        if fact.counts and code in self.known.holders and fact.record.facet in (kinds.PROTECTION, kinds.ERASURE):
            return Release(HOLDER)
        if code in self.known.protectors:
            if fact.record.facet == kinds.RECEIPT and fact.counts:
                return Release(HOLDER)
            return self._as_return(fact)
        return None

    def _as_holder(self, fact: HeldRecord) -> Release | None:
        """Rule 3: whoever holds data, or is about to, must learn that they may no longer."""
        if fact.record.facet not in kinds.PERSON_CONTROL or not fact.counts or not self.known.is_current(fact):
            return None
        if self.recipient.organisation in self.known.holders or self._about_to_get:
            return Release(HOLDER)
        return None

    @once
    def _about_to_get(self) -> bool:
        return any(self._on_a_basis(fact) for fact in self.known.facts if fact.record.facet not in kinds.PERSON_CONTROL)

    def _as_return(self, fact: HeldRecord) -> Release | None:
        """Rule 2: back to its author's organisation, and to whom it came from."""
        if fact.record.facet == kinds.RESIDENT:
            return None
        code = self.recipient.organisation
        return Release(RETURN) if code in (fact.record.organisation, fact.came_from) else None

    # --- within the organisation, and what is not about people

    def _within_scope(self, record: Record) -> bool:
        if not self.recipient.places or record.subject_kind != record_pb2.SUBJECT_KIND_PERSON:
            return True
        if record.author == self.recipient.node or self._stays_in_scope:
            return True
        if record.facet in PLACE_BOUND or record.facet not in kinds.NAMES:
            return False
        return not (self.known.protected and record.facet in WHEREABOUTS)

    @once
    def _stays_in_scope(self) -> bool:
        return any(
            stay.place and stay.place in self.recipient.places and stay.holds(self.now_ms) for stay in self.known.stays
        )

    def _may_know_of(self, record: Record) -> bool:
        """What is not about people is for all members; but an application lists people and is for its two parties."""
        if record.facet not in NOT_ABOUT_PEOPLE.get(record.subject_kind, ()):
            return False
        return record.facet != kinds.AGREEMENT or self.recipient.organisation in parties(record)


def on_the_way(home: str, host: str, federation: Federation) -> frozenset[str]:
    """Who takes part in a temporary stay: home, host, and across prefectures both prefectures (Art. 86-8, 86-9)."""
    if home == host or federation.kind(home) != MUNICIPALITY or federation.kind(host) != MUNICIPALITY:
        return frozenset()
    first, second = federation.prefecture(home), federation.prefecture(host)
    return frozenset({home, host} if first == second else {home, host, first, second} - {""})


def names(consent: Consented, code: str, federation: Federation) -> bool:
    """Whether a consent names an organisation: itself, its kind, or all local governments."""
    return (
        code in consent.organisations
        or federation.kind(code) in consent.kinds
        or (consent.all_local_governments and code in federation.local_governments)
    )


def parties(record: Record) -> frozenset[str]:
    """Applicant and holder of the agreement a record tells of, and who wrote it."""
    agreement, application = facets_pb2.Agreement(), facets_pb2.Application()
    try:
        agreement.ParseFromString(record.content)
        application.ParseFromString(agreement.application)
    except DecodeError:
        return frozenset()
    return frozenset({application.applicant, application.holder, record.organisation})
