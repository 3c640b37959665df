"""What facets hold, what they refuse, and that nothing is lost on the way to bytes and back."""

import enum
import typing
from datetime import date

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from moyai.v1 import facets_pb2 as wire
from node.errors import ContentMalformed
from node.people import facets
from node.people.facets import (
    FACETS,
    Activation,
    Agreement,
    Application,
    BirthDate,
    Care,
    ClosureKind,
    Consent,
    Decision,
    DecisionOutcome,
    Destination,
    Erasure,
    FacetModel,
    Giver,
    Identity,
    Outside,
    Place,
    Residence,
    Resident,
    Sex,
    Stay,
    StayState,
    VersionEntry,
    facet_of,
    from_content,
    read,
    to_content,
)
from node.people.facets.kinds import Coded
from node.records import kinds
from tests.builders import people

MODELS = [*FACETS.values(), BirthDate, Destination, VersionEntry, Application, Decision, Activation]


def broken_rules(build: typing.Callable[[], object]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        build()
    return [str(error.get("ctx", {}).get("rule", error["type"])) for error in caught.value.errors()]


# --- the schema is the contract


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_has_exactly_the_fields_of_its_message(model: type[FacetModel]) -> None:
    assert list(model.model_fields) == [field.name for field in model.message.DESCRIPTOR.fields]


def test_every_facet_of_the_protocol_has_a_model() -> None:
    assert set(FACETS) == set(kinds.NAMES)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_coded_values_have_the_numbers_of_the_protocol(model: type[FacetModel]) -> None:
    for field in model.message.DESCRIPTOR.fields:
        if field.enum_type is None or field.enum_type.name == "Facet":
            continue
        annotation = model.model_fields[field.name].annotation
        coded = next(each for each in (annotation, *typing.get_args(annotation)) if isinstance(each, enum.EnumMeta))
        members = {value.number: value.name for value in field.enum_type.values}
        assert {member.value for member in coded} == set(members)
        assert all(members[member.value].endswith(f"_{member.name}") for member in coded)


@pytest.mark.parametrize("facet", sorted(FACETS))
def test_a_facet_knows_its_number(facet: int) -> None:
    assert facet_of(FACETS[facet].model_construct()) == facet


# --- there and back

LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=20)
IDS = st.binary(min_size=16, max_size=16)
MOMENTS = st.integers(1, 2**47 - 1)
TOWNS = st.sampled_from([people.WAJIMA, people.NANAO, people.SUZU, people.ISHIKAWA])
BIRTHS = st.one_of(
    st.builds(BirthDate, date=st.dates(min_value=date(1850, 1, 1), max_value=date(2199, 12, 31)).map(str)),
    st.builds(BirthDate, estimated_age=st.integers(0, 130), estimated_on=st.just("2024-01-03")),
)
IDENTITIES = st.builds(
    Identity,
    family_name=LINES.filter(str.strip),
    given_name=LINES,
    family_kana=LINES,
    birth=st.none() | BIRTHS,
    sex=st.sampled_from(Sex),
    description=LINES,
)
STAYS = st.builds(
    Stay,
    place=IDS,
    municipality=TOWNS,
    state=st.sampled_from([StayState.LEFT, StayState.TRANSFERRED]),
    since_ms=MOMENTS,
    until_ms=MOMENTS,
    confirmed_at_ms=MOMENTS,
    confirmed_by=LINES,
    destination=st.none() | st.builds(Destination, outside=st.sampled_from(Outside), municipality=TOWNS, text=LINES),
)
CONSENTS = st.builds(
    Consent,
    organisations=st.lists(TOWNS).map(tuple),
    facets=st.lists(st.integers(1, 2**31 - 1), min_size=1).map(tuple),
    from_ms=MOMENTS,
    until_ms=st.none() | MOMENTS,
    given_by=st.sampled_from([Giver.SELF, Giver.UNSPECIFIED]),
    withdrawn_at_ms=st.none() | MOMENTS,
)
ERASURES = st.builds(
    Erasure,
    ground=st.sampled_from([facets.ErasureGround.REQUEST, facets.ErasureGround.RETENTION]),
    facets=st.just((2, 6)),
    up_to=st.lists(st.builds(VersionEntry, author=IDS, counter=st.integers(1, 2**64 - 1)), max_size=3).map(tuple),
)
STATUSES = st.builds(
    facets.Status,
    observed_at_ms=MOMENTS,
    headcount=st.none() | st.integers(0, 5000),
    men=st.none() | st.integers(0, 5000),
    water=st.sampled_from(facets.Supply),
    communications=st.lists(st.sampled_from(["phone", "radio"]), max_size=2).map(tuple),
)
PLACES = st.builds(
    Place,
    name=LINES.filter(bool),
    municipality=TOWNS,
    latitude=st.none() | st.floats(-90, 90),
    capacity=st.none() | st.integers(0, 10_000),
)


