"""Arriving and leaving: never refused for what is missing, and nothing half written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2
from node.desk.arrivals import OVER_CAPACITY
from node.desk.views import Whereto
from node.errors import FieldRefused, NoOpenStay, PlaceUnknown, SubjectUnknown
from node.people.facets import Care, Identity, Stay, from_content
from node.records.kinds import CARE, HOUSEHOLD, IDENTITY, STAY
from tests.builders.nodes import Federation, federation
from tests.builders.townhall import TownHall
from tests.builders.trust import KANAZAWA, WAJIMA

HOME = int(facets_pb2.OUTSIDE_HOME)
CAR = int(facets_pb2.OUTSIDE_CAR)
LEFT = int(facets_pb2.STAY_STATE_LEFT)
TRANSFERRED = int(facets_pb2.STAY_STATE_TRANSFERRED)
UNKNOWN = b"nobody-of-that-1"


def stays(hall: TownHall, subject: bytes) -> list[Stay]:
    """The stays that stand, newest first."""
    said = [from_content(STAY, record.content) for record in hall.heads(subject, STAY)]
    return [stay for stay in said if isinstance(stay, Stay)]


# --- check-in


def test_the_place_chosen_on_the_screens_is_stood_at_again(hall: TownHall) -> None:
    other = hall.desk()
    other.use_last_place()
    assert (other.place, other.standing().place_missing) == (b"", True)
    first = hall.desk(at="河井小学校")
    other.use_last_place()
    assert (other.place, other.standing().place_missing) == (first.place, False)


def test_a_check_in_copies_the_register_into_facets_that_may_travel(hall: TownHall) -> None:
    subject = hall.resident("大谷内", "由美子", phone="0768-22-0001", care="dialysis")
    desk = hall.desk(at="河井小学校")
    assert desk.person(subject).resident_only
    done = desk.check_in([subject])
    view = desk.person(subject)
    assert (view.name, view.birth, view.municipality) == ("大谷内 由美子", "1948-05-03", WAJIMA)
    assert (view.phone, view.care_codes, view.resident_only, view.here) == ("0768-22-0001", ("dialysis",), False, True)
    assert done.records == 6
    (identity,) = hall.heads(subject, IDENTITY)
    assert isinstance(from_content(IDENTITY, identity.content), Identity)
    (care,) = hall.heads(subject, CARE)
    assert from_content(CARE, care.content) == Care(codes=("dialysis",))


def test_a_second_check_in_confirms_and_adds_no_stay(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    since = desk.person(subject).since_ms
    hall.made.time.later(minutes=30)
    desk.sign_in("suzuki", "")
    assert desk.check_in([subject]).records == 1
    (stay,) = stays(hall, subject)
    assert (stay.since_ms, stay.confirmed_at_ms, stay.confirmed_by) == (since, desk.now_ms(), "suzuki")


def test_who_went_out_is_back_with_a_check_in(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.out([subject])
    desk.check_in([subject])
    assert [int(stay.state) for stay in stays(hall, subject)] == [int(facets_pb2.STAY_STATE_PRESENT)]


def test_stays_may_overlap(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.check_in([subject], outside=CAR)
    assert sorted((bool(stay.place), int(stay.outside)) for stay in stays(hall, subject)) == [(False, CAR), (True, 0)]
    assert subject in {one.subject for one in desk.roster()}


def test_one_named_twice_is_checked_in_once(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    assert desk.check_in([subject, subject]).subjects == (subject,)
    assert len(stays(hall, subject)) == 1


def test_a_full_shelter_is_said_and_never_refused(hall: TownHall) -> None:
    hall.places("施設名,住所,想定収容人数\n小さな公民館,輪島市町野町1,1\n")
    (place,) = hall.desk().places("小さな公民館")
    desk = hall.desk()
    desk.use_place(place.subject)
    assert desk.check_in([hall.resident()]).warnings == ()
    assert desk.check_in([hall.resident()]).warnings == (OVER_CAPACITY,)
    assert len(desk.roster()) == 2


@pytest.mark.parametrize("unknown", [UNKNOWN, b""])
def test_with_somebody_unknown_nobody_is_checked_in(hall: TownHall, unknown: bytes) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    before = hall.seq()
    with pytest.raises(SubjectUnknown):
        desk.check_in([subject, unknown])
    assert hall.seq() == before
    assert desk.person(subject).resident_only


def test_at_an_unknown_place_nobody_is_checked_in(hall: TownHall) -> None:
    subject, desk = hall.resident(), hall.desk()
    before = hall.seq()
    with pytest.raises(PlaceUnknown):
        desk.check_in([subject], place=UNKNOWN)
    assert hall.seq() == before


def test_an_act_about_nobody_writes_nothing_and_can_not_be_undone(hall: TownHall) -> None:
    desk = hall.desk("idle", at="河井小学校")
    before = hall.seq()
    assert desk.check_in([]).undo == b""
    assert hall.seq() == before
    assert desk.last_acts() == []


def test_without_a_place_chosen_people_are_checked_in_all_the_same(hall: TownHall) -> None:
    subject, desk = hall.resident(), hall.desk()
    desk.check_in([subject])
    (stay,) = stays(hall, subject)
    assert (stay.place, stay.municipality) == (b"", WAJIMA)


def test_a_household_has_one_id_on_two_nodes_that_have_not_met(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        town, shelter = TownHall(made), made.add_field("kawai", WAJIMA)
        first, second = town.resident(household="h1"), town.resident(given="和子", household="h1")
        made.meet(WAJIMA, "kawai")
        town.desk().check_in([first])
        shelter.desk("suzuki").check_in([second])
        households = {node.ledger.heads(who, HOUSEHOLD)[0].record.content[:18] for node, who in
                      ((made[WAJIMA], first), (shelter, second))}  # fmt: skip
        assert len(households) == 1
        made.meet(WAJIMA, "kawai")
        assert {one.subject for one in shelter.desk("x").household(first)} == {first, second}


# --- out, back, seen


def test_out_and_back_are_states_of_the_same_stay(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.out([subject])
    assert [one.subject for one in desk.roster(which="out")] == [subject]
    assert desk.standing().here_now == 1
    desk.back([subject])
    assert desk.roster(which="out") == []
    assert len(stays(hall, subject)) == 1


def test_seen_says_who_saw_them_and_when_and_leaves_the_state(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.out([subject])
    hall.made.time.later(minutes=5)
    desk.sign_in("suzuki", "")
    desk.seen([subject])
    view = desk.person(subject)
    assert (view.confirmed_by, view.confirmed_at_ms) == ("suzuki", desk.now_ms())
    assert view.stay_state == int(facets_pb2.STAY_STATE_OUT)


@pytest.mark.parametrize("act", ["out", "back", "seen"])
def test_without_an_open_stay_nothing_is_said(hall: TownHall, act: str) -> None:
    here, nowhere = hall.resident(), hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([here])
    before = hall.seq()
    with pytest.raises(NoOpenStay):
        getattr(desk, act)([here, nowhere])
    assert hall.seq() == before


def test_of_two_stays_the_one_at_the_desks_own_place_is_meant(hall: TownHall) -> None:
    subject = hall.resident()
    school, gym = hall.desk(at="河井小学校"), hall.desk(at="体育館")
    school.check_in([subject])
    hall.made.time.later(minutes=1)
    gym.check_in([subject])
    school.leave([subject], Whereto(outside=HOME))
    assert school.roster() == []
    assert [one.subject for one in gym.roster()] == [subject]


# --- leaving


@pytest.mark.parametrize(
    ("where", "state"),
    [
        (Whereto(), LEFT),
        (Whereto(outside=HOME), LEFT),
        (Whereto(municipality=WAJIMA), LEFT),
        (Whereto(municipality=KANAZAWA), TRANSFERRED),
    ],
)
def test_leaving_is_a_transfer_only_where_another_desk_expects_them(hall: TownHall, where: Whereto, state: int) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.leave([subject], where)
    (stay,) = stays(hall, subject)
    assert (int(stay.state), stay.until_ms) == (state, desk.now_ms())
    assert stay.destination is not None
    assert desk.roster() == []


def test_to_another_shelter_they_are_expected_there_until_seen(hall: TownHall) -> None:
    subject = hall.resident()
    desk, next_desk = hall.desk(at="河井小学校"), hall.desk(at="体育館")
    desk.check_in([subject])
    desk.leave([subject], Whereto(place=next_desk.place))
    (coming,) = next_desk.roster(which="expected")
    assert (coming.subject, coming.expected) == (subject, True)
    next_desk.check_in([subject])
    assert next_desk.roster(which="expected") == []
    assert [one.subject for one in next_desk.roster()] == [subject]


@pytest.mark.parametrize(("where", "told"), [(Whereto(outside=HOME), "1"), (Whereto(municipality=KANAZAWA), KANAZAWA)])
def test_where_somebody_went_is_one_thing_said(hall: TownHall, where: Whereto, told: str) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.leave([subject], where)
    assert [each.text for each in desk.details(subject) if each.field == "destination"] == [told]


def test_to_another_shelter_its_name_is_said(hall: TownHall) -> None:
    subject = hall.resident()
    desk, next_desk = hall.desk(at="河井小学校"), hall.desk(at="体育館")
    desk.check_in([subject])
    desk.leave([subject], Whereto(place=next_desk.place, municipality=WAJIMA))
    assert [each.text for each in desk.details(subject) if each.field == "destination"] == ["体育館"]
    statement = desk.histories.statements(subject)[0]
    assert dict(statement.fields)["destination"] == "体育館"


def test_who_has_left_can_not_leave_again(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.leave([subject], Whereto(outside=HOME))
    with pytest.raises(NoOpenStay):
        desk.leave([subject], Whereto(outside=HOME))


@pytest.mark.parametrize(
    ("where", "refusal"),
    [
        (Whereto(place=UNKNOWN), PlaceUnknown),
        (Whereto(municipality="999999"), FieldRefused),
        (Whereto(outside=HOME, text="a\x1b[2J"), FieldRefused),
    ],
)
def test_to_nowhere_that_can_be_written_nobody_leaves(hall: TownHall, where: Whereto, refusal: type[Exception]) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    before = hall.seq()
    with pytest.raises(refusal):
        desk.leave([subject], where)
    assert hall.seq() == before
    assert len(desk.roster()) == 1


def test_who_comes_back_after_leaving_has_a_new_stay(hall: TownHall) -> None:
    subject = hall.resident()
    desk = hall.desk(at="河井小学校")
    desk.check_in([subject])
    desk.leave([subject], Whereto(outside=HOME))
    hall.made.time.later(minutes=1)
    desk.check_in([subject])
    assert len(stays(hall, subject)) == 2
    assert desk.person(subject).here


def test_what_is_said_is_there_after_a_restart(made: Federation) -> None:
    town = TownHall(made)
    subject = town.resident()
    desk = town.desk(at="河井小学校")
    desk.check_in([subject])
    again = made.open(WAJIMA).desk("reader", place=desk.place)
    assert [one.subject for one in again.roster()] == [subject]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated
