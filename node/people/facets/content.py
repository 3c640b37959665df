"""Turns facets into the bytes of a record and back, by the schema itself: no field is named here.

What a newer version wrote and this one does not know is not lost: `to_content` starts from the bytes of the record it
supersedes, and coded values stay the numbers they are (`kinds.Coded`).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import DecodeError, Message
from pydantic import ValidationError

from node.errors import ContentMalformed
from node.people.facets import case, federation, person, place, stay, tally
from node.people.facets.fields import FacetModel
from node.records import kinds

FACETS: Final[dict[int, type[FacetModel]]] = {
    kinds.RESIDENT: person.Resident,
    kinds.IDENTITY: person.Identity,
    kinds.RESIDENCE: person.Residence,
    kinds.CONTACT: person.Contact,
    kinds.HOUSEHOLD: person.Household,
    kinds.STAY: stay.Stay,
    kinds.CONDITION: person.Condition,
    kinds.CARE: person.Care,
    kinds.MEDICAL: person.Medical,
    kinds.DAMAGE: person.Damage,
    kinds.ASSISTANCE: person.Assistance,
    kinds.BELONGINGS: person.Belongings,
    kinds.NOTE: person.Note,
    kinds.ANSWERS: case.Answers,
    kinds.CONSENT: case.Consent,
    kinds.PROTECTION: case.Protection,
    kinds.LINK: case.Link,
    kinds.CLOSURE: case.Closure,
    kinds.ERASURE: case.Erasure,
    kinds.RECEIPT: case.Receipt,
    kinds.PLACE: place.Place,
    kinds.STATUS: place.Status,
    kinds.ENROLMENT: federation.Enrolment,
    kinds.REVOCATION: federation.Revocation,
    kinds.AGREEMENT: federation.Agreement,
    kinds.EMERGENCY: federation.Emergency,
    kinds.TALLY: tally.Tally,
    kinds.DISASTER: federation.Disaster,
}
"""Facet number to what it holds."""

_NUMBERS: Final[dict[type[FacetModel], int]] = {model: number for number, model in FACETS.items()}

Model = TypeVar("Model", bound=FacetModel)


def facet_of(content: FacetModel) -> int:
    """The facet number of a content.

    Raises:
        KeyError: it is a part of a facet, such as a destination, not one by itself.
    """
    return _NUMBERS[type(content)]


def to_content(content: FacetModel, base: bytes = b"") -> bytes:
    """The bytes of a facet, or of a part of one.

    `base` is the content of the record that is superseded: what this version does not know in it is carried over.

    The rules are checked once more, since a changed copy of a model (`model_copy`) is not: nothing leaves here that a
    receiver would set aside.

    Raises:
        ContentMalformed: the content breaks a rule, or `base` is no such message.
    """
    model = type(content)
    message = _parsed(model, base)
    _fill(message, _checked(model, content))
    return message.SerializeToString(deterministic=True)


def from_content(facet: int, content: bytes) -> FacetModel | None:
    """What a record of this facet says; None for a facet this version does not know.

    Raises:
        ContentMalformed: it breaks a rule of the specification; `rule` says which, `field` where.
    """
    model = FACETS.get(facet)
    return read(model, content) if model else None


def read(model: type[Model], content: bytes) -> Model:
    """The same, where the caller knows which facet, or part of one, it is.

    Raises:
        ContentMalformed: as above.
    """
    return _checked(model, _fields(_parsed(model, content)))


def _checked(model: type[Model], said: object) -> Model:
    try:
        return model.model_validate(said)
    except ValidationError as error:
        refused = _refusal(model, error)
    raise refused  # outside the handler, so that what was in the field does not travel along as the cause


def _refusal(model: type[FacetModel], error: ValidationError) -> ContentMalformed:
    first = error.errors(include_url=False, include_input=False)[0]
    rule = first["ctx"]["rule"] if first["type"] == "rule" else first["type"]
    where = ".".join(str(part) for part in first["loc"])
    return ContentMalformed(facet=_word(model), field=where or "-", rule=rule)


def _word(model: type[FacetModel]) -> str:
    return model.message.DESCRIPTOR.name.lower()


def _parsed(model: type[FacetModel], content: bytes) -> Message:
    message = model.message()
    try:
        message.ParseFromString(content)
    except DecodeError:
        malformed = ContentMalformed(facet=_word(model), field="-", rule="encoding")
    else:
        return message
    raise malformed


@dataclass(frozen=True, slots=True)
class _Field:
    """What the schema says of one field, looked up once."""

    name: str
    is_repeated: bool
    is_message: bool
    has_presence: bool


@cache
def _schema(descriptor: Descriptor) -> tuple[_Field, ...]:
    return tuple(
        _Field(field.name, field.is_repeated, field.message_type is not None, field.has_presence)
        for field in descriptor.fields
    )


def _fill(message: Message, content: FacetModel) -> None:
    for field in _schema(message.DESCRIPTOR):
        value = getattr(content, field.name)
        if field.is_repeated or value is None:
            message.ClearField(field.name)
        if value is None:
            continue
        if field.is_repeated:
            _extend(getattr(message, field.name), field, value)
        elif field.is_message:
            part = getattr(message, field.name)
            part.SetInParent()
            _fill(part, value)
        else:
            setattr(message, field.name, value)


def _extend(repeated: Any, field: _Field, values: tuple[Any, ...]) -> None:
    if not field.is_message:
        repeated.extend(values)
        return
    for value in values:
        _fill(repeated.add(), value)


@cache
def _untold(descriptor: Descriptor) -> dict[str, Any]:
    """What is to be said of a message in which nothing is said: the fields for which the model has no default."""
    model = next(one for one in FacetModel.__subclasses__() if one.message.DESCRIPTOR is descriptor)
    empty = model.message()
    required = (field for field in _schema(descriptor) if model.model_fields[field.name].is_required())
    return {field.name: _value(getattr(empty, field.name), field) for field in required if not field.has_presence}


@cache
def _named(descriptor: Descriptor) -> dict[str, _Field]:
    return {field.name: field for field in _schema(descriptor)}


def _fields(message: Message) -> dict[str, Any]:
    """What is said; a field that is not, and has a default, costs no checking."""
    named, said = _named(message.DESCRIPTOR), dict(_untold(message.DESCRIPTOR))
    for field, value in message.ListFields():
        said[field.name] = _value(value, named[field.name])
    return said


def _value(value: Any, field: _Field) -> Any:
    if field.is_repeated:
        return tuple(_fields(item) for item in value) if field.is_message else tuple(value)
    return _fields(value) if field.is_message else value
