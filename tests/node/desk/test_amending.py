"""What is typed of somebody known: added to what is held, or a correction of it; nothing is lost, all is undone."""

from dataclasses import replace
from pathlib import Path

import pytest

from node.desk.amending import ADDED
from node.desk.consents import AGE_UNKNOWN, CONSENT_STANDS
from node.desk.correcting import TYPED
from node.desk.differences import Difference
from node.desk.views import Done, NewPerson, PersonView, Whereto
from node.errors import (
    BirthDateRefused,
    ConsentNeedsGuardian,
    Contradicted,
    FieldRefused,
    KnownFromRegisterAlone,
    NothingToGoBy,
    SettledMeanwhile,
    SubjectUnknown,
)
from node.people.facets import Contact, Identity, from_content, to_content
from node.records.kinds import CARE, CONSENT, CONTACT, HOUSEHOLD, IDENTITY, RESIDENCE, STAY
from tests.builders.contradiction import contradiction
from tests.builders.nodes import federation
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


# --- corrections


def corrected(hall: TownHall, subject: bytes, **anew: object) -> Done:
    """What a clerk does who finds something wrong."""
    desk = hall.desk()
    before = desk.amending.held(subject)
    return desk.amending.correct(subject, before, replace(before, **anew))  # type: ignore[arg-type]


HANAKO = NewPerson(
    family_name="森",
    given_name="華子",
    family_kana="モリ",
    given_kana="ハナコ",
    birth="S230503",
    sex=2,
    address="河井町1-2",
    phone="0768-22-1111",
    care_codes=("dialysis", "wheelchair"),
    share=True,
)


@pytest.fixture
def hanako(hall: TownHall) -> bytes:
    return hall.desk().register(HANAKO).subjects[0]


def test_what_is_held_is_told_as_one_would_type_it_and_that_it_was_looked_at_is_logged(
    hall: TownHall, hanako: bytes
) -> None:
    held = hall.desk().amending.held(hanako)
    household = hall.desk().person(hanako).household
    expected = replace(HANAKO, birth="1948-05-03", municipality=WAJIMA, household=household, share=None)
    assert held == expected
    (entry,) = hall.log()
    assert ("'read'" in entry, "'correction'" in entry, hanako.hex() in entry or repr(hanako) in entry) == (True,) * 3


@pytest.mark.parametrize(
    ("anew", "facet"),
    [
        ({"given_name": "花子"}, IDENTITY),
        ({"given_kana": "hana"}, IDENTITY),
        ({"birth": "19480530"}, IDENTITY),
        ({"sex": 1}, IDENTITY),
        ({"address": "鳳至町3"}, RESIDENCE),
        ({"postcode": "9280001"}, RESIDENCE),
        ({"phone": ""}, CONTACT),
        ({"care_codes": ("dialysis",)}, CARE),
        ({"household": b"another-househol"}, HOUSEHOLD),
    ],
)
def test_only_what_was_corrected_is_written(hall: TownHall, hanako: bytes, anew: dict[str, object], facet: int) -> None:
    before = {each: hall.heads(hanako, each)[0].id for each in TYPED}
    held = hall.desk().amending.held(hanako)
    assert corrected(hall, hanako, **anew).records == 1
    after = {each: hall.heads(hanako, each)[0].id for each in TYPED}
    assert [each for each in TYPED if before[each] != after[each]] == [facet]
    read = {"given_kana": "ハナ", "birth": "1948-05-30"}
    stands = {name: read.get(name, value) for name, value in anew.items()}
    assert hall.desk().amending.held(hanako) == replace(held, **stands)  # type: ignore[arg-type]


def test_nothing_is_written_where_nothing_was_corrected(hall: TownHall, hanako: bytes) -> None:
    seq = hall.seq()
    done = corrected(hall, hanako, birth="昭和23年5月3日", given_kana="はなこ", care_codes=("wheelchair", "dialysis"))
    assert (done.records, done.undo) == (0, b"")
    assert hall.seq() == seq


def test_a_correction_is_undone_and_listed_by_its_name(hall: TownHall, hanako: bytes) -> None:
    desk = hall.desk()
    held = desk.amending.held(hanako)
    done = corrected(hall, hanako, given_name="花子", phone="090-1111-2222", care_codes=())
    assert (done.records, desk.last_acts()[0].act) == (3, "correct")
    assert "'correct'" in hall.log()[0]
    desk.undo(done.undo)
    assert desk.amending.held(hanako) == held


def test_a_field_that_was_empty_is_filled_and_emptied_by_the_undo(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(description="赤い服", estimated_age=80)).subjects
    done = corrected(hall, subject, family_name="森", birth="S230503", phone="090-1111-2222", address="金沢市弥生1-1")
    view = desk.person(subject)
    assert (view.name, view.birth, view.phone, view.municipality) == ("森", "1948-05-03", "090-1111-2222", KANAZAWA)
    assert view.description == "赤い服"
    desk.undo(done.undo)
    view = desk.person(subject)
    assert (view.name, view.birth, view.phone, view.address) == ("赤い服", "~80", "", "")


def test_a_phone_taken_away_is_gone_also_where_the_register_has_one(hall: TownHall) -> None:
    subject = registered(hall, phone="0768-22-0001", care="dialysis")
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    corrected(hall, subject, phone="", care_codes=())
    view = desk.person(subject)
    assert (view.phone, view.care_codes) == ("", ())
    assert subject not in [each.subject for each in desk.find("0768220001")]


def test_an_age_that_is_not_corrected_was_guessed_when_it_was(hall: TownHall) -> None:
    (subject,) = hall.desk().register(NewPerson(description="赤い服", estimated_age=80)).subjects
    hall.made.time.later(minutes=60 * 24 * 3)
    guessed = identity(hall, subject).birth
    corrected(hall, subject, description="赤い服、白い杖")
    assert identity(hall, subject).birth == guessed
    corrected(hall, subject, estimated_age=75)
    birth = identity(hall, subject).birth
    assert birth is not None
    assert guessed is not None
    assert (birth.estimated_age, birth.estimated_on > guessed.estimated_on) == (75, True)


def identity(hall: TownHall, subject: bytes) -> Identity:
    (head,) = hall.heads(subject, IDENTITY)
    said = from_content(IDENTITY, head.content)
    assert isinstance(said, Identity)
    return said


def test_what_the_form_does_not_know_stays_also_of_a_newer_version(hall: TownHall, hanako: bytes) -> None:
    newer = b"\xfa\x3f\x03new"  # field 1023
    said = Identity(family_name="森", given_name="華子", former_name="岡", alias="はな")
    with hall.node.pen.sheet(operator="tanaka", act="write") as sheet:
        sheet.put_anew(hanako, IDENTITY, to_content(said) + newer)
        sheet.put(hanako, CONTACT, Contact(phone="1", email="mori@example.jp", other_phone="2"))
    corrected(hall, hanako, given_name="花子", phone="0768-22-1111")
    assert identity(hall, hanako) == said.model_copy(update={"given_name": "花子"})
    assert newer in hall.heads(hanako, IDENTITY)[0].content
    contact = from_content(CONTACT, hall.heads(hanako, CONTACT)[0].content)
    assert contact == Contact(phone="0768-22-1111", email="mori@example.jp", other_phone="2")


def test_what_another_desk_wrote_since_is_looked_at_first(hall: TownHall, hanako: bytes) -> None:
    amending = hall.desk().amending
    before = amending.held(hanako)
    corrected(hall, hanako, birth="19480530")
    seq = hall.seq()
    with pytest.raises(SettledMeanwhile):
        amending.correct(hanako, before, replace(before, given_name="花子", phone=""))
    assert hall.seq() == seq
    assert amending.correct(hanako, before, replace(before, phone="")).records == 1


