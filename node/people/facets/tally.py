"""Counts that may be told: residents nobody has confirmed yet, by district and age; small ones are never told."""

from typing import Annotated, ClassVar, Self

from google.protobuf.message import Message
from pydantic import Field, model_validator

from moyai.v1 import facets_pb2 as wire
from node.people.facets.fields import Count, FacetModel, Line, Moment, refuse

SMALL = range(1, 5)
"""What a count may not be: it would say something of somebody."""

Age = Annotated[int, Field(ge=0, le=150)]


class TallyCell(FacetModel):
    """The people of one age band. Not a facet by itself: it stands inside a tally."""

    message: ClassVar[type[Message]] = wire.TallyCell

    from_age: Age | None = None
    to_age: Age | None = None
    people: Count | None = None

    @model_validator(mode="after")
    def _small_counts_are_withheld(self) -> Self:
        if self.people in SMALL:
            raise refuse("small-count")
        return self


class TallyRow(FacetModel):
    """One district. Not a facet by itself: it stands inside a tally."""

    message: ClassVar[type[Message]] = wire.TallyRow

    name: Line = ""
    cells: Annotated[tuple[TallyCell, ...], Field(max_length=32)] = ()


class Tally(FacetModel):
    """How many residents nobody has confirmed yet."""

    message: ClassVar[type[Message]] = wire.Tally

    counted_at_ms: Moment
    rows: Annotated[tuple[TallyRow, ...], Field(max_length=1_000)] = ()
    sums: Annotated[tuple[TallyCell, ...], Field(max_length=32)] = ()
