"""Long names and places: what a line of eighty cells has to cut stands whole under the list, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from node.desk.desk import Desk
from node.desk.views import NewPerson, Whereto
from node.words import desk_word
from tests.builders.nodes import Federation, federation
from tests.builders.screens import SIZE, clipped, desk_app, press, room_keys, settle, shown
from tests.builders.shelter import shelter
from tests.builders.trust import WAJIMA
from tests.tui.test_walk import walk
from tui.whole import LINES_MAX, Whole
from tui.words import Words

PLACE = "輪島市立東陽地区生涯学習センター併設門前総合支所第二体育館（旧本郷小学校）"
NEXT = "石川県輪島市門前町介護老人保健施設百寿苑リハビリテーション棟二階大会議室"
LONG = NewPerson(
    family_name="勅使河原小路",
    given_name="寿限無寿限無五劫擦切海砂利水魚水行末雲",
    family_kana="テシガワラコウジ",
    given_kana="ジュゲムジュゲムゴコウノスリキレカイジャリスイギョ",
    birth="19480503",
    sex=1,
    address="石川県輪島市門前町道下11字東山三十三番地の二百五十六県営住宅第三号棟四百五号室",
    phone="0768-22-1111",
)
NAME = f"{LONG.family_name} {LONG.given_name}"
CLERK = "tanaka.hanako-w"
languages = pytest.mark.parametrize("language", ["ja", "en"])


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    shelter(made)
    desk = made["kawai"].desk(CLERK)
    desk.use_place(desk.create_place(PLACE, address="石川県輪島市門前町道下11字"))
    desk.register(LONG)
    return desk


def plain(pilot: Pilot[int]) -> str:
    """What stands on the screen without blanks and line ends: where a line was broken is not looked at."""
    return "".join(shown(pilot).split())


def joined(text: str) -> str:
    return "".join(text.split())


@languages
async def test_where_somebody_was_and_went_stands_whole_in_the_history(desk: Desk, language: str) -> None:
    (person,) = desk.find("テシガワラコウジ")
    desk.leave([person.subject], Whereto(place=desk.create_place(NEXT)))
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"tesi", "f6", "h")
        assert joined(Words(language)("history.to", place=NEXT)) in plain(pilot)
        assert PLACE in plain(pilot)
        assert clipped(pilot) == []


@languages
async def test_every_statement_stands_whole_with_its_author(desk: Desk, language: str) -> None:
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"tesi", "f6", "h", "f5")
        told = []
        for _ in range(12):
            told.append(plain(pilot))
            assert clipped(pilot) == []
            await press(pilot, "down")
        for each in (LONG.given_name, LONG.given_kana, LONG.address, f"輪島市{CLERK}"):
            assert any(each in one for one in told), each


@languages
async def test_whom_an_entry_of_the_log_is_about_and_who_did_it_stand_whole(desk: Desk, language: str) -> None:
    (person,) = desk.find("テシガワラコウジ")
    desk.details(person.subject, purpose="care")
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("log"), "2", "down")
        told = plain(pilot)
        for each in (NAME, CLERK, desk_word("log_act.read", language)):
            assert joined(each) in told, each
        assert clipped(pilot) == []


@languages
async def test_both_of_a_pair_stand_whole(desk: Desk, language: str) -> None:
    twice = replace(LONG, given_name=f"{LONG.given_name[:-1]}運", birth="19480305")
    desk.register(twice)
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("duplicates"))
        told = plain(pilot)
        for each in (LONG, twice):
            assert f"{each.family_name}{each.given_name}{LONG.family_kana}{LONG.given_kana}" in told
        assert clipped(pilot) == []


@languages
async def test_the_long_names_are_legible_everywhere(desk: Desk, language: str) -> None:
    desk.register(replace(LONG, birth="19480305"))
    history = (*"tesi", "f6", "h")
    steps: list[tuple[str, ...]] = [history, ("f5",), ("down",), ("f9",), room_keys("log"), room_keys("duplicates")]
    await walk(desk_app(desk, language=language), steps)


async def test_what_is_too_long_even_so_says_that_it_is_cut(desk: Desk) -> None:
    (person,) = desk.find("テシガワラコウジ")
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"tesi", "f6", "h")
        whole = pilot.app.screen.query_one(Whole)
        whole.show(["長" * 1000])
        await settle(pilot)
        assert str(whole.content).count("\n") == LINES_MAX - 1
        assert str(whole.content).endswith("..")
        assert clipped(pilot) == []
    assert person.name == NAME
