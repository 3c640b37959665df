"""The safety inquiry on the screen, over a real node: step by step, the answer, the refusal, what is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from node.desk.desk import Desk
from tests.builders.nodes import Federation, federation
from tests.builders.screens import SIZE, clipped, desk_app, page, press, room_keys, said, settle, shown, type_text
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import WAJIMA
from tests.tui.test_walk import walk
from tui.inquiry.answer import AnswerPage
from tui.inquiry.meant import Meant
from tui.inquiry.past import Past
from tui.inquiry.screen import FIELDS, ONE_KEY, InquiryForm

ASKED = {
    "from_name": "山岸 正",
    "from_address": "金沢市広坂1-1",
    "from_contact": "076-000-0001",
    "document": "1",
    "agrees": "y",
    "relation": "1",
    "note": "弟",
    "name": "山岸 正一",
    "birth": "S230503",
    "sex": "1",
    "reason": "無事を知りたい",
}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    desk = shelter(made)
    found = desk.find("山岸 正一")
    desk.check_in([found[0].subject])
    return desk


async def opened(pilot: Pilot[int], **other: str) -> None:
    """The form, filled in."""
    await settle(pilot)
    await press(pilot, *room_keys("inquiry"))
    assert isinstance(page(pilot), InquiryForm)
    for name, text in {**ASKED, **other}.items():
        page(pilot).query_one(f"#{name}", Input).value = text
    await settle(pilot)


def private_text(folder: Path, pattern: str) -> str:
    """What stands in the one file of this pattern, which nobody but its owner can read."""
    (sheet,) = folder.glob(pattern)
    assert sheet.stat().st_mode & 0o077 == 0
    return sheet.read_text(encoding="utf-8")


async def test_every_step_has_its_question_and_enter_goes_on(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("inquiry"))
        asked = []
        for name in FIELDS:
            assert page(pilot).focused is page(pilot).query_one(f"#{name}")
            asked.append(shown(pilot).splitlines()[3])
            await press(pilot, "enter")
        assert len(set(asked)) == len(FIELDS)
        assert "まだです" in said(pilot)


async def test_one_key_chooses_and_goes_on(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("inquiry"), "enter", "enter", "enter", "2", "y")
        assert "健康保険" in shown(pilot)
        assert page(pilot).focused is page(pilot).query_one("#without")


async def test_kin_of_the_household_hear_the_answer_that_is_read_aloud(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await press(pilot, "f5")
        assert isinstance(page(pilot), Meant)
        assert "山岸 正一" in shown(pilot)
        await press(pilot, "down", "enter", "enter")
        assert isinstance(page(pilot), AnswerPage)
        assert "居場所は、輪島市 輪島市立河井小学校体育館です。" in shown(pilot)
        await press(pilot, "f6")
        assert "安否照会の記録（輪島市）" in shown(pilot)
        await press(pilot, "enter")
        assert {page(pilot).query_one(f"#{name}", Input).value for name in FIELDS} == {""}
    (kept,) = desk.inquiries.listed()
    assert (kept.inquirer["name"], kept.inquirer["document"], len(kept.items)) == ("山岸 正", "licence", 4)


async def test_enter_alone_tells_nobody_anything(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await press(pilot, "f5", "enter")
        assert "お伝えできる情報は今のところありません" in shown(pilot)


async def test_a_protected_person_looks_on_every_page_as_nobody_does(desk: Desk) -> None:
    desk.protect(desk.find("山岸 正一")[0].subject)
    pages: list[list[str]] = []
    for name in ("山岸 正一", "山岸 正二"):
        async with desk_app(desk).run_test(size=SIZE) as pilot:
            await opened(pilot, name=name)
            await press(pilot, "f5")
            compare = shown(pilot)
            await press(pilot, "enter")
            pages.append([compare, shown(pilot)])
    assert pages[0] == pages[1]


async def test_a_suspected_purpose_is_refused_after_a_second_key(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await press(pilot, "f6", "enter")
        assert isinstance(page(pilot), InquiryForm)
        assert desk.inquiries.listed() == []
        await press(pilot, "f6", "2")
        assert "お答えできません" in shown(pilot)
    assert [view.outcome for view in desk.inquiries.listed()] == ["improper"]


async def test_what_is_missing_is_named_and_the_form_stays(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot, from_address="", birth="あした")
        await press(pilot, "f5")
        assert "住所" in said(pilot)
        page(pilot).query_one("#from_address", Input).value = "金沢市"
        await press(pilot, "f5")
        assert said(pilot)
        assert isinstance(page(pilot), InquiryForm)
        assert page(pilot).query_one("#name", Input).value == "山岸 正一"


async def test_what_the_person_agrees_to_is_asked_and_told(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot, relation="4")
        await press(pilot, "f5", "down", "enter", "5")
        assert "輪島市立河井小学校体育館" in shown(pilot)
    (kept,) = desk.inquiries.listed()
    assert len(kept.items) == 4


async def test_a_half_typed_inquiry_survives_a_closed_lid_and_a_hand_over(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("inquiry"), "森", "enter", "金", "ctrl+y")
        await type_text(pilot, "suzuki")
        await press(pilot, "enter", *room_keys("inquiry"))
        assert page(pilot).query_one("#from_name", Input).value == ""
    again = made.open(FIELD).desk("tanaka", place=desk.place)
    async with desk_app(again).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("inquiry"))
        assert page(pilot).query_one("#from_name", Input).value == "森"
        assert page(pilot).query_one("#from_address", Input).value == "金"
        await press(pilot, "f8", "2")
        assert page(pilot).query_one("#from_name", Input).value == ""
    assert again.draft("inquiry") is None


async def test_the_answer_is_saved_and_the_past_is_listed(desk: Desk, tmp_path: Path) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await press(pilot, "f5", "down", "enter", "enter", "f5")
        page(pilot).query_one("#path", Input).value = str(tmp_path)
        await press(pilot, "enter")
        assert "書き出しました" in said(pilot)
        assert "山岸 正一" in private_text(tmp_path, "inquiry-*.txt")
        await press(pilot, "escape", "f7")
        assert "山岸 正 " in shown(pilot)
        await press(pilot, "enter")
        assert "運転免許証" in shown(pilot)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_page_of_an_inquiry_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    steps: list[tuple[str, ...]] = [("f10",), room_keys("inquiry")[1:], *[("enter",)] * len(FIELDS), ("f1",)]
    steps += [("escape", "f6"), ("f7",), ("escape", "f8"), ("escape",)]
    await walk(desk_app(desk, language=language), steps)
    desk.save_draft("inquiry", ASKED)
    steps = [room_keys("inquiry"), ("f5",), ("down", "enter"), ("enter",), ("f6",), ("f5",)]
    steps += [("escape", "escape", "f7"), ("enter",)]
    await walk(desk_app(desk, language=language), steps, over=[InquiryForm, Meant, AnswerPage, Past])
    desk.save_draft("inquiry", {**ASKED, "name": "林 幸子"})
    await walk(desk_app(desk, language=language), [room_keys("inquiry"), ("f5",), ("enter",)])
    desk.save_draft("inquiry", ASKED)
    await walk(desk_app(desk, language=language), [room_keys("inquiry"), ("f6",), ("2",)])


async def test_whether_the_document_agrees_is_asked_before_anybody_is_chosen(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot, agrees="")
        await press(pilot, "f5")
        assert isinstance(page(pilot), InquiryForm)
        assert page(pilot).focused is page(pilot).query_one("#agrees")
        assert "一致" in said(pilot)
        await press(pilot, "y", "f5")
        assert isinstance(page(pilot), Meant)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_choice_of_a_step_is_shown(desk: Desk, language: str) -> None:
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("inquiry"))
        for name in ONE_KEY:
            page(pilot).set_focus(page(pilot).query_one(f"#{name}"))
            await settle(pilot)
            keys = ("y", "n") if name == "agrees" else tuple(ONE_KEY[name])
            assert [key for key in keys if f"{key}:" not in shown(pilot)] == []
            assert clipped(pilot) == []


async def test_what_may_be_pressed_is_said_for_as_long_as_the_step_lasts(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("inquiry"), "enter", "enter", "enter", "x")
        assert "0:" in said(pilot)
        await press(pilot, "1")
        assert said(pilot) == ""
        await press(pilot, "f5")
        assert "まだです" in said(pilot)


async def test_whom_the_inquirer_may_mean_is_compared_whole(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await press(pilot, "f5", "down")
        assert shown(pilot).count("河井町15部13番地") == 2
        await press(pilot, "up")
        assert shown(pilot).count("河井町15部13番地") == 1


async def test_a_sheet_that_cannot_be_written_is_said_so(desk: Desk, tmp_path: Path) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await press(pilot, "f5", "enter", "f5")
        await type_text(pilot, str(tmp_path / "nowhere" / "sheet.txt"))
        await press(pilot, "enter")
        assert "書けません" in said(pilot) or "書き出せません" in said(pilot)
