"""Agreements: an organisation's signed application with the holder's signed decision on it (Rule 8-6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from moyai.v1 import facets_pb2 as wire
from node.errors import AgreementMalformed, SignatureWrong
from node.records import kinds
from node.records.record import Record
from node.records.subjects import organisation_subject
from node.trust import codes, labels
from node.trust.keys import OrganisationKey
from node.trust.organisation import Organisation
from node.trust.roster import Roster
from node.trust.shape import read, require

ID_BYTES = 16
PURPOSE_CHARACTERS_MAX = 500
SUBJECTS_MAX = 2000
AREA_MAX = 2000


@dataclass(frozen=True, slots=True)
class DecisionOpened:
    """What the mayor decided; signed by the holder's key."""

    outcome: int
    """One of `moyai.v1.Decision.Outcome`."""
    facets: frozenset[int]
    from_ms: int
    until_ms: int
    ground: int
    """One of `moyai.v1.Decision.Ground`."""
    at_ms: int


@dataclass(frozen=True, slots=True)
class AgreementOpened:
    """An application, signed by the applicant, with the decision on it, signed by the holder; None: not decided yet."""

    application: bytes
    applicant: str
    holder: str
    facets: frozenset[int]
    """The facets asked for."""
    subjects: frozenset[bytes] = field(repr=False)
    """Which people; empty: all of the area."""
    area: frozenset[str]
    """Codes of municipalities; never empty: the holder's own where the application named none."""
    purpose: str
    at_ms: int
    decision: DecisionOpened | None

    def in_force(self, now_ms: int) -> bool:
        """Whether it is granted, and now."""
        decided = self.decision
        if decided is None or decided.outcome != wire.Decision.OUTCOME_GRANTED:
            return False
        return decided.from_ms <= now_ms < decided.until_ms

    @property
    def granted_facets(self) -> frozenset[int]:
        """The facets granted, in force or not."""
        return self.decision.facets if self.decision else frozenset()


def apply(application: wire.Application, key: OrganisationKey) -> bytes:
    """The content of an agreement record, nothing decided yet, signed by the applicant.

    Raises:
        AgreementMalformed: it breaks a rule.
    """
    _check_application(application)
    body = application.SerializeToString(deterministic=True)
    return wire.Agreement(application=body, application_signature=key.sign(labels.APPLICATION, body)).SerializeToString(
        deterministic=True
    )


def decide(content: bytes, decision: wire.Decision, key: OrganisationKey) -> bytes:
    """The content with a decision, signed by the holder; an earlier decision is replaced. The digest is set here.

    Raises:
        AgreementMalformed: it grants what was not asked for, or breaks another rule.
    """
    agreement, application = wire.Agreement(), wire.Application()
    read(agreement, content, AgreementMalformed)
    read(application, agreement.application, AgreementMalformed)
    decided = wire.Decision()
    decided.CopyFrom(decision)
    decided.application_digest = digest(agreement.application)
    _check_decision(decided, application, agreement.application)
    agreement.decision = decided.SerializeToString(deterministic=True)
    agreement.decision_signature = key.sign(labels.DECISION, agreement.decision)
    return agreement.SerializeToString(deterministic=True)


def open_agreement(content: bytes, roster: Roster) -> AgreementOpened:
    """Check an agreement against the roster: both signatures, by keys valid when each was made, and what it grants.

    Raises:
        AgreementMalformed: with the rule that does not hold.
        UnknownOrganisation: the roster lists one of the two no longer.
        SignatureWrong: by "application" or "decision".
    """
    agreement, application = wire.Agreement(), wire.Application()
    read(agreement, content, AgreementMalformed)
    read(application, agreement.application, AgreementMalformed)
    _check_application(application)
    applicant = roster.organisation(application.applicant)
    holder = roster.organisation(application.holder)
    if not applicant.signed_at(
        labels.APPLICATION, agreement.application, agreement.application_signature, application.at_ms
    ):
        raise SignatureWrong(what="application", organisation=application.applicant)
    return AgreementOpened(
        application=application.application,
        applicant=application.applicant,
        holder=application.holder,
        facets=frozenset(int(facet) for facet in application.facets),
        subjects=frozenset(application.subjects),
        area=frozenset(application.area) or frozenset({application.holder}),
        purpose=application.purpose,
        at_ms=application.at_ms,
        decision=_open_decision(agreement, application, applicant, holder) if agreement.decision else None,
    )


