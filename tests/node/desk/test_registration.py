"""Someone new at the desk: as little as one word is enough, and what is typed is read the way people type."""

import pytest

from node.desk.views import NewPerson
from node.errors import BirthDateRefused, ConsentNeedsGuardian, FieldRefused, NothingToGoBy, PlaceUnknown
from node.people.facets import BirthDate, Identity, from_content
from node.records.kinds import HOUSEHOLD, IDENTITY, RESIDENCE
from node.records.subjects import minted_by
from tests.builders.townhall import TownHall
from tests.builders.trust import KANAZAWA, WAJIMA


def identity(hall: TownHall, subject: bytes) -> Identity:
    (record,) = hall.heads(subject, IDENTITY)
    said = from_content(IDENTITY, record.content)
    assert isinstance(said, Identity)
    return said


@pytest.mark.parametrize(
    ("person", "shown"),
    [
        (NewPerson(family_name="森"), "森"),
        (NewPerson(given_name="花子"), "花子"),
        (NewPerson(description="70代の女性、紺の上着"), "70代の女性、紺の上着"),
        (NewPerson(family_name="森", given_name="花子"), "森 花子"),
    ],
)
def test_one_word_is_enough_and_they_are_here(hall: TownHall, person: NewPerson, shown: str) -> None:
    desk = hall.desk(at="河井小学校")
    (subject,) = desk.register(person).subjects
    (view,) = desk.roster()
    assert (view.subject, view.name, view.here) == (subject, shown, True)


def test_kana_alone_is_enough(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    desk.register(NewPerson(family_kana="モリ"))
    (view,) = desk.roster()
    assert view.kana == "モリ"


def test_with_nothing_to_go_by_nothing_is_written(hall: TownHall) -> None:
    desk, before = hall.desk(), hall.seq()
    with pytest.raises(NothingToGoBy):
        desk.register(NewPerson(phone="0768-22-0001", address="輪島市"))
    assert hall.seq() == before


@pytest.mark.parametrize("typed", ["yamada", "ヤマダ", "やまだ", "ﾔﾏﾀﾞ", "YAMADA"])
def test_kana_may_be_typed_as_romaji(hall: TownHall, typed: str) -> None:
    (subject,) = hall.desk().register(NewPerson(family_name="山田", family_kana=typed)).subjects
    assert identity(hall, subject).family_kana == "ヤマダ"


@pytest.mark.parametrize("typed", ["19480503", "S230503", "昭和23年5月3日", "1948-05-03", "１９４８０５０３"])
def test_a_birth_date_is_read_in_either_calendar(hall: TownHall, typed: str) -> None:
    (subject,) = hall.desk().register(NewPerson(family_name="山田", birth=typed)).subjects
    assert identity(hall, subject).birth == BirthDate(date="1948-05-03")


def test_a_guessed_age_says_when_it_was_guessed(hall: TownHall) -> None:
    (subject,) = hall.desk().register(NewPerson(description="高齢の男性", estimated_age=80)).subjects
    assert identity(hall, subject).birth == BirthDate(estimated_age=80, estimated_on="2024-01-02")
    assert hall.desk().person(subject).birth == "~80"


def test_a_birth_date_that_is_none_is_refused_and_nothing_is_written(hall: TownHall) -> None:
    desk, before = hall.desk(), hall.seq()
    with pytest.raises(BirthDateRefused):
        desk.register(NewPerson(family_name="山田", birth="19481399"))
    assert hall.seq() == before


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("family_name", "山" * 500, "family_name"),
        ("description", "a\x1b[2J", "description"),
        ("municipality", "999999", "municipality"),
        ("postcode", "12", "postcode"),
        ("phone", "1\n2", "phone"),
        ("care_codes", ("Dialysis!",), "codes"),
        ("estimated_age", 500, "estimated_age"),
    ],
)
def test_what_does_not_fit_its_field_is_refused_by_the_fields_name(
    hall: TownHall, field: str, value: object, named: str
) -> None:
    desk, before = hall.desk(), hall.seq()
    with pytest.raises(FieldRefused) as refused:
        desk.register(NewPerson(**{"given_name": "花子", field: value}))  # type: ignore[arg-type]
    assert refused.value.details["field"] == named
    assert str(value) not in str(refused.value)
    assert hall.seq() == before


