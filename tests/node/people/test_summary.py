"""One row of a person from their heads."""

import itertools

import pytest

from node.people.facets import Care, ClosureKind, Condition, ConditionState, Destination, Identity, Outside, StayState
from node.people.summary import PersonSummary, summarise
from node.records import kinds
from tests.builders import people
from tests.builders.people import Person

SHELTER = b"place-0000-00001"
OTHER_SHELTER = b"place-0000-00002"


@pytest.fixture
def person() -> Person:
    return Person()


def test_a_typical_person_in_a_row(person: Person) -> None:
    for content in (people.identity(), people.residence(), people.contact(), people.household()):
        person.says(content)
    person.says(people.stay(SHELTER), b"stay-1")
    person.says(Care(codes=("dialysis", "elderly")))
    person.says(Condition(state=ConditionState.LIGHT))
    row = summarise(person.records)
    assert (row.name, row.kana, row.birth, row.sex) == ("田中 太郎", "タナカ タロウ", "1948-05-03", 1)
    assert (row.municipality, row.address, row.postcode) == (people.WAJIMA, "輪島市河井町2丁目3番", "9280001")
    assert (row.phone, row.household, row.relation) == ("090-1234-5678", b"household-0000-1", "世帯主")
    assert row.care_codes == ("dialysis", "elderly")
    assert row.condition == ConditionState.LIGHT
    assert (row.place, row.stay_state, row.stay_slot) == (SHELTER, StayState.PRESENT, b"stay-1")
    assert (row.confirmed_at_ms, row.confirmed_by) == (people.NIGHT_OF_NOTO_MS, "staff-1")
    assert not any((row.conflict, row.protected, row.closed, row.resident_only, row.death_reported))


def test_the_order_of_heads_does_not_matter(person: Person) -> None:
    heads = [
        person.says(people.identity()),
        person.says(people.identity("田中", "次郎")),
        person.says(people.stay(SHELTER), b"1"),
        person.says(people.left(OTHER_SHELTER), b"2"),
    ]
    rows = {summarise(order) for order in itertools.permutations(heads)}
    assert len(rows) == 1


# --- residents


def test_a_resident_nobody_has_seen_is_only_a_resident(person: Person) -> None:
    row = summarise([person.says(people.resident())])
    assert row.resident_only
    assert (row.name, row.birth, row.municipality) == ("田中 太郎", "1948-05-03", people.WAJIMA)
    assert (row.municipal_key, row.household_key, row.phone) == ("0001234567", "H000123", "0768-22-0001")


@pytest.mark.parametrize("seen", [people.identity("山田", "花子"), people.stay()])
def test_a_resident_who_was_seen_is_more(person: Person, seen: object) -> None:
    person.says(people.resident())
    person.says(seen, b"1" if not isinstance(seen, Identity) else b"")  # type: ignore[arg-type]
    row = summarise(person.records)
    assert not row.resident_only
    assert row.municipal_key == "0001234567"


def test_what_the_person_says_goes_before_the_register(person: Person) -> None:
    person.says(people.identity("山田", "花子", birth=None, sex=0))
    person.says(people.resident())
    row = summarise(person.records)
    assert row.family_name == "山田"
    assert (row.birth, row.sex) == ("1948-05-03", 1)


# --- stays


def test_the_newest_open_stay_is_shown(person: Person) -> None:
    person.says(people.stay(SHELTER), b"1")
    person.says(people.stay_in_car(), b"2")
    person.says(people.left(OTHER_SHELTER), b"3")
    row = summarise(person.records)
    assert (row.place, row.outside, row.stay_slot) == (None, Outside.CAR, b"2")
    assert [stay.slot for stay in row.open_stays] == [b"2", b"1"]
    assert row.open_stays[1].place == SHELTER


def test_without_an_open_stay_the_newest_is_shown(person: Person) -> None:
    person.says(people.left(SHELTER), b"1")
    going = Destination(place=OTHER_SHELTER, municipality=people.NANAO, text="姉の家")
    person.says(people.left(SHELTER, state=StayState.TRANSFERRED, destination=going), b"2")
    row = summarise(person.records)
    assert (row.stay_slot, row.stay_state, row.open_stays) == (b"2", StayState.TRANSFERRED, ())
    assert (row.destination_place, row.destination_municipality) == (OTHER_SHELTER, people.NANAO)
    assert row.destination_text == "姉の家"


def test_a_stay_that_ended_under_dispute_follows_its_newest_head(person: Person) -> None:
    person.says(people.stay(SHELTER), b"1")
    person.says(people.left(SHELTER), b"1")
    row = summarise(person.records)
    assert row.conflict
    assert row.open_stays == ()


# --- conflicts


def test_heads_that_say_the_same_are_no_conflict(person: Person) -> None:
    person.says(people.identity())
    person.says(people.identity())
    assert not summarise(person.records).conflict


def test_heads_that_differ_are_a_conflict_and_the_newest_is_shown(person: Person) -> None:
    person.says(people.identity("山田"), clock=2)
    person.says(people.identity("田中"), clock=1)
    row = summarise(person.records)
    assert row.conflict
    assert row.family_name == "山田"
    assert row.clock == 2


def test_of_equal_clocks_the_greater_id_is_shown(person: Person) -> None:
    one = person.says(people.identity("山田"), clock=1)
    other = person.says(people.identity("田中"), clock=1)
    expected = "山田" if one.id > other.id else "田中"
    assert summarise([one, other]).family_name == summarise([other, one]).family_name == expected


# --- protection and closure


def test_one_protection_among_heads_protects(person: Person) -> None:
    person.says(people.identity())
    person.says(people.protection())
    person.says(people.protection(active=False))
    assert summarise(person.records).protected


def test_a_lifted_protection_no_longer_protects(person: Person) -> None:
    person.says(people.identity())
    person.says(people.protection(active=False))
    assert not summarise(person.records).protected


@pytest.mark.parametrize(
    ("kind", "others", "closed", "reported"),
    [
        (ClosureKind.RETURNED, {}, ClosureKind.RETURNED, False),
        (ClosureKind.REOPENED, {}, 0, False),
        (ClosureKind.DIED, {"reported_by": "staff-1"}, 0, True),
        (ClosureKind.DIED, {"reported_by": "staff-1", "confirmed_by": "staff-2"}, ClosureKind.DIED, False),
    ],
)
def test_a_case_is_closed_by_what_is_in_force(
    person: Person, kind: ClosureKind, others: dict[str, str], closed: int, reported: bool
) -> None:
    person.says(people.closure(kind, **others))
    row = summarise(person.records)
    assert (row.closed, row.death_reported) == (closed, reported)


# --- the unexpected


def test_someone_without_a_name_is_shown_by_what_they_look_like(person: Person) -> None:
    row = summarise([person.says(people.unknown_person())])
    assert row.name == "70代くらいの女性、紺の上着"


def test_facets_of_a_newer_version_and_broken_ones_are_passed_over(person: Person) -> None:
    person.says(people.identity())
    person.says_bytes(4711, b"\xff\xff")
    person.says_bytes(kinds.CARE, b"\xff\xff")
    assert summarise(person.records).name == "田中 太郎"


def test_a_repr_names_fields_and_no_values() -> None:
    shown = repr(PersonSummary(subject=bytes(16), family_name="田中"))
    assert shown == "PersonSummary(subject, family_name)"
