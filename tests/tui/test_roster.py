"""Roster: the lists by one key, and what is done to those ticked."""

from dataclasses import replace

import pytest

from node.desk.views import Whereto
from tests.builders.desk import MINUTE_MS, NOON_MS, THERE, FakeDesk
from tests.builders.screens import SIZE, clipped, desk_app, page, press, said, settle, shown
from tui.dialogs.person import Person

HANA, MAKOTO = (number.to_bytes(16, "big") for number in (5, 6))


async def test_digits_choose_the_list_also_those_of_an_input_method() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "4", "５", "right")
        assert desk.acts("roster") == ["here", "care", "expected", "left"]


async def test_one_key_sends_out_and_brings_back() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "f5", "f5")
        assert desk.acts("out") == [(HANA,)]
        assert desk.acts("back") == [(HANA,)]


async def test_what_is_done_is_done_to_all_ticked() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "space", "space", "f6")
        assert desk.acts("seen") == [(HANA, MAKOTO)]
        assert "2人" in said(pilot)


async def test_leaving_for_another_shelter_tells_which() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "f7", "6", "down", "enter")
        assert desk.acts("leave") == [((HANA,), Whereto(place=THERE, municipality="172049"))]


async def test_leaving_for_another_town_is_found_by_romaji() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "f7", "7", *"kanazawa", "enter")
        assert desk.acts("leave") == [((HANA,), Whereto(outside=7, municipality="172014"))]


async def test_which_of_the_towns_of_one_name_is_chosen_with_the_arrow() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "f7", "7", *"fuchuu", "down", "enter")
        assert desk.acts("leave") == [((HANA,), Whereto(outside=7, municipality="342084"))]


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_nobody_leaves_for_the_shelter_they_are_in(language: str) -> None:
    desk = FakeDesk()
    async with desk_app(desk, language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "f7", "6", "enter")
        assert desk.acts("leave") == []
        assert "輪島市立河井小学校体育館" in said(pilot).replace("\n", "")
        assert clipped(pilot) == []


async def test_escape_on_the_way_out_keeps_them_here() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "f7", "escape")
        assert desk.acts("leave") == []


async def test_those_expected_are_checked_in_from_their_list() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "5", "enter", "enter")
        assert desk.acts("check_in") == [(((10).to_bytes(16, "big"),), 0)]


async def test_the_place_of_the_protected_is_not_in_the_list() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3")
        line = next(line for line in shown(pilot).splitlines() if "大谷内" in line)
        assert "[秘匿]" in line
        assert "ここ" not in line


async def test_enter_opens_the_person() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter")
        assert isinstance(page(pilot), Person)
        assert desk.acts("details") == [HANA]


async def test_a_change_by_another_desk_shows_without_a_key() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3")
        desk.check_in([(1).to_bytes(16, "big")])
        pilot.app.look()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "山岸 正一" in shown(pilot)
        assert "在所 5人" in shown(pilot)


async def test_a_key_is_for_the_person_marked_also_when_somebody_comes_in_above_them() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "down")
        desk.check_in([(1).to_bytes(16, "big")])
        pilot.app.look()  # type: ignore[attr-defined]
        await settle(pilot)
        await press(pilot, "f6")
        assert desk.acts("seen") == [(MAKOTO,)]


@pytest.mark.parametrize(("language", "mark"), [("ja", "同一2件"), ("en", "2 linked")])
async def test_who_is_shown_for_two_entries_bears_a_mark_in_words(language: str, mark: str) -> None:
    desk = FakeDesk()
    desk.people = [replace(each, entries=2) if each.subject == HANA else each for each in desk.people]
    async with desk_app(desk, language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3")
        assert [mark in line for line in shown(pilot).splitlines()].count(True) == 1
        await press(pilot, "enter")
        assert mark in shown(pilot)
        await press(pilot, "escape", "down", "enter")
        assert mark not in shown(pilot)


LONG = {
    "family_name": "フェルナンデス・デ・ラ・クルス",
    "given_name": "マリア・アレハンドラ・イザベラ",
    "kana": "フェルナンデスデラクルス マリアアレハンドライザベラ",
    "place_name": "輪島市立東陽小学校・東陽中学校統合校舎第二体育館（福祉避難所併設）",
    "entries": 2,
}


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_long_names_are_cut_with_dots_and_who_saw_them_is_not(language: str) -> None:
    desk = FakeDesk(now=NOON_MS + 24 * 60 * MINUTE_MS)
    desk.people = [replace(each, **LONG) for each in desk.people]  # type: ignore[arg-type]
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f3")
        rows = [line for line in shown(pilot).splitlines() if "[ ]" in line]
        assert rows
        for line in rows:
            assert ".." in line
            assert {"ja": "同一2件 昨日10:10 tanaka", "en": "2 linked yesterday 10:10 tanaka"}[language] in line
        for keys in (("enter",), ("delete",), ("escape",), ("f5",), ("escape",), ("a",), ("escape",), ("h",)):
            await press(pilot, *keys)
            assert clipped(pilot) == [], keys
            assert ".." in shown(pilot) or "イザベラ" in shown(pilot)
