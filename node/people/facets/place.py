"""What is said of a place: where it is, how it stands."""

import re
from typing import Annotated, ClassVar, Final

from google.protobuf.message import Message
from pydantic import AfterValidator, Field, FiniteFloat

from moyai.v1 import facets_pb2 as wire
from node.people.facets.fields import Count, FacetModel, Line, Moment, RequiredLine, RequiredMunicipality, Text, refuse
from node.people.facets.kinds import Opening, PlaceType, Supply

_NATIONAL_ID: Final = re.compile(r"(E[0-9A-Z]{13})?")


def _national_id(value: str) -> str:
    if not _NATIONAL_ID.fullmatch(value):
        raise refuse("national-id")
    return value


class Place(FacetModel):
    """A shelter or another site."""

    message: ClassVar[type[Message]] = wire.Place

    national_id: Annotated[str, AfterValidator(_national_id)] = ""
    name: RequiredLine
    kana: Line = ""
    municipality: RequiredMunicipality
    address: Line = ""
    latitude: FiniteFloat | None = Field(default=None, ge=-90, le=90)
    longitude: FiniteFloat | None = Field(default=None, ge=-180, le=180)
    type: PlaceType = PlaceType.UNSPECIFIED
    capacity_text: Line = ""
    capacity: Count | None = None
    local_id: Line = ""
    phone: Line = ""
    text: Text = ""


class Status(FacetModel):
    """The state of a shelter when it was seen. What is absent is unknown, never 0."""

    message: ClassVar[type[Message]] = wire.Status

    observed_at_ms: Moment
    opening: Opening = Opening.UNSPECIFIED
    headcount: Count | None = None
    men: Count | None = None
    women: Count | None = None
    sex_unknown: Count | None = None
    households: Count | None = None
    outside_people: Count | None = None
    water: Supply = Supply.UNSPECIFIED
    food: Supply = Supply.UNSPECIFIED
    communications: tuple[Line, ...] = ()
    text: Text = ""
    source: Line = ""
