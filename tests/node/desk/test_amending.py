"""Somebody typed as new is known already: what was typed is added, contradictions are told, nothing is lost."""

from dataclasses import replace

import pytest

from node.desk.amending import ADDED
from node.desk.consents import AGE_UNKNOWN, CONSENT_STANDS
from node.desk.differences import Difference
from node.desk.views import NewPerson, PersonView, Whereto
from node.errors import BirthDateRefused, ConsentNeedsGuardian, SettledMeanwhile, SubjectUnknown
from node.people.facets import Contact, Identity, from_content
from node.records.kinds import CARE, CONSENT, CONTACT, IDENTITY, RESIDENCE, STAY
from tests.builders.townhall import TownHall
from tests.builders.trust import KANAZAWA, WAJIMA

YUMIKO = NewPerson(family_name="大谷内", given_name="由美子", family_kana="オオヤチ", given_kana="ユミコ")


def typed(**more: object) -> NewPerson:
    """The woman of the register, as she was typed once more."""

    return replace(YUMIKO, **more)  # type: ignore[arg-type]


def registered(hall: TownHall, **more: str) -> bytes:
    """She as the register has her."""
    return hall.resident("大谷内", "由美子", kana_family="オオヤチ", kana_given="ユミコ", sex="女", **more)


def recognised(hall: TownHall, subject: bytes, person: NewPerson, *instead: str) -> PersonView:
    """As the desk knows her once a clerk has said that it is she."""
    desk = hall.desk(at="河井小学校")
    desk.amending.recognise(
        subject, person, seen=desk.amending.differences(subject, person), instead=frozenset(instead)
    )
    return desk.person(subject)


def test_what_was_typed_of_somebody_known_is_added_to_what_is_held(hall: TownHall) -> None:
    subject = registered(hall, phone="", care="dialysis")
    desk = hall.desk(at="河井小学校")
    person = typed(birth="S230503", sex=2, phone="076-822-1111", care_codes=("wheelchair",), share=True)
    assert desk.amending.differences(subject, person) == []
    done = desk.amending.recognise(subject, person)
    assert done.warnings == (ADDED,)
    view = desk.person(subject)
    assert (view.here, view.phone, view.sex) == (True, "076-822-1111", 2)
    assert set(view.care_codes) == {"dialysis", "wheelchair"}
    (consent,) = desk.consents(subject)
    assert consent.all_local_governments


def test_nothing_is_written_twice_where_all_was_known(hall: TownHall) -> None:
    subject = registered(hall, phone="0768-22-0001", care="dialysis")
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    hall.made.time.later(minutes=1)
    person = typed(birth="19480503", phone="0768220001", address="輪島市", care_codes=("dialysis",))
    done = desk.amending.recognise(subject, person)
    assert (done.records, done.warnings) == (1, ())
    assert [len(hall.heads(subject, facet)) for facet in (IDENTITY, CONTACT, RESIDENCE, CARE, STAY)] == [1] * 5


def test_what_differs_is_told_field_by_field_with_the_likelier_word(hall: TownHall) -> None:
    subject = registered(hall, phone="0768-22-0001")
    desk = hall.desk(at="河井小学校")
    person = typed(birth="19480530", phone="090-1111-2222")
    assert desk.amending.differences(subject, person) == [
        Difference("identity", "birth", "1948-05-03", "1948-05-30", typed_likelier=False),
        Difference("contact", "phone", "0768-22-0001", "090-1111-2222", typed_likelier=True),
    ]


def test_each_field_that_differs_holds_as_the_clerk_says(hall: TownHall) -> None:
    subject = registered(hall, phone="0768-22-0001")
    view = recognised(hall, subject, typed(birth="19480530", phone="090-1111-2222"), "phone")
    assert (view.birth, view.phone) == ("1948-05-03", "090-1111-2222")
    view = recognised(hall, subject, typed(birth="19480530", phone="0768-22-0001"), "birth")
    assert (view.birth, view.phone) == ("1948-05-30", "090-1111-2222")


