"""What was said last is said anew in the other language, whatever it names: people, counts, files, fields, words."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from node.desk.desk import Desk
from tests.builders.desk import FakeDesk
from tests.builders.nodes import Federation, federation
from tests.builders.office import Offices
from tests.builders.screens import (
    SIZE,
    coordinate_app,
    desk_app,
    office_keys,
    page,
    press,
    room_keys,
    said,
    settle,
    shown,
    type_text,
)
from tests.builders.shelter import shelter
from tests.builders.trust import WAJIMA
from tests.tui.test_duplicates import HIROSHI, TWICE


async def both_ways(pilot: Pilot[int]) -> tuple[str, str]:
    """What stands there after another language, and after the first one again; each on one line."""
    await press(pilot, "f9")
    other = " ".join(said(pilot).split("\n"))
    await press(pilot, "f9")
    return other, "".join(said(pilot).split("\n"))


def full(made: Federation) -> Desk:
    """A gymnasium with a household in it."""
    desk = shelter(made)
    desk.check_in([person.subject for person in desk.find("ヤマギシ")])
    made.time.later(minutes=90)
    return desk


async def test_how_many() -> None:
    async with desk_app(FakeDesk()).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "f6")
        assert await both_ways(pilot) == ("Seen now: 1.", "1人を確認しました。")


async def test_a_person_by_name(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        async with desk_app(full(made)).run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, *room_keys("rollcall"), "f5")
            assert "The roll call has begun: 4 people." in (await both_ways(pilot))[0]
            await press(pilot, "space")
            assert (await both_ways(pilot))[0].endswith("was seen.")


async def test_a_file(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        async with desk_app(full(made)).run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, *room_keys("log"), "f6")
            await type_text(pilot, "shouichi")
            await press(pilot, "enter", "enter", "f7")
            page(pilot).query_one("#path", Input).value = str(tmp_path)
            await press(pilot, "enter")
            other, first = await both_ways(pilot)
            assert other.startswith("Written:")
            assert first.startswith("書き出しました:")


async def test_the_state_of_the_log(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        async with desk_app(full(made)).run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, *room_keys("log"), "f5")
            other, first = await both_ways(pilot)
            assert "書き換えられていません" in first
            assert other.isascii()


async def test_a_field_that_is_empty_or_refused(both: Offices) -> None:
    async with coordinate_app(both.town).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("applications"), "f5", "f5")
        assert await both_ways(pilot) == ("Please fill in: Asked.", "「申請先」を入れてください。")
    async with desk_app(FakeDesk()).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("inquiry"), "f5")
        other, first = await both_ways(pilot)
        assert other.startswith("Still needed: ")
        assert first == "「尋ねる人」がまだです。"


async def test_the_keys_of_a_field(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        async with desk_app(full(made)).run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, *room_keys("inquiry"), "enter", "enter", "enter", "x")
            other, first = await both_ways(pilot)
            assert "運転免許証" in first
            assert other.isascii()
            await press(pilot, *room_keys("report"), *["enter"] * 8, "x")
            assert await both_ways(pilot) == ("1 enough  2 short  3 none", "1 足りている  2 不足  3 ない")


async def test_what_a_page_that_was_left_has_done(both: Offices, tmp_path: Path) -> None:
    async with coordinate_app(both.town).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("applications"), "enter", "f6", *"kotowaru", "enter")
        assert await both_ways(pilot) == ("Refused.", "認めないと返事をしました。")
        await press(pilot, *office_keys("notfound"), "f5")
        page(pilot).query_one("#path", Input).value = str(tmp_path / "doors.csv")
        await press(pilot, "enter")
        assert "door to door is written" in (await both_ways(pilot))[0]


async def test_what_was_decided_of_a_pair_and_of_a_sheet(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA) as made:
        desk = full(made)
        for person in (HIROSHI, TWICE):
            desk.register(person)
        desk.forms.issue(1)
        async with desk_app(desk).run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, *room_keys("duplicates"), "enter", "f5", "1")
            assert "Shown as one from now on" in (await both_ways(pilot))[0]
            await press(pilot, *room_keys("forms"), "f6")
            assert (await both_ways(pilot))[0].endswith("is noted as spoilt.")


async def test_the_help_of_the_lock() -> None:
    async with desk_app(FakeDesk(pins={"tanaka": "4082"})).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f1")
        other, first = await both_ways(pilot)
        assert other.startswith("Your PIN brings you back")
        assert first in "".join(shown(pilot).split())
