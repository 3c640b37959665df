"""A prefecture answers inquiries and reads its log as a town does: decided, answered, logged, printed on real nodes."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from node.release.inquiry import Outcome
from tests.builders.nodes import federation
from tests.builders.office import Offices
from tests.builders.screens import (
    NEVER_S,
    SIZE,
    coordinate_app,
    office_keys,
    page,
    press,
    said,
    settle,
    shown,
    type_text,
)
from tests.builders.trust import ISHIKAWA
from tests.tui.test_inquiry import private_text
from tests.tui.test_walk import walk
from tui.coordinate_app import CoordinateApp
from tui.inquiry.answer import AnswerPage
from tui.inquiry.meant import Meant
from tui.inquiry.screen import FIELDS, InquiryForm
from tui.log.screen import Log

ASKED = {
    "from_name": "森 茂",
    "from_address": "金沢市広坂1-1",
    "document": "1",
    "agrees": "y",
    "relation": "1",
    "name": "森 実",
    "birth": "S230503",
    "reason": "無事を知りたい",
}


async def opened(pilot: Pilot[int], **other: str) -> None:
    """The form, filled in."""
    await settle(pilot)
    await press(pilot, *office_keys("inquiry"))
    assert isinstance(page(pilot), InquiryForm)
    for name, text in {**ASKED, **other}.items():
        page(pilot).query_one(f"#{name}", Input).value = text
    await settle(pilot)


async def test_an_inquiry_at_the_prefecture_is_decided_answered_logged_and_printed(
    both: Offices, tmp_path: Path
) -> None:
    prefecture = both.prefecture
    async with coordinate_app(prefecture).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await press(pilot, "f5")
        assert isinstance(page(pilot), Meant)
        assert "森 実" in shown(pilot)
        await press(pilot, "down", "enter", "enter")
        assert isinstance(page(pilot), AnswerPage)
        assert "居場所は、七尾市" in shown(pilot)
        await press(pilot, "f5")
        page(pilot).query_one("#path", Input).value = str(tmp_path)
        await press(pilot, "enter", "enter")
        assert isinstance(page(pilot), InquiryForm)
        await press(pilot, *office_keys("log"), "5")
        assert isinstance(page(pilot), Log)
        assert "森 実" in shown(pilot)
    (kept,) = prefecture.inquiries.listed()
    assert (kept.outcome, kept.inquirer["name"], kept.operator) == (Outcome.TOLD, "森 茂", "chosei")
    sheet = private_text(tmp_path, "inquiry-*.txt")
    assert "安否照会の記録（石川県）" in sheet
    assert "居場所は、七尾市" in sheet
    (logged,) = [one.entry for one in both.made[ISHIKAWA].ledger.audit(limit=10_000) if one.entry.act == "inquiry"]
    assert (logged.operator, logged.purpose, logged.record) == ("chosei", "inquiry", kept.id)


async def test_who_is_protected_looks_to_the_prefecture_as_nobody_does(both: Offices) -> None:
    town = both.made["172022"].desk("tanaka")
    (mori,) = town.find("森 実")
    town.protect(mori.subject)
    both.meet()
    for name in ("森 実", "森 実二"):
        async with coordinate_app(both.prefecture).run_test(size=SIZE) as pilot:
            await opened(pilot, name=name)
            await press(pilot, "f5")
            assert "あてはまる人は出ていません" in shown(pilot)
            await press(pilot, "enter")
            assert "お伝えできる情報は今のところありません" in shown(pilot)


async def test_a_half_typed_inquiry_of_the_office_survives_a_closed_lid(both: Offices) -> None:
    async with coordinate_app(both.prefecture).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("inquiry"), "森", "enter")
    both.made.open(ISHIKAWA)
    async with coordinate_app(both.prefecture).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("inquiry"))
        assert page(pilot).query_one("#from_name", Input).value == "森"


async def test_everything_about_one_person_is_read_and_handed_out(both: Offices, tmp_path: Path) -> None:
    async with coordinate_app(both.prefecture).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("log"), "f6")
        await type_text(pilot, "mori")
        await press(pilot, "enter", "enter", "f7")
        page(pilot).query_one("#path", Input).value = str(tmp_path)
        await press(pilot, "enter")
        assert "書き出しました" in said(pilot)
    assert "森 実 さん" in private_text(tmp_path, "list-*.txt")


async def test_what_everybody_did_is_not_for_a_clerk_of_the_office_either(both: Offices) -> None:
    office = both.prefecture
    office.operators.add("sato", "chief", "4082")
    office.sign_in("sato", "4082")
    office.operators.add("arai", "clerk", "7395")
    office.sign_in("arai", "7395")
    app = CoordinateApp(office, language="ja", look_every_s=NEVER_S, signed_in=True)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("log"))
        assert "役割ではできません" in said(pilot)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_rooms_of_an_inquiry_are_whole_at_the_office(both: Offices, language: str) -> None:
    office = both.prefecture
    steps: list[tuple[str, ...]] = [office_keys("inquiry"), *[("enter",)] * len(FIELDS), ("f1",)]
    await walk(coordinate_app(office, language=language), [*steps, ("escape", "f6"), ("f7",), ("escape",)])
    office.save_draft("inquiry", ASKED)
    steps = [office_keys("inquiry"), ("f5",), ("down", "enter"), ("enter",), ("f6",), ("f5",)]
    await walk(coordinate_app(office, language=language), [*steps, ("escape", "escape", "f7"), ("enter",)])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_log_of_the_office_is_whole(both: Offices, language: str) -> None:
    steps: list[tuple[str, ...]] = [office_keys("log"), ("1", "f5"), ("f1",), ("escape", "f6"), (*"mori", "enter")]
    await walk(coordinate_app(both.prefecture, language=language), [*steps, ("enter",), ("f7",), ("escape", "escape")])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_new_office_has_no_inquiries_and_an_empty_day_before_today(tmp_path: Path, language: str) -> None:
    with federation(tmp_path, ISHIKAWA) as made:
        office = made[ISHIKAWA].coordination("chosei")
        app = coordinate_app(office, language=language)
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, *office_keys("inquiry"), "f7")
            assert app.words("inquiry_past.none") in shown(pilot)
            await press(pilot, "escape", *office_keys("log"), "left")
            assert app.words("log.nothing") in shown(pilot)