@given(st.one_of(IDENTITIES, STAYS, CONSENTS, ERASURES, STATUSES, PLACES))
def test_what_is_written_is_what_is_read(content: FacetModel) -> None:
    assert from_content(facet_of(content), to_content(content)) == content


@given(IDENTITIES, IDENTITIES)
def test_a_base_changes_nothing_that_is_known(content: Identity, before: Identity) -> None:
    assert to_content(content, to_content(before)) == to_content(content)


def test_what_a_newer_version_wrote_survives_a_new_record() -> None:
    newer = to_content(people.identity()) + b"\xf2\x7d\x03new"  # field 2014
    written = to_content(people.identity("山田", "花子"), newer)
    assert written.endswith(b"\xf2\x7d\x03new")
    assert read(Identity, written).family_name == "山田"


def test_what_a_newer_version_wrote_inside_a_part_survives_too() -> None:
    birth = wire.BirthDate(date="1948-05-03").SerializeToString() + b"\xf2\x7d\x03new"
    newer = to_content(Identity(family_name="田中")) + b"\x3a" + bytes([len(birth)]) + birth
    written = to_content(Identity(family_name="田中", birth=BirthDate(date="1948")), newer)
    assert b"\xf2\x7d\x03new" in written
    assert read(Identity, written).birth == BirthDate(date="1948")


def test_a_coded_value_of_a_newer_version_stays_the_number_it_is() -> None:
    content = wire.Residence(municipality=people.WAJIMA).SerializeToString()
    assert read(Residence, content).municipality == people.WAJIMA
    stay = read(Stay, to_content(people.stay(state=StayState(9))))
    assert stay.state == 9
    assert not stay.state.is_known
    assert to_content(stay) == to_content(people.stay(state=StayState(9)))


def test_a_coded_value_is_a_number_of_thirty_one_bits() -> None:
    for wrong in (-1, 2**31, "1"):
        with pytest.raises(ValueError, match="is not a valid"):
            Sex(wrong)
    assert all(issubclass(coded, Coded) for coded in (Sex, StayState, Outside))


def test_a_facet_of_a_newer_version_is_nobodys() -> None:
    assert from_content(4711, b"\xff\xff") is None


def test_missing_is_not_zero() -> None:
    status = facets.Status(observed_at_ms=1, headcount=0)
    assert read(facets.Status, to_content(status)).headcount == 0
    assert read(facets.Status, to_content(status)).men is None


# --- refused

GRANTED = DecisionOutcome.GRANTED
VERSION = VersionEntry(author=bytes(16), counter=1)
WRONG_TOWN = wire.Residence(municipality="172048").SerializeToString()
WRONG_BIRTH = wire.Identity(alias="a", birth=wire.BirthDate(date="x")).SerializeToString()


def agreement(**others: bytes) -> Agreement:
    return Agreement(application=b"a", application_signature=bytes(64), **others)


