"""The roll call on a real desk: what Space writes is on the disk, and it goes on where it was left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from node.desk.desk import Desk
from node.desk.roll_calls import RollCall
from node.desk.views import Whereto
from node.errors import PlaceNotChosen
from tests.builders.nodes import Federation, federation
from tests.builders.screens import desk_app, page, press, said, settle, shown
from tests.builders.shelter import shelter
from tests.builders.trust import WAJIMA
from tests.tui.test_walk import walk
from tui.lines import Lines
from tui.rollcall.screen import RollCallScreen


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    """A gymnasium where the five of the register are."""
    found = shelter(made)
    found.check_in([person.subject for text in ("ヤマギシ", "オオヤチ") for person in found.find(text)])
    made.time.later(minutes=90)
    return found


def under_way(desk: Desk) -> RollCall:
    call = desk.roll_calls.under_way()
    assert call is not None
    return call


def test_nobody_is_seen_when_it_begins_and_those_seen_stay_seen(made: Federation, desk: Desk) -> None:
    assert desk.roll_calls.under_way() is None
    begun = desk.roll_calls.begin()
    assert (len(begun.people), begun.seen, begun.next_unseen) == (5, 0, 0)
    made.time.later(minutes=1)
    desk.roll_calls.seen(begun.people[0])
    after = under_way(desk)
    assert (after.seen, after.next_unseen, after.begun_ms) == (1, 1, begun.begun_ms)
    assert after.people[0].confirmed_by == "tanaka"


def test_households_stand_together_in_the_order_of_their_kana(desk: Desk) -> None:
    families = [person.family_name for person in desk.roll_calls.begin().people]
    assert families == ["大谷内", "山岸", "山岸", "山岸", "山岸"]


def test_another_clerk_goes_on_where_it_was_left(made: Federation, desk: Desk) -> None:
    desk.roll_calls.seen(desk.roll_calls.begin().people[0])
    other = made.nodes["kawai"].desk("sato", place=desk.place)
    assert under_way(other).next_unseen == 1


def test_who_was_out_is_back_when_seen(made: Federation, desk: Desk) -> None:
    begun = desk.roll_calls.begin()
    desk.out([begun.people[0].subject])
    made.time.later(minutes=1)
    desk.roll_calls.seen(under_way(desk).people[0])
    assert desk.person(begun.people[0].subject).stay_state == 1


def test_who_has_left_is_not_on_the_list_any_more(desk: Desk) -> None:
    begun = desk.roll_calls.begin()
    desk.leave([begun.people[0].subject], Whereto(outside=1))
    assert len(under_way(desk).people) == 4


async def test_space_goes_down_the_list_and_undo_goes_back(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1")
        assert "F5 で始めます" in shown(pilot)
        await press(pilot, "f5")
        made.time.later(minutes=1)
        await press(pilot, "space", "space")
        assert under_way(desk).seen == 2
        assert "確認 2 / 5人" in shown(pilot)
        await press(pilot, "f8", "enter")
        assert under_way(desk).seen == 1
        await press(pilot, "f2", "f10", "1", "space", "space", "space", "space")
        assert under_way(desk).seen == 5
        assert "全員を確認しました" in shown(pilot)


def marked(pilot: Pilot[int]) -> int | None:
    return page(pilot).query_one("#people", Lines).highlighted


async def test_who_was_passed_over_is_not_seen_by_the_next_space(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f5")
        made.time.later(minutes=1)
        await press(pilot, "down", "down", "space", *["space"] * 5)
        call = under_way(desk)
        assert [call.is_seen(each) for each in call.people] == [False, False, True, True, True]
        assert marked(pilot) == 4
        await press(pilot, "f6")
        assert "残り 2人" in shown(pilot)


async def test_the_mark_stays_with_whoever_was_looked_at_and_starts_again_where_it_was_left(
    made: Federation, desk: Desk
) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f5")
        made.time.later(minutes=1)
        await press(pilot, "space", "down", "down", "enter", "escape")
        assert marked(pilot) == 3
        await press(pilot, "f8", "escape")
        assert marked(pilot) == 3
        await press(pilot, "f6")
        assert marked(pilot) == 2
        await press(pilot, "f6")
        assert marked(pilot) == 3
        await press(pilot, "f2", "f10", "1")
        assert marked(pilot) == 1


async def test_who_left_leaves_the_mark_with_the_next(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f5", "down", "f7", "1")
        assert marked(pilot) == 1
        assert len(under_way(desk).people) == 4


@pytest.mark.parametrize(("language", "anew"), [("ja", "[F5]点呼をやり直す"), ("en", "[F5]New roll call")])
async def test_one_under_way_is_not_begun_anew_unasked(made: Federation, desk: Desk, language: str, anew: str) -> None:
    async with desk_app(desk, language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1")
        assert anew not in shown(pilot)
        await press(pilot, "f5")
        made.time.later(minutes=1)
        await press(pilot, "space", "space")
        assert anew in shown(pilot)
        await press(pilot, "f5", "enter")
        assert under_way(desk).seen == 2
        made.time.later(minutes=1)
        await press(pilot, "f5", "2")
        assert under_way(desk).seen == 0
        assert len(desk.last_acts()) > 1


async def test_only_the_unseen_are_shown_on_demand(made: Federation, desk: Desk) -> None:
    async with desk_app(desk, language="en").run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f5")
        made.time.later(minutes=1)
        await press(pilot, "space", "f6")
        assert shown(pilot).count("[x]") == 0
        assert shown(pilot).count("[ ]") == 4
        await press(pilot, "f6")
        assert shown(pilot).count("[x]") == 1


async def test_where_no_place_is_chosen_it_says_so(made: Federation) -> None:
    node = made.add_field("nowhere", WAJIMA)
    async with desk_app(node.desk("tanaka")).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "escape", "f10", "1")
        assert said(pilot)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_it_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    steps = [("f10",), ("f1",), ("escape", "1"), ("f5",), ("space",), ("f6",), ("f7",)]
    await walk(desk_app(desk, language=language), steps, over=[RollCallScreen])


def test_a_desk_that_stands_nowhere_yet_says_that_and_not_that_its_place_is_unknown(made: Federation) -> None:
    shelter(made)
    nowhere = made["kawai"].desk("tanaka", place=b"")
    for act in (nowhere.roll_calls.begin, nowhere.reports.same_again):
        with pytest.raises(PlaceNotChosen):
            act()
