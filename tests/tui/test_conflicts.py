"""Contradictions on a real desk: both sides beside each other, settled and taken back by keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.desk import Desk
from tests.builders.contradiction import contradiction
from tests.builders.nodes import federation
from tests.builders.screens import desk_app, page, press, said, settle, shown
from tests.builders.trust import WAJIMA
from tests.tui.test_walk import walk
from tui.conflicts.contradiction import ContradictionPage
from tui.conflicts.screen import Conflicts
from tui.desk_app import DeskApp
from tui.dialogs.person import Person


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with federation(tmp_path, WAJIMA) as made:
        yield contradiction(made)[0]


def open_list(desk: Desk, *, language: str = "ja") -> DeskApp:
    app = desk_app(desk, language=language)
    app.rooms = sorted(app.rooms, key=lambda room: room.word != "conflicts")
    return app


def given_name(desk: Desk) -> str:
    (person,) = desk.find("森")
    return person.given_name


async def test_both_versions_stand_side_by_side_with_who_and_when(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "食い違い 1" in shown(pilot)
        assert "森 華子" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(page(pilot), ContradictionPage)
        (name,) = [line for line in shown(pilot).splitlines() if "華子" in line and "花子" in line]
        assert name.rstrip().endswith("[1]")
        (same,) = [line for line in shown(pilot).splitlines() if line.count("森") == 2]
        assert same.rstrip().endswith("=")
        assert "suzuki" in shown(pilot)
        assert "tanaka" in shown(pilot)


async def test_two_sides_of_one_town_differ_in_device_operator_and_minute(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        (contradiction,) = desk.settling.waiting()
        home, field = (version.device for version in contradiction.versions)
        assert home != field
        (line,) = [line for line in shown(pilot).splitlines() if "森 華子" in line]
        assert f"{home} suzuki " in line
        await press(pilot, "enter")
        lines = shown(pilot).splitlines()
        (devices,) = [line for line in lines if "1: 輪島市" in line]
        assert home in devices
        assert field in devices
        (by,) = [line for line in lines if "suzuki" in line and "tanaka" in line and ":" in line]
        first, second = by.split("suzuki")
        assert first.strip() != second.replace("tanaka", "").strip()


async def test_what_f8_takes_back_of_a_settled_contradiction_is_named_and_what_it_did_is_said(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f6", "f7", "f8")
        (line,) = [line for line in shown(pilot).splitlines() if "1  " in line]
        assert "食い違い" in line
        assert "森 花子" in line
        assert "本人" in line
        await press(pilot, "enter")
        assert "前に表示されていた内容" in said(pilot).replace("\n", "")


async def test_one_side_is_taken_and_the_undo_brings_back_what_was_shown(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f6", "f7")
        assert "履歴に残ります" in said(pilot)
        assert "食い違いはありません" in shown(pilot)
        assert given_name(desk) == "花子"
        await press(pilot, "f8", "enter")
        assert given_name(desk) == "華子"


async def test_fields_are_taken_from_where_they_are_right(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "down", "space", "f7")
    (person,) = desk.find("森")
    assert (person.given_name, person.kana) == ("花子", "モリ ハナコ")


async def test_a_contradiction_is_settled_where_the_person_is_shown(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "森", "f6")
        assert isinstance(page(pilot), Person)
        assert "[C]食い違い" in shown(pilot)
        await press(pilot, "c")
        assert isinstance(page(pilot), ContradictionPage)
        await press(pilot, "f6", "f7")
        assert isinstance(page(pilot), Person)
        assert "決めました" in said(pilot)
        assert "[C]食い違い" not in shown(pilot)
    assert given_name(desk) == "花子"
    assert desk.settling.waiting() == []


async def test_escape_leaves_the_contradiction(desk: Desk) -> None:
    async with open_list(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f6", "escape")
    assert desk.standing().conflicts == 1


STEPS: list[tuple[str, ...]] = [
    (),
    ("f1",),
    ("escape", "enter"),
    ("f1",),
    ("escape", "f6"),
    ("space",),
    ("right",),
    ("f7",),
    ("f8",),
]


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_conflicts_are_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    await walk(open_list(desk, language=language), STEPS, over=[Conflicts, ContradictionPage])