def test_more_of_the_same_needs_no_question(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = desk.register(NewPerson(family_name="森", birth="1948", address="輪島市")).subjects[0]
    view = recognised(hall, subject, NewPerson(family_name="森", birth="19480503", address="輪島市河井町1-2"))
    assert (view.birth, view.address) == ("1948-05-03", "輪島市河井町1-2")
    view = recognised(hall, subject, NewPerson(family_name="森", birth="1948", address="河井町"))
    assert (view.birth, view.address) == ("1948-05-03", "輪島市河井町1-2")


@pytest.mark.parametrize(
    ("held", "said"), [("河井町1-2", "河井町1-20"), ("河井町1", "河井町1-2"), ("河井町", "鳳至町")]
)
def test_another_house_is_another_address(hall: TownHall, held: str, said: str) -> None:
    desk = hall.desk(at="河井小学校")
    subject = desk.register(NewPerson(family_name="森", address=held)).subjects[0]
    (difference,) = desk.amending.differences(subject, NewPerson(family_name="森", address=said))
    assert (difference.field, difference.held, difference.typed) == ("address", held, said)


def test_an_address_that_names_no_town_stays_in_the_town_it_was_in(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = desk.register(NewPerson(family_name="森", address="金沢市弥生1-1")).subjects[0]
    assert desk.person(subject).municipality == KANAZAWA
    assert recognised(hall, subject, NewPerson(family_name="森", address="弥生2-3"), "address").municipality == KANAZAWA
    moved = recognised(hall, subject, NewPerson(family_name="森", address="輪島市河井町1"), "address")
    assert moved.municipality == WAJIMA


def test_a_household_is_kept_unless_the_clerk_says_otherwise(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    first = desk.person(desk.register(NewPerson(family_name="森", given_name="一")).subjects[0])
    other = desk.person(desk.register(NewPerson(family_name="森", given_name="花")).subjects[0])
    person = NewPerson(family_name="森", given_name="花", household=first.household)
    assert [each.field for each in desk.amending.differences(other.subject, person)] == ["household"]
    assert recognised(hall, other.subject, person).household == other.household
    assert recognised(hall, other.subject, person, "household").household == first.household


def test_all_of_it_is_undone_at_once(hall: TownHall) -> None:
    subject = registered(hall, phone="0768-22-0001")
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.leave([subject], Whereto(outside=1))
    person = typed(phone="090-1111-2222", care_codes=("wheelchair",), share=True)
    done = desk.amending.recognise(subject, person, seen=desk.amending.differences(subject, person), instead={"phone"})
    assert desk.person(subject).here
    desk.undo(done.undo)
    view = desk.person(subject)
    assert (view.here, view.phone) == (False, "0768-22-0001")
    assert all(each.withdrawn_at_ms for each in desk.consents(subject))


def test_a_consent_in_force_is_not_written_again(hall: TownHall) -> None:
    subject = registered(hall)
    recognised(hall, subject, typed(share=True))
    recognised(hall, subject, typed(share=True))
    assert len(hall.heads(subject, CONSENT)) == 1


def test_a_no_takes_nothing_back_and_says_so(hall: TownHall) -> None:
    subject = registered(hall)
    desk = hall.desk(at="河井小学校")
    assert desk.amending.recognise(subject, typed(share=False)).warnings == ()
    recognised(hall, subject, typed(share=True))
    assert desk.amending.recognise(subject, typed(share=False)).warnings == (CONSENT_STANDS,)
    assert desk.consents(subject)[0].withdrawn_at_ms is None


def test_whose_age_nobody_knows_is_told_as_at_registration(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = desk.register(NewPerson(family_name="森", given_name="一")).subjects[0]
    done = desk.amending.recognise(subject, NewPerson(family_name="森", given_name="一", share=True))
    assert AGE_UNKNOWN in done.warnings


def test_a_child_needs_a_guardian_also_where_only_the_record_tells_the_age(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    subject = desk.register(NewPerson(family_name="森", given_name="一", birth="20200101")).subjects[0]
    child = NewPerson(family_name="森", given_name="一", phone="0768-22-0001", share=True)
    with pytest.raises(ConsentNeedsGuardian):
        desk.amending.recognise(subject, child)
    assert hall.heads(subject, CONTACT) == []


def test_what_changed_since_it_was_shown_is_shown_again(hall: TownHall) -> None:
    subject = registered(hall, phone="0768-22-0001")
    desk = hall.desk(at="河井小学校")
    person = typed(phone="090-1111-2222")
    seen = desk.amending.differences(subject, person)
    recognised(hall, subject, typed(phone="080-0000-0000"), "phone")
    with pytest.raises(SettledMeanwhile):
        desk.amending.recognise(subject, person, seen=seen, instead={"phone"})
    (contact,) = hall.heads(subject, CONTACT)
    said = from_content(CONTACT, contact.content)
    assert isinstance(said, Contact)
    assert said.phone == "080-0000-0000"


def test_what_cannot_be_read_or_is_nobody_is_refused(hall: TownHall) -> None:
    subject = registered(hall)
    desk = hall.desk(at="河井小学校")
    with pytest.raises(BirthDateRefused):
        desk.amending.differences(subject, typed(birth="13月"))
    with pytest.raises(SubjectUnknown):
        desk.amending.recognise(b"nobody-of-that-1", YUMIKO)
    assert hall.heads(subject, IDENTITY) == []


def test_a_description_is_added_to_a_name(hall: TownHall) -> None:
    subject = registered(hall)
    recognised(hall, subject, typed(description="赤い服", found_where="港"))
    (identity,) = hall.heads(subject, IDENTITY)
    said = from_content(IDENTITY, identity.content)
    assert isinstance(said, Identity)
    assert (said.description, said.found_where, said.family_name) == ("赤い服", "港", "大谷内")
