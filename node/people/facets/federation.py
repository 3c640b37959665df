"""What is said of organisations and disasters: nodes, agreements, emergencies, declared events."""

from typing import Annotated, ClassVar, Self

from google.protobuf.message import Message
from pydantic import Field, model_validator

from moyai.v1 import facets_pb2 as wire
from node.people.facets.fields import (
    FacetModel,
    FacetNumber,
    Line,
    Moment,
    OptionalMoment,
    RequiredLine,
    RequiredMunicipality,
    RequiredOrganisation,
    Signature,
    SubjectId,
    refuse,
)
from node.people.facets.kinds import DecisionGround, DecisionOutcome

Serialised = Annotated[bytes, Field(min_length=1)]
"""Another message, byte for byte as it was signed."""


class Enrolment(FacetModel):
    """A node enrolled by its organisation; the certificate speaks for itself."""

    message: ClassVar[type[Message]] = wire.Enrolment

    certificate: Serialised


class Revocation(FacetModel):
    """A node whose key is no longer believed; the statement speaks for itself."""

    message: ClassVar[type[Message]] = wire.Revocation

    revocation: Serialised


class Agreement(FacetModel):
    """An application and what was decided of it; the signatures are the two organisations' own."""

    message: ClassVar[type[Message]] = wire.Agreement

    application: Serialised
    application_signature: Signature
    decision: bytes = b""
    decision_signature: bytes = b""

    @model_validator(mode="after")
    def _a_decision_is_signed(self) -> Self:
        if len(self.decision_signature) != (64 if self.decision else 0):
            raise refuse("decision-signature")
        return self


class Application(FacetModel):
    """What an organisation asks for (Rule 8-6(1)). Not a facet by itself: it stands inside an agreement."""

    message: ClassVar[type[Message]] = wire.Application

    application: SubjectId
    applicant: RequiredOrganisation
    holder: RequiredOrganisation
    facets: Annotated[tuple[FacetNumber, ...], Field(min_length=1)]
    subjects: tuple[SubjectId, ...] = ()
    area: tuple[RequiredMunicipality, ...] = ()
    purpose: RequiredLine
    at_ms: OptionalMoment = 0


class Decision(FacetModel):
    """What the mayor decided of an application. Not a facet by itself: it stands inside an agreement."""

    message: ClassVar[type[Message]] = wire.Decision

    application_digest: SubjectId
    outcome: DecisionOutcome
    facets: tuple[FacetNumber, ...] = ()
    from_ms: OptionalMoment = 0
    until_ms: OptionalMoment = 0
    ground: DecisionGround = DecisionGround.UNSPECIFIED
    at_ms: OptionalMoment = 0

    @model_validator(mode="after")
    def _a_grant_ends(self) -> Self:
        if not self.outcome:
            raise refuse("outcome")
        if self.outcome is DecisionOutcome.GRANTED and not (self.until_ms and self.ground):
            raise refuse("grant-without-end-or-ground")
        return self


class Emergency(FacetModel):
    """An activation of the emergency basis; the signature is the organisation's own."""

    message: ClassVar[type[Message]] = wire.Emergency

    activation: Serialised
    activation_signature: Signature


class Activation(FacetModel):
    """Who opens what area for how long. Not a facet by itself: it stands inside an emergency."""

    message: ClassVar[type[Message]] = wire.Activation

    activation: SubjectId
    organisation: RequiredOrganisation
    area: tuple[RequiredMunicipality, ...] = ()
    from_ms: OptionalMoment = 0
    until_ms: OptionalMoment = 0
    reason: Line = ""


class Disaster(FacetModel):
    """A declared event."""

    message: ClassVar[type[Message]] = wire.Disaster

    name: RequiredLine
    area: tuple[RequiredMunicipality, ...] = ()
    from_ms: OptionalMoment = 0
    closed_at_ms: Moment | None = None
