"""The lists of a place, and the line that is always visible."""

import pytest

from node.desk.looking import LISTS
from node.desk.views import NewPerson, Whereto
from node.errors import WordUnknown
from tests.builders.townhall import TownHall
from tests.builders.trust import KANAZAWA

HOME = 1


def names(hall_desk, which: str) -> set[bytes]:  # type: ignore[no-untyped-def]
    return {one.subject for one in hall_desk.roster(which=which)}


def test_each_list_holds_whom_its_word_says(hall: TownHall) -> None:
    desk, other = hall.desk(at="河井小学校"), hall.desk(at="体育館")
    here, out, gone, sent, coming = (hall.resident(given=str(n)) for n in range(5))
    needy = hall.resident(care="wheelchair")
    desk.check_in([here, out, gone, sent, needy])
    other.check_in([coming])
    hall.made.time.later(days=1, minutes=1)
    desk.seen([here, out, sent, needy])
    desk.out([out])
    desk.leave([gone], Whereto(outside=HOME))
    desk.leave([sent], Whereto(municipality=KANAZAWA))
    other.leave([coming], Whereto(place=desk.place))
    assert names(desk, "here") == {here, out, needy}
    assert names(desk, "out") == {out}
    assert names(desk, "care") == {needy}
    assert names(desk, "left") == {gone, sent}
    assert names(desk, "expected") == {coming}
    assert names(desk, "unconfirmed") == set()
    assert desk.standing().here_now == 3


def test_whom_nobody_has_seen_for_a_day_is_unconfirmed(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    missed, seen = hall.resident(), hall.resident()
    desk.check_in([missed, seen])
    hall.made.time.later(days=1, minutes=1)
    assert names(desk, "unconfirmed") == {missed, seen}
    desk.seen([seen])
    assert names(desk, "unconfirmed") == {missed}


def test_a_list_comes_in_pages(hall: TownHall) -> None:
    desk = hall.desk(at="河井小学校")
    everyone = {hall.resident(given=f"{n}") for n in range(5)}
    desk.check_in(sorted(everyone))
    pages = [{one.subject for one in desk.roster(limit=2, offset=start)} for start in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert set().union(*pages) == everyone


def test_a_list_of_no_such_name_is_refused(hall: TownHall) -> None:
    with pytest.raises(WordUnknown) as refused:
        hall.desk().roster(which="everyone")
    assert refused.value.details["expected"] == ", ".join(LISTS)


def test_of_another_place_and_of_all(hall: TownHall) -> None:
    desk, other = hall.desk(at="河井小学校"), hall.desk(at="体育館")
    first, second = hall.resident(), hall.resident()
    desk.check_in([first])
    other.check_in([second])
    assert {one.subject for one in desk.roster(place=other.place)} == {second}
    assert {first, second} <= {one.subject for one in desk.roster(place=b"", limit=1000)} - {b""}


def test_a_list_is_logged_with_its_length_and_no_names(hall: TownHall) -> None:
    desk = hall.desk("reader7", at="河井小学校")
    desk.check_in([hall.resident("海老名沢")])
    desk.roster()
    (entry,) = hall.log()
    assert "reader7" in entry
    assert "'roster'" in entry
    assert "count=1" in entry
    assert "海老名沢" not in entry


def test_the_line_says_who_where_and_what_waits(hall: TownHall) -> None:
    desk = hall.desk("tanaka", at="河井小学校")
    before = desk.standing()
    assert (before.place_name, before.operator, before.organisation_name) == ("河井小学校", "tanaka", "輪島市")
    assert (before.here_now, before.conflicts, before.quarantined) == (0, 0, 0)
    assert (before.last_contact_ms, before.offline_since_ms) == (None, None)
    desk.register(NewPerson(family_name="森"))
    assert desk.standing().here_now == 1


def test_the_number_to_watch_changes_with_every_act(hall: TownHall) -> None:
    desk, other = hall.desk(at="河井小学校"), hall.node.desk("other")
    before = other.changed()
    desk.register(NewPerson(family_name="森"))
    assert other.changed() != before


def test_another_operator_signs_what_they_do(hall: TownHall) -> None:
    desk = hall.desk("tanaka", at="河井小学校")
    desk.sign_in("suzuki", "")
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    assert {field.operator for field in desk.details(subject)} == {"suzuki"}
    assert desk.standing().operator == "suzuki"