@pytest.mark.parametrize(
    ("rule", "build"),
    [
        ("name-or-description", Identity),
        ("name-or-description", lambda: Identity(family_name="　", sex=Sex.MALE)),
        ("municipality-code", lambda: Residence(municipality="172048")),
        ("municipality-code", lambda: Residence(municipality="17204")),
        ("municipality-code", lambda: people.stay(municipality="")),
        ("string_pattern_mismatch", lambda: Residence(postcode="928-0001")),
        ("string_pattern_mismatch", lambda: Residence(postcode="9280001\n")),
        ("my-number", lambda: people.resident("123456789018")),
        ("my-number", lambda: people.resident("１２３４-５６７８-９０１８")),
        ("my-number", lambda: people.resident(household_key="123456789018")),
        ("missing", lambda: people.resident("")),
        ("string_too_long", lambda: people.resident("0" * 65)),
        ("date", lambda: BirthDate(date="1948-02-30")),
        ("date", lambda: BirthDate(date="1948-5-3")),
        ("date", lambda: BirthDate(date="0001")),
        ("date", lambda: BirthDate(estimated_age=1, estimated_on="2024-01")),
        ("estimated-on", lambda: BirthDate(estimated_age=80)),
        ("less_than_equal", lambda: BirthDate(estimated_age=131, estimated_on="2024-01-03")),
        ("control-characters", lambda: Identity(family_name="田\x1b[2J中")),
        ("control-characters", lambda: Identity(family_name="田\u202e中")),
        ("control-characters", lambda: Residence(address="輪島市\n河井町")),
        ("string_too_long", lambda: Residence(address="あ" * 401)),
        ("place-and-outside", lambda: people.stay(outside=Outside.CAR)),
        ("state", lambda: people.stay(state=StayState.UNSPECIFIED)),
        ("until", lambda: people.stay(state=StayState.LEFT)),
        ("open-and-ended", lambda: people.stay(until_ms=5)),
        ("open-and-ended", lambda: people.stay(destination=Destination(outside=Outside.HOME))),
        ("id-size", lambda: people.stay(place=b"short")),
        ("greater_than", lambda: people.stay(since_ms=0)),
        ("facets", lambda: people.consent(facets=())),
        ("from", lambda: people.consent(from_ms=0)),
        ("guardian-relation", lambda: people.consent(given_by=Giver.GUARDIAN)),
        ("organisation-code", lambda: people.consent("172048")),
        ("second-operator", lambda: people.closure(ClosureKind.DIED, confirmed_by="a", reported_by="a")),
        ("second-operator", lambda: people.closure(ClosureKind.DIED, confirmed_by="a")),
        ("kind", lambda: people.closure(ClosureKind.UNSPECIFIED)),
        ("ground", lambda: Erasure(ground=facets.ErasureGround.UNSPECIFIED)),
        ("up-to-without-facets", lambda: Erasure(ground=facets.ErasureGround.REQUEST, up_to=(VERSION,))),
        ("relation", lambda: facets.Link(other=bytes(16), relation=facets.LinkRelation.UNSPECIFIED)),
        ("national-id", lambda: people.place(national_id="E17204")),
        ("less_than_equal", lambda: people.place(latitude=91.0)),
        ("finite_number", lambda: people.place(latitude=float("nan"))),
        ("decision-signature", lambda: agreement(decision=b"d")),
        ("decision-signature", lambda: agreement(decision_signature=bytes(64))),
        ("grant-without-end-or-ground", lambda: Decision(application_digest=bytes(16), outcome=GRANTED)),
        ("extra_forbidden", lambda: Identity.model_validate({"family_name": "田中", "my_number": "123456789018"})),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused(rule: str, build: typing.Callable[[], object]) -> None:
    assert rule in broken_rules(build)


def test_a_changed_copy_is_checked_before_it_is_written() -> None:
    changed = people.stay().model_copy(update={"state": 3})
    with pytest.raises(ContentMalformed) as caught:
        to_content(changed)
    assert caught.value.details["rule"] == "until"
    assert caught.value.__context__ is None


def test_there_is_no_field_for_my_number() -> None:
    names = {field.name for model in MODELS for field in model.message.DESCRIPTOR.fields}
    assert not {name for name in names if "my_number" in name or "individual" in name or "kojin" in name}


def test_a_withdrawn_consent_may_be_empty_of_all_else() -> None:
    assert Consent(withdrawn_at_ms=5).withdrawn_at_ms == 5


def test_a_death_may_wait_for_its_second_operator() -> None:
    assert people.closure(ClosureKind.DIED, reported_by="a").reported_by == "a"


def test_codes_of_special_needs_are_put_in_order() -> None:
    assert Care(codes=("wheelchair", "dialysis", "wheelchair")).codes == ("dialysis", "wheelchair")


@pytest.mark.parametrize(
    ("facet", "content", "field", "rule"),
    [
        (kinds.IDENTITY, b"\xff\xff", "-", "encoding"),
        (kinds.IDENTITY, b"", "-", "name-or-description"),
        (kinds.RESIDENCE, WRONG_TOWN, "municipality", "municipality-code"),
        (kinds.IDENTITY, WRONG_BIRTH, "birth.date", "date"),
        (kinds.NOTE, b"", "text", "missing"),
    ],
)  # fmt: skip
def test_malformed_content_is_refused_and_says_where(facet: int, content: bytes, field: str, rule: str) -> None:
    with pytest.raises(ContentMalformed) as caught:
        from_content(facet, content)
    assert caught.value.details["field"] == field
    assert caught.value.details["rule"] == rule


# --- nothing about a person in what is shown of an error or of an object


def test_a_refusal_does_not_tell_what_was_typed() -> None:
    with pytest.raises(ValidationError) as caught:
        Resident.model_validate({"municipal_key": "123456789018", "family_name": "田\x1b中"})
    assert "123456789018" not in str(caught.value)
    assert "田" not in str(caught.value)


def test_a_malformed_record_does_not_carry_its_content_along() -> None:
    with pytest.raises(ContentMalformed) as caught:
        from_content(kinds.RESIDENCE, wire.Residence(municipality="河井町").SerializeToString())
    assert "河井町" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_repr_names_fields_and_no_values() -> None:
    shown = f"{people.identity()!r} {people.identity()} {people.stay()!r}"
    assert "family_name" in shown
    assert "田中" not in shown
    assert people.WAJIMA not in shown