def agreement_of(record: Record, roster: Roster) -> AgreementOpened:
    """The agreement in a record: about the holder, in the application's slot, by the applicant or, decided, the holder.

    Raises:
        TrustRefused: as `open_agreement`.
    """
    opened = open_agreement(record.content, roster)
    rules = {
        "subject": (record.subject, record.slot) == (organisation_subject(opened.holder), opened.application),
        "author": record.organisation == (opened.holder if opened.decision else opened.applicant),
    }
    require(rules, AgreementMalformed)
    return opened


def digest(application: bytes) -> bytes:
    """What a decision names the application by: first 16 bytes of SHA-256 over its bytes."""
    return sha256(application).digest()[:ID_BYTES]


def _open_decision(
    agreement: wire.Agreement, application: wire.Application, applicant: Organisation, holder: Organisation
) -> DecisionOpened:
    decision = wire.Decision()
    read(decision, agreement.decision, AgreementMalformed)
    _check_decision(decision, application, agreement.application)
    _check_ground(decision, applicant)
    if not holder.signed_at(labels.DECISION, agreement.decision, agreement.decision_signature, decision.at_ms):
        raise SignatureWrong(what="decision", organisation=application.holder)
    return DecisionOpened(
        outcome=int(decision.outcome),
        facets=frozenset(int(facet) for facet in decision.facets),
        from_ms=decision.from_ms,
        until_ms=decision.until_ms,
        ground=int(decision.ground),
        at_ms=decision.at_ms,
    )


def _check_application(application: wire.Application) -> None:
    require(
        {
            "application-id": len(application.application) == ID_BYTES,
            "parties": application.applicant != application.holder,
            "facets": bool(application.facets) and _are_disclosable(application.facets),
            "subjects": len(application.subjects) <= SUBJECTS_MAX
            and all(len(subject) == ID_BYTES for subject in application.subjects),
            "area": len(application.area) <= AREA_MAX and all(map(codes.is_municipality, application.area)),
            "purpose": 0 < len(application.purpose) <= PURPOSE_CHARACTERS_MAX,
            "at": application.at_ms > 0,
        },
        AgreementMalformed,
    )


def _check_decision(decision: wire.Decision, application: wire.Application, application_bytes: bytes) -> None:
    grants = decision.outcome == wire.Decision.OUTCOME_GRANTED
    require(
        {
            "decision-digest": decision.application_digest == digest(application_bytes),
            "decision-outcome": decision.outcome > 0,
            "decision-facets": set(decision.facets) <= set(application.facets)
            and (bool(decision.facets) or not grants),
            "decision-dates": 0 < decision.from_ms < decision.until_ms or not grants,
            "decision-ground": decision.ground != 0 or not grants,
            "decision-at": decision.at_ms > 0,
        },
        AgreementMalformed,
    )


def _check_ground(decision: wire.Decision, applicant: Organisation) -> None:
    if decision.outcome != wire.Decision.OUTCOME_GRANTED:
        return
    local = decision.ground == wire.Decision.GROUND_LOCAL_GOVERNMENT and applicant.is_local_government
    support = (
        decision.ground == wire.Decision.GROUND_SUPPORT_ORGANISATION
        and applicant.kind == wire.ORGANISATION_KIND_SUPPORT
    )
    require({"decision-ground": local or support}, AgreementMalformed)


def _are_disclosable(asked: Iterable[int]) -> bool:
    """The rows of the resident register are never given away, whoever asks."""
    return all(facet not in (0, kinds.RESIDENT) for facet in asked)
