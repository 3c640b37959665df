"""Where a person is, was, or goes next."""

from typing import ClassVar, Final, Self

from google.protobuf.message import Message
from pydantic import model_validator

from moyai.v1 import facets_pb2 as wire
from node.people.facets.fields import (
    FacetModel,
    Line,
    Moment,
    Municipality,
    OptionalSubjectId,
    RequiredMunicipality,
    refuse,
)
from node.people.facets.kinds import Outside, StayState

OPEN_STATES: Final = frozenset({StayState.PRESENT, StayState.OUT})
"""A stay in one of these goes on."""
ENDED_STATES: Final = frozenset({StayState.LEFT, StayState.TRANSFERRED})
"""A stay in one of these is over; it has an end."""


class Destination(FacetModel):
    """Where a person goes on leaving."""

    message: ClassVar[type[Message]] = wire.Destination

    place: OptionalSubjectId = b""
    outside: Outside = Outside.UNSPECIFIED
    municipality: Municipality = ""
    text: Line = ""

    @model_validator(mode="after")
    def _inside_or_outside(self) -> Self:
        if self.place and self.outside:
            raise refuse("place-and-outside")
        return self


class Stay(FacetModel):
    """One stay of a person. Several may be open at once; ends are not checked against starts, since clocks differ."""

    message: ClassVar[type[Message]] = wire.Stay

    place: OptionalSubjectId = b""
    outside: Outside = Outside.UNSPECIFIED
    municipality: RequiredMunicipality
    state: StayState
    since_ms: Moment
    until_ms: Moment | None = None
    confirmed_at_ms: Moment
    confirmed_by: Line = ""
    destination: Destination | None = None
    text: Line = ""

    @model_validator(mode="after")
    def _place_and_state(self) -> Self:
        if self.place and self.outside:
            raise refuse("place-and-outside")
        if not self.state:
            raise refuse("state")
        if self.state in ENDED_STATES and self.until_ms is None:
            raise refuse("until")
        if self.state in OPEN_STATES and (self.until_ms is not None or self.destination is not None):
            raise refuse("open-and-ended")
        return self
