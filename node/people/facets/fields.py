"""The types fields of facets are made of: what is refused in a line, a code, an id, a moment."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Final

from google.protobuf.message import Message
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from node.people.my_number import is_my_number
from node.people.organisation_codes import is_local_government, is_organisation

LINE_CHARACTERS_MAX: Final = 400
"""A name, an address, a relation; the longest registered address is far below."""
TEXT_CHARACTERS_MAX: Final = 8_000
"""A note; well below what a body can carry."""

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROLS_BUT_LINES: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_PARTIAL_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_YEAR_MIN, _YEAR_MAX = 1850, 2199


class FacetModel(BaseModel):
    """What one facet says. Frozen; a field it does not know is refused; what was typed never shows in an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, revalidate_instances="always", defer_build=True
    )
    """What checks a facet is made when one is first checked: to make it for all takes a tenth of every start."""

    message: ClassVar[type[Message]]
    """The message of facets.proto it stands for: the same fields under the same names."""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Names of what is filled in, no values: a repr ends up in tracebacks and logs."""
        for name in type(self).model_fields:
            if getattr(self, name):
                yield None, name

    __str__ = BaseModel.__repr__


def refuse(rule: str) -> PydanticCustomError:
    """The error for a broken rule. The rule's name is all it says: no value, no person."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule})


def _holding(rule: str, holds: Callable[[str], bool]) -> AfterValidator:
    def check(value: str) -> str:
        if not holds(value):
            raise refuse(rule)
        return value

    return AfterValidator(check)


def is_partial_date(text: str) -> bool:
    """Whether the text is "1948-05-03", "1948-05" or "1948", and such a day exists."""
    match = _PARTIAL_DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    if not _YEAR_MIN <= year <= _YEAR_MAX:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_full_date(text: str) -> bool:
    return len(text) == 10 and is_partial_date(text)


Line = Annotated[
    str,
    StringConstraints(max_length=LINE_CHARACTERS_MAX),
    _holding("control-characters", lambda value: not _CONTROLS.search(value)),
]
"""One line as typed: no control characters, which could speak to a terminal, nothing that turns the writing round."""

Text = Annotated[
    str,
    StringConstraints(max_length=TEXT_CHARACTERS_MAX),
    _holding("control-characters", lambda value: not _CONTROLS_BUT_LINES.search(value)),
]
"""Several lines as typed."""

_PRESENT: Final = _holding("missing", lambda value: bool(value.strip()))
RequiredLine = Annotated[Line, _PRESENT]
RequiredText = Annotated[Text, _PRESENT]

Municipality = Annotated[str, _holding("municipality-code", lambda value: not value or is_local_government(value))]
"""A local government code, or empty."""
RequiredMunicipality = Annotated[str, _holding("municipality-code", is_local_government)]
Organisation = Annotated[str, _holding("organisation-code", lambda value: not value or is_organisation(value))]
"""An organisation's code, or empty."""
RequiredOrganisation = Annotated[str, _holding("organisation-code", is_organisation)]

Postcode = Annotated[str, StringConstraints(pattern=r"^([0-9]{7})?$")]
"""Seven digits without hyphen, or empty."""
PartialDate = Annotated[str, _holding("date", lambda value: not value or is_partial_date(value))]
FullDate = Annotated[str, _holding("date", lambda value: not value or _is_full_date(value))]

RegisterKey = Annotated[
    str,
    StringConstraints(max_length=64),
    _holding("control-characters", lambda value: not _CONTROLS.search(value)),
    _holding("my-number", lambda value: not is_my_number(value)),
]
"""A municipality's own key; a valid My Number is refused."""
RequiredRegisterKey = Annotated[RegisterKey, _PRESENT]

SubjectId = Annotated[bytes, Field(min_length=16, max_length=16)]
"""Sixteen bytes."""


def _empty_or_sixteen(value: bytes) -> bytes:
    if len(value) not in (0, 16):
        raise refuse("id-size")
    return value


OptionalSubjectId = Annotated[bytes, AfterValidator(_empty_or_sixteen)]
"""Sixteen bytes, or empty."""
NodeId = Annotated[bytes, Field(min_length=16, max_length=16)]
RecordId = Annotated[bytes, Field(min_length=32, max_length=32)]
Signature = Annotated[bytes, Field(min_length=64, max_length=64)]

Moment = Annotated[int, Field(gt=0, lt=2**47)]
"""Milliseconds since 1970 UTC; never 0, which on the wire is the same as nothing."""
OptionalMoment = Annotated[int, Field(ge=0, lt=2**47)]
"""Milliseconds since 1970 UTC, or 0 where it is not told."""
Count = Annotated[int, Field(ge=0, le=10_000_000)]
"""A number of people, households or records."""
FacetNumber = Annotated[int, Field(gt=0, lt=2**31)]
"""A facet, also one this version does not know."""
CareCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


def _once_ascending(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))


CareCodes = Annotated[tuple[CareCode, ...], Field(max_length=64), AfterValidator(_once_ascending)]
"""Codes of special needs; put in order, each once, whatever order they came in."""
