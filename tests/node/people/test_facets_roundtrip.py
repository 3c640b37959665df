"""Whatever a facet accepts from the wire, it gives back: generated from the schema itself, for every facet."""

from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from node.errors import ContentMalformed
from node.people.facets import FACETS, Activation, Application, Decision, FacetModel, read, to_content
from tests.builders import people

TOWNS = [people.WAJIMA, people.NANAO, people.ISHIKAWA]
WORDS = {
    "municipality": TOWNS,
    "area": TOWNS,
    "organisation": TOWNS,
    "organisations": [*TOWNS, "S00001"],
    "applicant": TOWNS,
    "holder": TOWNS,
    "recipients": TOWNS,
    "date": ["1948-05-03", "1948-05", "1948"],
    "estimated_on": ["2024-01-03"],
    "postcode": ["9280001"],
    "care_codes": ["dialysis"],
    "codes": ["dialysis"],
    "national_id": ["E1720400001111"],
}
BYTES = {"because_of": 32, "application_signature": 64, "decision_signature": 64, "activation_signature": 64}
NUMBERS = {"estimated_age": 130, "latitude": 90, "longitude": 180}
LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), min_size=1, max_size=9)


def scalars(field: Any) -> st.SearchStrategy[Any]:
    if field.enum_type:
        return st.sampled_from([value.number for value in field.enum_type.values if value.number])
    kind = field.cpp_type
    if kind == field.CPPTYPE_STRING and field.type == field.TYPE_BYTES:
        return st.binary(min_size=BYTES.get(field.name, 16), max_size=BYTES.get(field.name, 16))
    if kind == field.CPPTYPE_STRING:
        return st.sampled_from(WORDS[field.name]) if field.name in WORDS else LINES.filter(str.strip)
    if kind == field.CPPTYPE_BOOL:
        return st.booleans()
    if kind == field.CPPTYPE_DOUBLE:
        return st.floats(-NUMBERS[field.name], NUMBERS[field.name])
    return st.integers(1, NUMBERS.get(field.name, 1_000_000))


@st.composite
def messages(draw: st.DrawFn, kind: type[Message]) -> Message:
    message = kind()
    for field in message.DESCRIPTOR.fields:
        if draw(st.integers(0, 3)) == 0:
            continue
        if field.message_type:
            part = messages(field.message_type._concrete_class)
            target = getattr(message, field.name)
            if field.is_repeated:
                target.extend(draw(st.lists(part, max_size=2)))
            else:
                target.CopyFrom(draw(part))
        elif field.is_repeated:
            getattr(message, field.name).extend(draw(st.lists(scalars(field), max_size=2, unique=True)))
        else:
            setattr(message, field.name, draw(scalars(field)))
    return message


@pytest.mark.parametrize(
    "model", [*FACETS.values(), Application, Decision, Activation], ids=lambda model: model.__name__
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_nothing_that_is_accepted_is_lost(model: type[FacetModel], data: st.DataObject) -> None:
    sent = data.draw(messages(model.message)).SerializeToString(deterministic=True)
    try:
        content = read(model, sent)
    except ContentMalformed:
        assume(False)
        raise
    assert to_content(content) == sent
    assert to_content(content, sent) == sent
    assert read(model, to_content(content)) == content
