"""What is said of a person: who they are, where they live, how they are, what they need."""

from typing import ClassVar, Self

from google.protobuf.message import Message
from pydantic import Field, model_validator

from moyai.v1 import facets_pb2 as wire
from node.people.facets.fields import (
    CareCodes,
    FacetModel,
    FullDate,
    Line,
    Moment,
    Municipality,
    PartialDate,
    Postcode,
    RegisterKey,
    RequiredLine,
    RequiredRegisterKey,
    RequiredText,
    SubjectId,
    Text,
    refuse,
)
from node.people.facets.kinds import ConditionState, Sex


class BirthDate(FacetModel):
    """A birth date as far as it is known: a day, a month, a year, or an age guessed on a day."""

    message: ClassVar[type[Message]] = wire.BirthDate

    date: PartialDate = ""
    estimated_age: int | None = Field(default=None, ge=0, le=130)
    estimated_on: FullDate = ""

    @model_validator(mode="after")
    def _a_guess_has_its_day(self) -> Self:
        if self.estimated_age is not None and not self.estimated_on:
            raise refuse("estimated-on")
        return self


class Resident(FacetModel):
    """A row of the resident register loaded beforehand. Never leaves the organisation."""

    message: ClassVar[type[Message]] = wire.Resident

    municipal_key: RequiredRegisterKey
    family_name: Line = ""
    given_name: Line = ""
    family_kana: Line = ""
    given_kana: Line = ""
    birth: BirthDate | None = None
    sex: Sex = Sex.UNSPECIFIED
    address: Line = ""
    postcode: Postcode = ""
    household_key: RegisterKey = ""
    relation: Line = ""
    phone: Line = ""
    care_codes: CareCodes = ()


class Identity(FacetModel):
    """Who a person is, as they said it or as they are described; at least a name, a reading or a description."""

    message: ClassVar[type[Message]] = wire.Identity

    family_name: Line = ""
    given_name: Line = ""
    family_kana: Line = ""
    given_kana: Line = ""
    former_name: Line = ""
    alias: Line = ""
    birth: BirthDate | None = None
    sex: Sex = Sex.UNSPECIFIED
    description: Text = ""
    found_where: Line = ""

    @model_validator(mode="after")
    def _someone(self) -> Self:
        names = (self.family_name, self.given_name, self.family_kana, self.given_kana, self.former_name, self.alias)
        if not any(part.strip() for part in (*names, self.description)):
            raise refuse("name-or-description")
        return self


class Residence(FacetModel):
    """Where the person lives, whatever happened to the house."""

    message: ClassVar[type[Message]] = wire.Residence

    municipality: Municipality = ""
    address: Line = ""
    postcode: Postcode = ""


class Contact(FacetModel):
    """How to reach the person and who else to call."""

    message: ClassVar[type[Message]] = wire.Contact

    phone: Line = ""
    email: Line = ""
    other_name: Line = ""
    other_phone: Line = ""
    other_relation: Line = ""


class Household(FacetModel):
    """Which household the person belongs to."""

    message: ClassVar[type[Message]] = wire.Household

    household: SubjectId
    relation: Line = ""


class Condition(FacetModel):
    """Injury or illness as the safety form asks."""

    message: ClassVar[type[Message]] = wire.Condition

    state: ConditionState = ConditionState.UNSPECIFIED
    text: Text = ""


class Care(FacetModel):
    """Why and what special consideration is needed."""

    message: ClassVar[type[Message]] = wire.Care

    codes: CareCodes = ()
    text: Text = ""


class Medical(FacetModel):
    """Medicine, disease, doctor: the most sensitive facet."""

    message: ClassVar[type[Message]] = wire.Medical

    disease: Text = ""
    medicine: Text = ""
    doctor: Text = ""
    allergy: Text = ""


class Damage(FacetModel):
    """Damage to the home; written by the home municipality."""

    message: ClassVar[type[Message]] = wire.Damage

    degree: Line = ""
    certificate: Line = ""
    text: Text = ""


class Assistance(FacetModel):
    """Aid given."""

    message: ClassVar[type[Message]] = wire.Assistance

    what: RequiredLine
    given_at_ms: Moment


class Belongings(FacetModel):
    """Pets, vehicle."""

    message: ClassVar[type[Message]] = wire.Belongings

    pets: Line = ""
    vehicle: Line = ""


class Note(FacetModel):
    """Free text, append only."""

    message: ClassVar[type[Message]] = wire.Note

    text: RequiredText
