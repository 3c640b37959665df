"""Two entries that may be one person: found by themselves, shown with their reasons, linked and never joined."""

from dataclasses import replace

import pytest

from moyai.v1 import facets_pb2
from node.desk.desk import Desk
from node.desk.duplicates import COMPARED_AT_ONCE, FEW, LATER
from node.desk.resemblance import PairView
from node.desk.views import NewPerson
from node.errors import PairOfOne, SubjectUnknown
from node.records.kinds import LINK
from tests.builders.townhall import TownHall

HIROSHI = NewPerson(
    family_name="鵜飼",
    given_name="博",
    family_kana="ウカイ",
    given_kana="ヒロシ",
    birth="19480503",
    sex=1,
    address="輪島市河井町15部13番地",
    phone="0768-22-1111",
)
SWAPPED = replace(HIROSHI, birth="19480305", address="金沢市広坂1-1", phone="")
TWIN = replace(HIROSHI, given_name="実", given_kana="ミノル")
CHILD = replace(HIROSHI, birth="19751120")


@pytest.fixture
def two(hall: TownHall) -> tuple[bytes, bytes]:
    """The same man, written down twice at one shelter."""
    desk = hall.desk("first", at="河井小学校")
    found = [desk.register(each).subjects[0] for each in (HIROSHI, SWAPPED)]
    return found[0], found[1]


@pytest.fixture(autouse=True)
def alone(hall: TownHall) -> object:
    """What one test has registered is not there for the next."""
    yield
    desk = hall.desk("cleaner")
    for name in ("鵜飼", "山岸"):
        while found := desk.find(name, limit=100):
            for person in found:
                desk.erase(person.subject)
    while not hall.node.alike.work_ahead(100):
        pass


def pairs(desk: Desk) -> list[set[bytes]]:
    return [{pair.first.subject, pair.second.subject} for pair in desk.duplicates.waiting()]


def pair(desk: Desk) -> PairView:
    (only,) = desk.duplicates.waiting()
    return only


# --- finding


