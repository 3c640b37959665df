"""Every act can be taken back, by who sees it is wrong, and no more is taken back than the act."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2
from node.desk.desk import Desk
from node.desk.undoing import UNDO_WITHIN_MS
from node.desk.views import Done, NewPerson, Whereto
from node.errors import ActOvertaken, ActUnknown, SubjectUnknown
from tests.builders.nodes import Federation, federation
from tests.builders.townhall import TownHall
from tests.builders.trust import KANAZAWA, WAJIMA

HOME = 1
PRESENT, OUT = int(facets_pb2.STAY_STATE_PRESENT), int(facets_pb2.STAY_STATE_OUT)


# --- arrivals


def test_a_check_in_taken_back_leaves_the_resident_nobody_has_seen(hall: TownHall) -> None:
    family = [hall.resident(given=given, household="h-undo") for given in ("正一", "和子")]
    desk = hall.desk(at="河井小学校")
    done = desk.check_in(family)
    assert desk.undo(done.undo).subjects == tuple(family)
    assert desk.roster() == []
    assert [desk.person(one).resident_only for one in family] == [True, True]
    desk.check_in(family)
    assert len(desk.roster()) == 2


def test_a_registration_taken_back_leaves_nobody(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    done = desk.register(NewPerson(family_name="鵜飼野", share=True, protect=True))
    desk.undo(done.undo)
    assert desk.find("鵜飼野") == []
    with pytest.raises(SubjectUnknown):
        desk.person(done.subjects[0])


def test_a_second_check_in_taken_back_leaves_the_first(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    confirmed = desk.person(subject).confirmed_at_ms
    hall.made.time.later(minutes=9)
    desk.undo(desk.check_in([subject]).undo)
    assert desk.person(subject).confirmed_at_ms == confirmed
    assert desk.person(subject).here


def test_a_stay_beside_another_is_ended_where_it_began(hall: TownHall) -> None:
    subject = hall.resident()
    school, gym = hall.desk(at="河井小学校"), hall.desk(at="体育館")
    school.check_in([subject])
    hall.made.time.later(minutes=1)
    gym.undo(gym.check_in([subject]).undo)
    assert gym.roster() == []
    assert [one.subject for one in school.roster()] == [subject]


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (lambda desk, who: desk.out([who]), PRESENT),
        (lambda desk, who: desk.leave([who], Whereto(outside=HOME)), PRESENT),
        (lambda desk, who: desk.leave([who], Whereto(municipality=KANAZAWA)), PRESENT),
    ],
)
def test_who_went_is_here_again(hall: TownHall, act: object, state: int) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    done: Done = act(desk, subject)  # type: ignore[operator]
    desk.undo(done.undo)
    assert desk.person(subject).stay_state == state
    assert desk.person(subject).here


def test_who_came_back_is_out_again(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.out([subject])
    desk.undo(desk.back([subject]).undo)
    assert desk.person(subject).stay_state == OUT


def test_a_roll_call_taken_back_was_not_made(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    before = desk.person(subject).confirmed_at_ms
    hall.made.time.later(minutes=9)
    desk.undo(desk.seen([subject]).undo)
    assert desk.person(subject).confirmed_at_ms == before


# --- consent, protection, the end of a case


def test_a_first_consent_taken_back_is_in_force_no_more(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    desk.undo(desk.give_consent(subject, all_local_governments=True).undo)
    assert [one.withdrawn_at_ms is None for one in desk.consents(subject)] == [False]


def test_of_two_consents_only_the_one_given_by_mistake_goes(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    desk.give_consent(subject, organisations=[KANAZAWA])
    desk.undo(desk.give_consent(subject, all_local_governments=True).undo)
    assert [one.organisations for one in desk.consents(subject) if one.withdrawn_at_ms is None] == [(KANAZAWA,)]


def test_a_first_protection_taken_back_protects_no_more(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    desk.undo(desk.protect(subject).undo)
    assert not desk.person(subject).protected


def test_a_protection_set_anew_taken_back_is_as_it_was_before(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    desk.protect(subject, ground="abuse")
    desk.undo(desk.protect(subject, ground="stalking").undo)
    assert desk.person(subject).protected
    assert "abuse" in {one.text for one in desk.details(subject) if one.facet == "protection"}


@pytest.mark.parametrize("before", [None, "moved"])
def test_the_end_of_a_case_taken_back_is_as_it_was_before(hall: TownHall, before: str | None) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    if before:
        desk.close_case(subject, before)
    desk.undo(desk.close_case(subject, "returned").undo)
    assert desk.person(subject).closed == (before or "")


# --- what can not be taken back


def test_an_act_is_taken_back_once(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    done = desk.check_in([hall.resident()])
    desk.undo(done.undo)
    before = hall.seq()
    with pytest.raises(ActUnknown):
        desk.undo(done.undo)
    with pytest.raises(ActUnknown):
        desk.undo(b"")
    assert hall.seq() == before


@pytest.mark.parametrize(
    "later",
    [
        lambda desk, who: desk.out([who]),
        lambda desk, who: desk.check_in([who]),
        lambda desk, who: desk.leave([who], Whereto()),
        lambda desk, who: desk.check_in([who], outside=2),
    ],
)
def test_an_arrival_on_which_something_rests_is_not_taken_back(hall: TownHall, later: object) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    done = desk.check_in([subject])
    hall.made.time.later(minutes=1)
    later(desk, subject)  # type: ignore[operator]
    before = hall.seq()
    with pytest.raises(ActOvertaken):
        desk.undo(done.undo)
    assert hall.seq() == before
    assert desk.person(subject).name


def test_acts_are_taken_back_one_after_the_other_newest_first(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk("lone", at="河井小学校")
    desk.check_in([subject])
    desk.give_consent(subject, all_local_governments=True)
    desk.out([subject])
    assert [act.act for act in desk.last_acts()] == ["out", "consent", "check-in"]
    for act in desk.last_acts():
        desk.undo(act.token)
    assert desk.last_acts() == []
    assert desk.person(subject).resident_only
    assert [one.withdrawn_at_ms is None for one in desk.consents(subject)] == [False]


def test_an_act_says_whether_it_stands(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk("stander", at="河井小学校")
    desk.check_in([subject])
    desk.give_consent(subject, all_local_governments=True)
    assert [(act.act, act.stands) for act in desk.last_acts()] == [("consent", True), ("check-in", True)]
    desk.withdraw_consent(subject, desk.consents(subject)[0].slot)
    standing = {act.act: act.stands for act in desk.last_acts()}
    assert not standing["consent"]
    for act in desk.last_acts():
        if not act.stands:
            with pytest.raises(ActOvertaken):
                desk.undo(act.token)
    desk.out([subject])
    assert [act.stands for act in desk.last_acts() if act.act in ("out", "check-in")] == [True, False]
    desk.undo(desk.last_acts()[0].token)
    assert [act.stands for act in desk.last_acts() if act.act == "check-in"] == [True]


def test_the_list_holds_ones_own_acts_of_a_day(hall: TownHall) -> None:
    mine, other = hall.desk("mine", at="河井小学校"), hall.desk("other", at="体育館")
    mine.check_in([hall.resident(), hall.resident()])
    other.check_in([hall.resident()])
    (act,) = mine.last_acts()
    assert (act.act, act.subjects, act.at_ms) == ("check-in", 2, mine.now_ms())
    hall.made.time.later(days=UNDO_WITHIN_MS / 86_400_000, minutes=1)
    assert mine.last_acts() == []


def test_that_something_was_taken_back_is_in_the_log(hall: TownHall) -> None:
    desk = hall.desk("mender", at="河井小学校")
    done = desk.check_in([hall.resident()])
    before, _ = hall.node.ledger.audit_head()
    desk.undo(done.undo)
    after, _ = hall.node.ledger.audit_head()
    entries = hall.log(after - before)
    assert any("'undo'" in entry and "mender" in entry for entry in entries)
    assert hall.node.ledger.verify_audit() == after


# --- across nodes


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        federated.add_field("kawai", WAJIMA)
        yield federated


def desks(made: Federation) -> tuple[bytes, Desk, Desk]:
    """A resident whom both the town hall and the shelter know, and the desks of both."""
    subject = TownHall(made).resident()
    made.meet(WAJIMA, "kawai")
    home, shelter = TownHall(made).desk("yakuba", at="役場"), made["kawai"].desk("tanaka")
    shelter.use_place(shelter.create_place("河井小学校"))
    return subject, home, shelter


def test_after_the_town_halls_mistake_the_shelter_can_check_them_in(made: Federation) -> None:
    subject, home, shelter = desks(made)
    home.undo(home.check_in([subject]).undo)
    made.meet(WAJIMA, "kawai")
    shelter.check_in([subject])
    assert shelter.person(subject).here
    assert made.meet(WAJIMA, "kawai")
    assert home.person(subject).place == shelter.place


@pytest.mark.parametrize("met_before", [True, False])
def test_a_check_in_without_network_outlives_the_town_halls_mistake(made: Federation, met_before: bool) -> None:
    subject, home, shelter = desks(made)
    done = home.check_in([subject])
    if met_before:
        made.meet(WAJIMA, "kawai")
    shelter.check_in([subject])
    home.undo(done.undo)
    assert made.meet(WAJIMA, "kawai")
    assert shelter.person(subject).here
    assert home.person(subject).place == shelter.place
    assert made["kawai"].ledger.counts().conflicts == 0


def test_two_mistakes_are_both_taken_back_where_they_went(made: Federation) -> None:
    subject, home, shelter = desks(made)
    for _ in range(2):
        done = home.check_in([subject])
        made.meet(WAJIMA, "kawai")
        assert not shelter.person(subject).resident_only
        home.undo(done.undo)
    assert made.meet(WAJIMA, "kawai")
    assert shelter.person(subject).resident_only


def test_who_gave_only_a_family_name_in_writing_is_listed_with_the_kana(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    desk.register(NewPerson(family_name="鵜飼野", family_kana="ウカイノ", given_kana="ハナ"))
    desk.register(NewPerson(family_name="鵜飼野", given_name="花", family_kana="ウカイノ", given_kana="ハナ"))
    assert [act.names for act in desk.last_acts()] == ["鵜飼野 花", "鵜飼野 (ウカイノ ハナ)"]
