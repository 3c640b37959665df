"""Pairs that may be one person, on a real desk: compared, decided and taken back by keys."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from node.desk.desk import Desk
from node.desk.views import NewPerson
from tests.builders.nodes import Federation, federation
from tests.builders.screens import desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import shelter
from tests.builders.trust import WAJIMA
from tests.tui.test_walk import walk
from tui.desk_app import DeskApp
from tui.duplicates.pair import Pair
from tui.duplicates.screen import DuplicatesScreen
from tui.reception.similar import Similar

HIROSHI = NewPerson(
    family_name="齋藤",
    given_name="博",
    family_kana="サイトウ",
    given_kana="ヒロシ",
    birth="19480503",
    sex=1,
    address="石川県輪島市河井町15部13番地",
    phone="0768-22-1111",
)
TWICE = replace(HIROSHI, family_name="斎藤", birth="19480305")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with federation(tmp_path, WAJIMA) as made:
        yield _desk(made)


def _desk(made: Federation) -> Desk:
    desk = shelter(made)
    for person in (HIROSHI, TWICE):
        desk.register(person)
    return desk


def open_list(desk: Desk, *, language: str = "ja") -> DeskApp:
    app = desk_app(desk, language=language)
    app.rooms = sorted(app.rooms, key=lambda room: room.word != "duplicates")
    return app


async def test_a_pair_is_shown_side_by_side_with_the_weight_of_each_field(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "同一人物? 1" in shown(pilot)
        assert "齋藤 博" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(page(pilot), Pair)
        lines = shown(pilot).splitlines()
        (family,) = [line for line in lines if "字体のちがい" in line]
        assert "齋藤(サイトウ)" in family
        assert "斎藤(サイトウ)" in family
        (birth,) = [line for line in lines if "月と日が逆" in line]
        assert "1948-05-03" in birth
        assert "1948-03-05" in birth
        assert "+8.3" in birth
        assert "同じ人の見込みが高い" in shown(pilot)


async def test_called_the_same_it_is_one_and_an_undo_makes_it_two(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f5", "enter")
        assert "一つに表示します" in said(pilot)
        assert desk.standing().duplicates == 0
        assert len(desk.find("サイトウ")) == 1
        (decided,) = desk.duplicates.decided()
        assert decided.reason == "本人か家族に聞いた"
        await press(pilot, "2")
        assert "同じ人" in shown(pilot)
        await press(pilot, "f8", "enter", "1")
        assert desk.standing().duplicates == 1
        assert len(desk.find("サイトウ")) == 2


async def test_called_two_people_nobody_is_asked_again(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f6", "2")
        assert "確かめるものはありません" in shown(pilot)
        assert [one.said for one in desk.duplicates.decided()] == ["not_same"]


async def test_left_open_it_goes_on_waiting_and_says_by_whom(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f7")
        assert "あとで" in shown(pilot)
        await press(pilot, "enter")
        assert "あとで:" in shown(pilot)
        assert "tanaka" in shown(pilot)
    assert desk.standing().duplicates == 1


async def test_what_was_decided_is_made_undecided_again(desk: Desk) -> None:
    (waiting,) = desk.duplicates.waiting()
    desk.duplicates.same(waiting.first.subject, waiting.second.subject)
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "2", "enter", "f7")
        assert "未決定に戻しました" in said(pilot)
    assert desk.standing().duplicates == 1


async def test_escape_leaves_everything_as_it_is(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f5", "escape", "escape")
    assert desk.duplicates.decided() == []


async def test_before_saving_the_reasons_are_told(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "斉", "藤", "enter", "博", "enter", "enter", "enter")
        await type_text(pilot, "S230503")
        await press(pilot, "f5")
        assert isinstance(page(pilot), Similar)
        assert "姓 同じ読みで別の字" in shown(pilot)
        assert "生年月日 同じ +14.8" in shown(pilot)
        await press(pilot, "down", "down")
        assert "生年月日 月と日が逆 +8.3" in shown(pilot)
        await press(pilot, "f5")
    assert len(desk.find("サイトウ ヒロシ")) == 3


STEPS: list[tuple[str, ...]] = [
    (),
    ("f1",),
    ("escape", "enter"),
    ("f1",),
    ("escape", "f5"),
    ("escape", "f6"),
    ("escape", "f7"),
    ("enter",),
    ("f6", "enter"),
    ("2",),
    ("enter",),
    ("escape", "f8"),
]


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_pairs_are_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    await walk(open_list(desk, language=language), STEPS, over=[DuplicatesScreen, Pair])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_warning_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    steps = [(), ("f5", "斉", "藤", "enter", "博", "f5"), ("down",), ("f1",)]
    await walk(desk_app(desk, language=language), steps, over=[Similar])
