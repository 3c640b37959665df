"""Decides whether this node may go on holding a record that came from another organisation."""

from collections.abc import Collection
from dataclasses import dataclass

from moyai.v1 import facets_pb2, record_pb2
from node.records import kinds
from node.records.record import Record
from node.release.federation import Federation
from node.release.known import HeldRecord, SubjectKnown
from node.release.rule import (
    EMERGENCY_FACETS,
    INTERNAL,
    RETURN,
    TEMPORARY_STAY,
    names,
    on_the_way,
)
from node.release.statements import Consented, opened, withdrawn


@dataclass(frozen=True, slots=True)
class Holding:
    """Whether a record may stay, why, and what calls for its end."""

    may: bool
    reason: str
    """What it is held on (OWN, CONTROL, NOT_PERSONAL, CONSENT, TEMPORARY_STAY, HOME, AGREEMENT, EMERGENCY), or why it
    must go (ERASED, INTERNAL_ONLY, PROTECTED, WITHDRAWN, ENDED)."""
    because_of: bytes = b""
    """Id of the erasure, protection, withdrawal or basis record a receipt has to name; empty where there is none."""


def may_hold(fact: HeldRecord, known: SubjectKnown, federation: Federation, *, now_ms: int) -> Holding:
    """Whether a record may stay here now; any ground will do, not only the one it came on.

    More is believed here than for a release: who sent it has judged the facts it went on, of which we may hold fewer.
    """
    return _without_ground(fact.record, known) or _on_ground(fact, known, federation, now_ms)


def is_erased(record: Record, known: SubjectKnown) -> bool:
    """Whether an erasure that is held covers the record; what makes an erasure known and stick is never covered."""
    return record.facet not in kinds.PERSON_CONTROL and known.erased_by(record) is not None


def _without_ground(record: Record, known: SubjectKnown) -> Holding | None:
    """What needs no ground, and what none can save."""
    if record.subject_kind != record_pb2.SUBJECT_KIND_PERSON:
        return Holding(True, "NOT_PERSONAL")
    if record.facet in kinds.PERSON_CONTROL:
        return Holding(True, "CONTROL")
    erasure = known.erased_by(record)
    if erasure:
        return Holding(False, "ERASED", erasure)
    return Holding(True, "OWN") if record.organisation == known.here else None


def _on_ground(fact: HeldRecord, known: SubjectKnown, federation: Federation, now_ms: int) -> Holding:
    if fact.record.facet == kinds.RESIDENT:
        return Holding(False, "INTERNAL_ONLY")
    protection = _protection_against(fact.record, known)
    if protection:
        return Holding(False, "PROTECTED", protection)
    for ground, holds in (
        ("CONSENT", _by_consent),
        ("TEMPORARY_STAY", _by_stay),
        ("HOME", _as_home),
        ("AGREEMENT", _by_agreement),
        ("EMERGENCY", _by_emergency),
    ):
        if holds(fact, known, federation, now_ms):
            return Holding(True, ground)
    return _ended(fact, known)


def _protection_against(record: Record, known: SubjectKnown) -> bytes:
    """The protection that takes the record from us: by one whose word weighs, not naming us, no staff of ours involved.

    One that any other holder sets stops every release, but destroys no copy: a member can't erase by protecting.
    """
    if any(
        fact.record.organisation == known.here and fact.counts and fact.record.facet not in kinds.PERSON_CONTROL
        for fact in known.facts
    ):
        return b""
    weighty = known.voices_unprotected | {record.organisation}
    for setter, protection in known.protections.items():
        if setter in weighty and known.here not in known.protectors[setter]:
            return protection
    return b""


def _by_consent(fact: HeldRecord, known: SubjectKnown, federation: Federation, now_ms: int) -> bool:
    return any(
        all(
            consent.in_force(now_ms)
            and fact.record.facet in consent.facets
            and names(consent, known.here, federation)
            and _is_vouched_for(consent, fact, known)
            for consent in heads
        )
        for heads in known.consents_as_told
    )


def _is_vouched_for(consent: Consented, fact: HeldRecord, known: SubjectKnown) -> bool:
    """Whether the consent is by somebody believed, or by whom the record's sender believes.

    A sender that is not the author is believed only until somebody believed has withdrawn a consent: else a member
    could keep others from erasing with a consent it made up.
    """
    author = fact.record.organisation
    believed = known.voices_unprotected | {author}
    if consent.said_by in believed:
        return True
    if consent.record != fact.basis_record and consent.told_by != fact.came_from:
        return False
    return fact.came_from == author or not any(
        head.record.organisation in believed and withdrawn(head.record)
        for (facet, _), heads in known.current.items()
        if facet == kinds.CONSENT
        for head in heads
    )


def _by_stay(fact: HeldRecord, known: SubjectKnown, federation: Federation, now_ms: int) -> bool:
    hosts = {stay.municipality for stay in known.stays_as_told if stay.holds(now_ms)}
    return _is_ledger_item(fact.record) and any(
        known.here in on_the_way(home, host, federation) for home in known.homes_as_told for host in hosts
    )


def _as_home(fact: HeldRecord, known: SubjectKnown, _federation: Federation, _now_ms: int) -> bool:
    """What a host told the home municipality stays in its ledger until retention: its own resident (Art. 90-3)."""
    came = fact.basis in (TEMPORARY_STAY, INTERNAL, RETURN)
    return came and known.here in known.homes_in_any_case and _is_ledger_item(fact.record)


def _by_agreement(fact: HeldRecord, known: SubjectKnown, federation: Federation, now_ms: int) -> bool:
    return any(
        grant.applicant == known.here
        and grant.holder in (fact.record.organisation, fact.came_from)
        and grant.in_force(now_ms)
        and fact.record.facet in grant.facets
        and (not grant.subjects or fact.record.subject in grant.subjects)
        for grant in federation.grants
    )


def _by_emergency(fact: HeldRecord, known: SubjectKnown, federation: Federation, now_ms: int) -> bool:
    givers = (fact.record.organisation, fact.came_from)
    return fact.record.facet in EMERGENCY_FACETS and any(
        activation.in_force(now_ms)
        and not federation.realm(activation.organisation).isdisjoint(givers)
        and known.here in governments
        for activation, _, governments in federation.reaches
    )


def _is_ledger_item(record: Record) -> bool:
    """Whether it is an item that travels with a person in temporary stay; of an unknown facet the sender must know."""
    return record.facet in kinds.LEDGER_ITEMS or record.facet not in kinds.NAMES


def _ended(fact: HeldRecord, known: SubjectKnown) -> Holding:
    """Why nothing holds any more: the withdrawal of the consent it came on, or that the ground is over.

    What our own node handed on came without that ground: then any withdrawal that is about the facet is why.
    """
    basis = next((other.record for other in known.facts if other.record.id == fact.basis_record), None)
    if basis is not None and basis.facet == kinds.CONSENT:
        for head in known.current.get((basis.facet, basis.slot), ()):
            if withdrawn(head.record):
                return Holding(False, "WITHDRAWN", head.record.id)
    if fact.basis == INTERNAL:
        ends = [
            head.record
            for (facet, _), heads in known.current.items()
            for head in heads
            if facet == kinds.CONSENT and withdrawn(head.record) and fact.record.facet in _facets(head.record)
        ]
        if ends:
            return Holding(False, "WITHDRAWN", max(ends, key=lambda record: (record.clock, record.id)).id)
    return Holding(False, "ENDED", fact.basis_record)


def _facets(record: Record) -> Collection[int]:
    consent = opened(facets_pb2.Consent, record)
    return consent.facets if consent else ()