def test_who_is_written_down_twice_waits_as_a_pair_and_is_counted(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk()
    assert pairs(desk) == [set(two)]
    assert desk.standing().duplicates == 1
    assert desk.standing().duplicates == len(pairs(desk))


def test_the_count_is_true_without_anybody_having_looked(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    assert desk.standing().duplicates == 0
    desk.register(HIROSHI)
    assert desk.standing().duplicates == 0
    desk.register(SWAPPED)
    assert desk.standing().duplicates == 1


def test_a_few_are_compared_before_the_count_is_told_and_many_are_left_to_the_node(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    for number in range(FEW):
        desk.register(NewPerson(family_name="鵜飼", given_name=f"博{number}", birth=f"{1930 + 2 * number}0503"))
    assert desk.standing().duplicates == 0
    assert not hall.node.alike.worked().whole
    while not hall.node.alike.work_ahead(COMPARED_AT_ONCE):
        pass
    desk.register(HIROSHI)
    desk.standing()
    assert hall.node.alike.worked().whole


def test_twins_and_a_child_of_the_same_name_are_no_pairs(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    for each in (HIROSHI, TWIN, CHILD):
        desk.register(each)
    assert pairs(desk) == []


def test_a_resident_registered_by_hand_waits_beside_their_row_of_the_register(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    (subject,) = desk.register(
        NewPerson(family_name="山岸", given_name="正一", birth="19480503", address="輪島市河井町15部13番地")
    ).subjects
    assert pairs(desk) == []
    resident = hall.resident()
    while not hall.node.alike.work_ahead(COMPARED_AT_ONCE):
        pass
    assert pairs(desk) == [{subject, resident}]


def test_residents_nobody_has_seen_are_not_compared_with_each_other(hall: TownHall) -> None:
    hall.resident()
    hall.resident()
    assert pairs(hall.desk()) == []


def test_who_is_erased_is_in_no_pair(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk()
    assert desk.standing().duplicates == 1
    desk.erase(two[1])
    assert desk.standing().duplicates == 0
    assert pairs(desk) == []


def test_what_is_corrected_so_that_it_fits_no_more_is_no_pair(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk()
    assert pairs(desk) == [set(two)]
    acts = [act for act in hall.desk("first").last_acts() if act.act == "register"]
    hall.desk("first").undo(acts[0].token)
    assert pairs(desk) == []


def test_the_work_goes_on_in_bounded_steps(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    for number in range(COMPARED_AT_ONCE + 5):
        desk.register(NewPerson(family_name="鵜飼", given_name=f"博{number}", birth=f"{1930 + number}0503"))
    assert not hall.node.alike.worked().whole
    assert not hall.node.alike.work_ahead(3)
    while not hall.node.alike.work_ahead(COMPARED_AT_ONCE):
        pass
    assert hall.node.alike.worked().whole


# --- explaining


def test_a_pair_is_explained_field_by_field(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    shown = hall.desk().duplicates.pair(*two)
    assert {each.field: each.level for each in shown.compared.agreements} == {
        "family": "exact",
        "given": "exact",
        "birth": "swapped",
        "sex": "exact",
        "address": "other",
    }
    assert shown.compared.score == pytest.approx(sum(each.weight for each in shown.compared.agreements))
    assert (shown.said, shown.by) == ("", "")


def test_looking_at_a_pair_is_logged_for_both(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    hall.desk().duplicates.pair(*two)
    entries = hall.log(2)
    assert all("'duplicates'" in entry and "'read'" in entry for entry in entries)
    assert {subject for subject in two if any(repr(subject) in entry for entry in entries)} == set(two)


# --- saying


@pytest.mark.parametrize("act", ["same", "not_same"])
def test_what_is_decided_waits_no_more_and_is_listed_as_decided(
    hall: TownHall, two: tuple[bytes, bytes], act: str
) -> None:
    desk = hall.desk()
    done = getattr(desk.duplicates, act)(*two, reason="本人に確認")
    assert set(done.subjects) == set(two)
    assert pairs(desk) == []
    assert desk.standing().duplicates == 0
    (decided,) = desk.duplicates.decided()
    assert (decided.said, decided.by, decided.reason) == (act, "tanaka", "本人に確認")


def test_what_is_said_is_a_record_about_each_of_the_two(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    hall.desk().duplicates.same(*two)
    said = [facets_pb2.Link.FromString(hall.heads(subject, LINK)[0].content) for subject in two]
    assert [link.other for link in said] == [two[1], two[0]]
    assert {link.relation for link in said} == {facets_pb2.Link.RELATION_SAME}
    assert len({hall.heads(subject, LINK)[0].slot for subject in two}) == 1


def test_later_goes_on_waiting_behind_the_others(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk(at="河井小学校")
    desk.duplicates.later(*two)
    assert (pair(desk).said, pair(desk).by) == (LATER, "tanaka")
    assert desk.standing().duplicates == 1
    other = replace(HIROSHI, given_name="和子", given_kana="カズコ", sex=2, birth="19511120")
    third, fourth = (desk.register(each).subjects[0] for each in (other, replace(other, birth="195111")))
    assert pairs(desk) == [{third, fourth}, set(two)]


@pytest.mark.parametrize("act", ["same", "not_same"])
def test_an_act_is_undone_and_the_pair_waits_again(hall: TownHall, two: tuple[bytes, bytes], act: str) -> None:
    desk = hall.desk()
    done = getattr(desk.duplicates, act)(*two)
    desk.undo(done.undo)
    assert pairs(desk) == [set(two)]
    assert desk.duplicates.decided() == []
    assert desk.standing().duplicates == 1


def test_later_is_undone_as_well(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk()
    desk.undo(desk.duplicates.later(*two).undo)
    assert pair(desk).said == "undone"


def test_an_undo_leaves_what_was_said_before(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk()
    desk.duplicates.same(*two)
    desk.undo(desk.duplicates.not_same(*two).undo)
    assert [decided.said for decided in desk.duplicates.decided()] == ["same"]


def test_whenever_it_was_said_a_link_can_be_taken_away(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk, later = hall.desk(), hall.desk("suzuki")
    desk.duplicates.same(*two)
    hall.made.time.later(days=3)
    later.duplicates.unlink(*two, reason="別人と分かった")
    assert later.duplicates.decided() == []
    assert pair(later).reason == "別人と分かった"


def test_a_pair_takes_two_people_who_are_known(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    before = hall.seq()
    with pytest.raises(PairOfOne):
        hall.desk().duplicates.same(two[0], two[0])
    with pytest.raises(SubjectUnknown):
        hall.desk().duplicates.same(two[0], bytes(16))
    assert hall.seq() == before


# --- shown as one


def test_a_linked_person_is_found_once_and_counted_once(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk("first")
    place = desk.person(two[0]).place
    desk.use_place(place)
    assert len(desk.find("鵜飼")) == len(desk.roster()) == desk.standing().here_now == 2
    done = desk.duplicates.same(*two)
    assert len(desk.find("鵜飼")) == len(desk.roster()) == desk.standing().here_now == 1
    (site,) = [site for site in desk.places() if site.subject == place]
    assert site.present == 1
    desk.undo(done.undo)
    assert len(desk.find("鵜飼")) == len(desk.roster()) == desk.standing().here_now == 2


def test_of_linked_entries_the_one_who_is_here_is_shown(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    resident = hall.resident()
    (here,) = desk.register(NewPerson(family_name="山岸", given_name="正一", birth="19480503")).subjects
    desk.duplicates.same(resident, here)
    assert [one.subject for one in desk.find("山岸 正一")] == [here]


def test_not_the_same_stay_two(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    desk = hall.desk()
    desk.duplicates.not_same(*two)
    assert len(desk.find("鵜飼")) == 2


# --- before saving


def test_before_saving_whoever_is_alike_is_shown_with_the_reasons(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    found = hall.desk().similar(replace(HIROSHI, phone=""))
    assert [one.subject for one in found] == list(two)
    assert found[0].compared.is_likely
    assert found[0].compared.level("birth") == "exact"
    assert found[1].compared.level("birth") == "swapped"


def test_before_saving_a_twin_is_not_taken_for_the_brother(hall: TownHall, two: tuple[bytes, bytes]) -> None:
    assert not any(one.compared.is_possible for one in hall.desk().similar(TWIN))


def test_the_roster_and_the_person_say_how_many_entries_they_are_shown_for(hall: TownHall) -> None:
    desk = hall.desk("first", at="河井小学校")
    one, other = (desk.register(each).subjects[0] for each in (HIROSHI, SWAPPED))
    assert [shown.entries for shown in desk.roster()] == [1, 1]
    desk.duplicates.same(one, other)
    assert [shown.entries for shown in desk.roster()] == [2]
    assert (desk.person(one).entries, desk.person(other).entries) == (2, 2)
    desk.duplicates.unlink(one, other)
    assert [shown.entries for shown in desk.roster()] == [1, 1]


def test_of_linked_entries_the_search_shows_the_one_most_is_known_of_and_how_many_they_are(hall: TownHall) -> None:
    desk = hall.desk("first", at="河井小学校")
    poor = desk.register(NewPerson(family_name="鵜飼", given_name="ひろし"), arrive=False).subjects[0]
    full = desk.register(HIROSHI, arrive=False).subjects[0]
    desk.duplicates.same(poor, full)
    assert [(one.subject, one.entries) for one in desk.find("鵜飼")] == [(full, 2)]
    assert [(one.subject, one.entries) for one in desk.find("ひろし")] == [(full, 2)]