def test_what_contradicts_itself_is_settled_first_and_the_rest_is_corrected(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        desk, subject = contradiction(made)
        before = desk.amending.held(subject)
        with pytest.raises(Contradicted) as refused:
            desk.amending.correct(subject, before, replace(before, given_name="花"))
        assert refused.value.details == {"facet": "identity"}
        assert desk.amending.correct(subject, before, replace(before, phone="090-1111-2222")).records == 1
        (seen,) = desk.settling.of(subject)
        desk.settling.choose(seen, seen.versions[0].record)
        before = desk.amending.held(subject)
        assert desk.amending.correct(subject, before, replace(before, given_name="花")).records == 1
        assert desk.person(subject).given_name == "花"


def test_whom_only_the_register_knows_is_checked_in_first(hall: TownHall) -> None:
    subject = registered(hall)
    desk = hall.desk(at="河井小学校")
    for act in (
        lambda: desk.amending.held(subject),
        lambda: desk.amending.correct(subject, YUMIKO, replace(YUMIKO, phone="1")),
    ):
        with pytest.raises(KnownFromRegisterAlone):
            act()
    desk.check_in([subject])
    assert corrected(hall, subject, phone="090-1111-2222").records == 1


def test_somebody_without_a_name_or_description_is_refused(hall: TownHall, hanako: bytes) -> None:
    nobody = {"family_name": "", "given_name": " ", "family_kana": "", "given_kana": ""}
    with pytest.raises(NothingToGoBy):
        corrected(hall, hanako, **nobody)
    assert corrected(hall, hanako, **nobody, description="赤い服").records == 1
    assert hall.desk().person(hanako).name == "赤い服"


def test_what_does_not_fit_is_refused_with_the_name_of_its_field(hall: TownHall, hanako: bytes) -> None:
    with pytest.raises(BirthDateRefused):
        corrected(hall, hanako, birth="13月")
    with pytest.raises(FieldRefused) as refused:
        corrected(hall, hanako, phone="\x1b[31m")
    assert refused.value.details["field"] == "phone"
    with pytest.raises(SubjectUnknown):
        hall.desk().amending.held(b"nobody-of-that-1")


def test_the_town_goes_with_an_address_that_names_one_and_so_does_the_postcode(hall: TownHall, hanako: bytes) -> None:
    corrected(hall, hanako, postcode="9280001")
    desk = hall.desk()
    corrected(hall, hanako, address="鳳至町3")
    assert (desk.person(hanako).municipality, desk.amending.held(hanako).postcode) == (WAJIMA, "9280001")
    corrected(hall, hanako, address="金沢市弥生1-1")
    assert (desk.person(hanako).municipality, desk.amending.held(hanako).postcode) == (KANAZAWA, "")
    corrected(hall, hanako, address="弥生2-3")
    assert desk.person(hanako).municipality == KANAZAWA
    corrected(hall, hanako, address="")
    assert (desk.person(hanako).municipality, desk.person(hanako).address) == (KANAZAWA, "")


def test_a_household_is_left_for_one_of_their_own(hall: TownHall, hanako: bytes) -> None:
    household = hall.desk().person(hanako).household
    corrected(hall, hanako, household=b"")
    assert hall.desk().person(hanako).household not in (b"", household)


def test_a_consent_stays_as_it_was_given(hall: TownHall, hanako: bytes) -> None:
    before = hall.heads(hanako, CONSENT)
    corrected(hall, hanako, birth="20200101")
    assert hall.heads(hanako, CONSENT) == before


def test_what_another_town_said_becomes_our_word_and_its_own_stays_in_the_history(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        (subject,) = made[KANAZAWA].desk("sato").register(HANAKO, arrive=False).subjects
        assert made.meet(KANAZAWA, WAJIMA)
        desk = made[WAJIMA].desk("tanaka")
        before = desk.amending.held(subject)
        assert before.given_name == "華子"
        desk.amending.correct(subject, before, replace(before, given_name="花子"))
        said = [
            (each.organisation, dict(each.fields)["given_name"], each.is_over)
            for each in desk.histories.statements(subject)
            if each.facet == "identity"
        ]
        assert said == [(WAJIMA, "花子", False), (KANAZAWA, "華子", True)]
        assert made.meet(KANAZAWA, WAJIMA)
        assert made[KANAZAWA].desk("sato").person(subject).given_name == "花子"
