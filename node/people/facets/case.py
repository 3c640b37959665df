"""What a person decides and what is decided of their case: consent, answers, protection, links, the end."""

from typing import ClassVar, Self

from google.protobuf.message import Message
from pydantic import Field, model_validator

from moyai.v1 import facets_pb2 as wire, record_pb2
from node.people.facets.fields import (
    Count,
    FacetModel,
    FacetNumber,
    Line,
    Moment,
    NodeId,
    OptionalMoment,
    RecordId,
    RequiredOrganisation,
    SubjectId,
    Text,
    refuse,
)
from node.people.facets.kinds import Answer, ClosureKind, ErasureGround, Giver, LinkRelation, OrganisationKind


class Answers(FacetModel):
    """The three choices of the safety form. Not asked counts as yes to kin and acquaintances, as no to anyone."""

    message: ClassVar[type[Message]] = wire.Answers

    kin: Answer = Answer.UNSPECIFIED
    acquaintances: Answer = Answer.UNSPECIFIED
    anyone: Answer = Answer.UNSPECIFIED


class Consent(FacetModel):
    """To whom, which facets, for what, until when, given by whom. One that does not say who gave it opens nothing."""

    message: ClassVar[type[Message]] = wire.Consent

    organisations: tuple[RequiredOrganisation, ...] = ()
    kinds: tuple[OrganisationKind, ...] = ()
    all_local_governments: bool = False
    facets: tuple[FacetNumber, ...] = ()
    purpose: Line = ""
    from_ms: OptionalMoment = 0
    until_ms: Moment | None = None
    given_by: Giver = Giver.UNSPECIFIED
    guardian_relation: Line = ""
    wording: Line = ""
    withdrawn_at_ms: Moment | None = None

    @model_validator(mode="after")
    def _complete_unless_withdrawn(self) -> Self:
        if self.withdrawn_at_ms is not None:
            return self
        if not self.facets:
            raise refuse("facets")
        if not self.from_ms:
            raise refuse("from")
        if self.given_by is Giver.GUARDIAN and not self.guardian_relation.strip():
            raise refuse("guardian-relation")
        return self


class Protection(FacetModel):
    """Protection (秘匿) from someone who looks for the person."""

    message: ClassVar[type[Message]] = wire.Protection

    active: bool = False
    ground: Line = ""
    decided_by: Line = ""
    recipients: tuple[RequiredOrganisation, ...] = ()


class Link(FacetModel):
    """Same person as, or not the same as, another subject."""

    message: ClassVar[type[Message]] = wire.Link

    other: SubjectId
    relation: LinkRelation
    reason: Text = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.relation:
            raise refuse("relation")
        return self


class Closure(FacetModel):
    """The end of a person's case. A death counts once a second operator has confirmed what the first reported."""

    message: ClassVar[type[Message]] = wire.Closure

    kind: ClosureKind
    at_ms: Moment
    confirmed_by: Line = ""
    reported_by: Line = ""

    @model_validator(mode="after")
    def _two_operators(self) -> Self:
        if not self.kind:
            raise refuse("kind")
        if self.confirmed_by and (not self.reported_by or self.confirmed_by == self.reported_by):
            raise refuse("second-operator")
        return self


class VersionEntry(FacetModel):
    """How far one author had counted."""

    message: ClassVar[type[Message]] = record_pb2.VersionEntry

    author: SubjectId
    counter: int = Field(gt=0, lt=2**64)


class Erasure(FacetModel):
    """Erased, on whose request or by which rule."""

    message: ClassVar[type[Message]] = wire.Erasure

    ground: ErasureGround
    facets: tuple[FacetNumber, ...] = ()
    up_to: tuple[VersionEntry, ...] = ()

    @model_validator(mode="after")
    def _grounded(self) -> Self:
        if not self.ground:
            raise refuse("ground")
        if self.up_to and not self.facets:
            raise refuse("up-to-without-facets")
        return self


class Receipt(FacetModel):
    """A holder's word that it has erased."""

    message: ClassVar[type[Message]] = wire.Receipt

    because_of: RecordId
    organisation: RequiredOrganisation
    erased: Count = 0
    at_ms: OptionalMoment = 0
    awaiting: tuple[NodeId, ...] = ()