def test_at_an_unknown_place_nobody_is_registered(hall: TownHall) -> None:
    desk, before = hall.desk(), hall.seq()
    with pytest.raises(PlaceUnknown):
        desk.register(NewPerson(family_name="森"), place=b"nowhere-at-all-1")
    assert hall.seq() == before


def test_an_address_without_a_town_is_of_this_town(hall: TownHall) -> None:
    desk = hall.desk()
    (here,) = desk.register(NewPerson(family_name="森", address="河井町15部13番地")).subjects
    (guest,) = desk.register(
        NewPerson(family_name="林", address="金沢市広坂1丁目1番1号", municipality=KANAZAWA)
    ).subjects
    assert (desk.person(here).municipality, desk.person(guest).municipality) == (WAJIMA, KANAZAWA)


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("金沢市広坂1-1", KANAZAWA),
        ("石川県金沢市広坂1-1", KANAZAWA),
        ("鳳珠郡穴水町字川島", "174611"),
        ("石川県穴水町字川島", "174611"),
        ("穴水町3", WAJIMA),
        ("池田町2-1", WAJIMA),
        ("輪島市", WAJIMA),
    ],
)
def test_who_comes_from_another_town_is_known_as_its_resident(hall: TownHall, address: str, home: str) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="林", address=address)).subjects
    assert desk.person(subject).municipality == home


def test_where_nothing_of_the_home_is_known_nothing_is_said_of_it(hall: TownHall) -> None:
    (subject,) = hall.desk().register(NewPerson(family_name="森")).subjects
    assert hall.heads(subject, RESIDENCE) == []


def test_a_household_can_be_joined_else_one_is_founded(hall: TownHall) -> None:
    desk = hall.desk()
    (first,) = desk.register(NewPerson(family_name="森", given_name="花子")).subjects
    (second,) = desk.register(
        NewPerson(family_name="森", given_name="実", household=desk.person(first).household)
    ).subjects
    assert [one.subject for one in desk.household(first)] == [first, second]
    assert len(hall.heads(first, HOUSEHOLD)) == 1


def test_the_new_id_says_who_registered_them(hall: TownHall) -> None:
    (subject,) = hall.desk().register(NewPerson(family_name="森")).subjects
    assert minted_by(subject, WAJIMA)
    assert not minted_by(subject, KANAZAWA)


def test_registered_without_arriving_they_have_no_stay(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    (subject,) = desk.register(NewPerson(family_name="森"), arrive=False).subjects
    assert desk.person(subject).stay_state == 0
    assert desk.roster() == []


def test_protection_holds_from_the_first_moment(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森", protect=True)).subjects
    assert desk.person(subject).protected


@pytest.mark.parametrize(("share", "given"), [(True, 1), (False, 0), (None, 0)])
def test_only_a_yes_is_a_consent(hall: TownHall, share: bool | None, given: int) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森", share=share)).subjects
    consents = desk.consents(subject)
    assert len(consents) == given
    assert all(one.all_local_governments and "medical" not in one.facets for one in consents)


@pytest.mark.parametrize("child", [NewPerson(birth="20080103"), NewPerson(estimated_age=10)])
def test_under_sixteen_a_guardian_consents_or_nothing_is_written(hall: TownHall, child: NewPerson) -> None:
    desk, before = hall.desk(), hall.seq()
    typed = {"given_name": "実", "birth": child.birth, "estimated_age": child.estimated_age, "share": True}
    with pytest.raises(ConsentNeedsGuardian):
        desk.register(NewPerson(**typed))  # type: ignore[arg-type]
    assert hall.seq() == before
    (subject,) = desk.register(NewPerson(**typed, guardian_relation="母")).subjects  # type: ignore[arg-type]
    assert [one.guardian_relation for one in desk.consents(subject)] == ["母"]


def test_on_the_sixteenth_birthday_no_guardian_is_needed(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(given_name="実", birth="20080102", share=True)).subjects
    assert len(desk.consents(subject)) == 1


def test_the_log_of_a_registration_has_ids_and_no_words(hall: TownHall) -> None:
    before, _ = hall.node.ledger.audit_head()
    hall.desk().register(NewPerson(family_name="鵜飼野", given_name="澄江", address="杉平町2-10", share=True))
    after, _ = hall.node.ledger.audit_head()
    entries = "".join(hall.log(after - before))
    assert "register" in entries
    assert not any(word in entries for word in ("鵜飼野", "澄江", "杉平"))
