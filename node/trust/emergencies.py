"""Emergency activations: a mayor's or governor's signed word that opens an area, for 72 hours at most."""

from dataclasses import dataclass

from moyai.v1 import facets_pb2 as wire
from node.errors import AgreementMalformed, SignatureWrong
from node.records.record import Record
from node.records.subjects import organisation_subject
from node.trust import codes, labels
from node.trust.agreements import AREA_MAX, ID_BYTES, PURPOSE_CHARACTERS_MAX
from node.trust.keys import OrganisationKey
from node.trust.roster import Roster
from node.trust.shape import read, require

EMERGENCY_MS_MAX = 72 * 3_600_000
"""An activation ends by itself after 72 hours, whatever it says."""


@dataclass(frozen=True, slots=True)
class ActivationOpened:
    """An emergency activation, signed by its organisation."""

    activation: bytes
    organisation: str
    area: frozenset[str]
    from_ms: int
    until_ms: int
    """Never more than 72 hours after `from_ms`."""
    reason: str

    def in_force(self, now_ms: int) -> bool:
        """Whether it is now."""
        return self.from_ms <= now_ms < self.until_ms


def activate(activation: wire.Activation, key: OrganisationKey) -> bytes:
    """The content of an emergency record. What it says beyond 72 hours is cut off before it is signed.

    Raises:
        AgreementMalformed: it breaks a rule.
    """
    cut = wire.Activation()
    cut.CopyFrom(activation)
    cut.until_ms = min(cut.until_ms, cut.from_ms + EMERGENCY_MS_MAX)
    _check_activation(cut)
    body = cut.SerializeToString(deterministic=True)
    return wire.Emergency(activation=body, activation_signature=key.sign(labels.ACTIVATION, body)).SerializeToString(
        deterministic=True
    )


def open_emergency(content: bytes, roster: Roster) -> ActivationOpened:
    """Check an activation: a mayor's for the own town, a governor's for towns of the prefecture, 72 hours at most.

    Raises:
        AgreementMalformed: with the rule that does not hold.
        UnknownOrganisation: the roster does not list the organisation.
        SignatureWrong: no key of it that was valid at `from_ms` signed it.
    """
    emergency, activation = wire.Emergency(), wire.Activation()
    read(emergency, content, AgreementMalformed)
    read(activation, emergency.activation, AgreementMalformed)
    _check_activation(activation)
    organisation = roster.organisation(activation.organisation)
    if not organisation.signed_at(
        labels.ACTIVATION, emergency.activation, emergency.activation_signature, activation.from_ms
    ):
        raise SignatureWrong(what="activation", organisation=activation.organisation)
    return ActivationOpened(
        activation=activation.activation,
        organisation=activation.organisation,
        area=frozenset(activation.area),
        from_ms=activation.from_ms,
        until_ms=min(activation.until_ms, activation.from_ms + EMERGENCY_MS_MAX),
        reason=activation.reason,
    )


def emergency_of(record: Record, roster: Roster) -> ActivationOpened:
    """The activation in a record, which must be about the organisation, in the activation's slot, and by a node of it.

    Raises:
        TrustRefused: as `open_emergency`.
    """
    opened = open_emergency(record.content, roster)
    rules = {
        "subject": (record.subject, record.slot) == (organisation_subject(opened.organisation), opened.activation),
        "author": record.organisation == opened.organisation,
    }
    require(rules, AgreementMalformed)
    return opened


def _check_activation(activation: wire.Activation) -> None:
    code, area = activation.organisation, list(activation.area)
    if codes.is_prefecture(code):
        own = all(codes.is_municipality(town) and town[:2] == code[:2] for town in area)
    else:
        own = codes.is_municipality(code) and set(area) == {code}
    require(
        {
            "activation-id": len(activation.activation) == ID_BYTES,
            "activation-area": 0 < len(area) <= AREA_MAX and own,
            "activation-dates": 0 < activation.from_ms < activation.until_ms,
            "activation-reason": 0 < len(activation.reason) <= PURPOSE_CHARACTERS_MAX,
        },
        AgreementMalformed,
    )
