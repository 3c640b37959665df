"""What is done with one person on a real desk: the safety form, the history, the end of a case, a death."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from node.desk.answers import Choices
from node.desk.desk import Desk
from node.desk.views import NewPerson, PersonView, Whereto
from tests.builders.nodes import Federation, federation
from tests.builders.screens import clipped, desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import KANAZAWA, WAJIMA
from tests.tui.test_walk import walk
from tui.base import Page
from tui.dialogs.answers import SafetyForm
from tui.dialogs.choice import Choice
from tui.dialogs.history import History
from tui.dialogs.person import Person
from tui.dialogs.received import Received


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    found = shelter(made)
    found.check_in([someone(found).subject])
    return found


def someone(desk: Desk) -> PersonView:
    (found,) = desk.find("オオヤチ")
    return found


OPENED = (*"ooy", "f6")
"""Finds the person and opens the page on them."""


async def test_the_safety_form_is_three_keys_and_can_be_undone(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "a", "n", "y", "enter", "f5")
        assert "安否の回答を記録しました" in said(pilot)
        assert desk.answers.of(someone(desk).subject) == Choices(kin=False, acquaintances=True, anyone=None)
        await press(pilot, "f8", "enter")
        assert desk.answers.of(someone(desk).subject) == Choices()


async def test_what_was_taken_back_or_withdrawn_does_not_stay_in_the_list(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "f6", "2")
        assert "秘匿 有効          はい" in shown(pilot)
        await press(pilot, "f8", "enter", "enter")
        assert someone(desk).protected
        await press(pilot, *"kaijo", "enter")
        assert "秘匿 有効          はい" not in shown(pilot)
        await press(pilot, "f5", "f5", "f5", "escape")
        assert "同意 同意者" in shown(pilot)
        assert "同意 取り下げ" not in shown(pilot)
        await press(pilot, "f5", "f7", "2", "escape")
        assert "同意 取り下げ" in shown(pilot)


async def test_that_anyone_may_be_told_but_not_kin_is_refused_and_asked_again(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "a", "n", "y", "y", "f5")
        assert isinstance(page(pilot), SafetyForm)
        assert "親族や知人も含まれます" in said(pilot).replace("\n", "")
        assert clipped(pilot) == []
        assert desk.answers.of(someone(desk).subject) == Choices()
        page(pilot).query_one("#kin", Input).focus()
        await press(pilot, "y", "f5")
        assert desk.answers.of(someone(desk).subject) == Choices(kin=True, acquaintances=True, anyone=True)


async def test_the_history_tells_every_stay_and_what_was_replaced(made: Federation, desk: Desk) -> None:
    made.time.later(minutes=30)
    desk.leave([someone(desk).subject], Whereto(municipality=KANAZAWA))
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "h")
        assert "輪島市立河井小学校体育館" in shown(pilot)
        assert "金沢市 へ" in shown(pilot)
        await press(pilot, "f5")
        assert "（旧）" in shown(pilot)
    statements = desk.histories.statements(someone(desk).subject)
    assert [each.is_over for each in statements if each.facet == "stay"] == [False, True]
    stay = desk.histories.stays(someone(desk).subject)[0]
    assert (stay.to_municipality, stay.until_ms) == (KANAZAWA, made.time())


def test_looking_at_a_history_is_logged(made: Federation, desk: Desk) -> None:
    subject = someone(desk).subject
    before = made.nodes[FIELD].ledger.audit_head()[0]
    desk.histories.stays(subject)
    desk.histories.statements(subject)
    assert made.nodes[FIELD].ledger.audit_head()[0] == before + 2


def shared(made: Federation) -> Desk:
    """The desk of a town hall whose one guest consented; another town has received it."""
    desk = made[WAJIMA].desk("tanaka")
    desk.use_place(desk.create_place("輪島市立河井小学校体育館"))
    desk.register(NewPerson(family_name="森", given_name="実", birth="S230503", address="輪島市河井町", share=True))
    assert made.meet(WAJIMA, KANAZAWA)
    made.time.later(minutes=1)
    return desk


async def test_who_received_what_of_a_person_is_one_key_away_and_looking_is_logged(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        desk = shared(made)
        async with desk_app(desk).run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "f3", "enter")
            before = made[WAJIMA].ledger.audit_head()[0]
            await press(pilot, "r")
            assert isinstance(page(pilot), Received)
            assert len([line for line in shown(pilot).splitlines() if "金沢市" in line and "同意" in line]) > 1
            assert made[WAJIMA].ledger.audit_head()[0] == before + 1


async def test_of_whom_nothing_was_handed_on_it_is_said(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "r")
        assert "まだどこにも渡していません" in shown(pilot)


async def test_a_withdrawal_is_watched_until_whoever_received_it_has_confirmed(tmp_path: Path) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        async with desk_app(shared(made)).run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "f3", "enter", "f5", "f7", "2")
            assert "消去確認 0/1" in shown(pilot)
            made.meet(WAJIMA, KANAZAWA)
            kanazawa = made[KANAZAWA]
            kanazawa.holdings.sweep(kanazawa.room.now())
            made.meet(WAJIMA, KANAZAWA)
            pilot.app.look()  # type: ignore[attr-defined]
            await settle(pilot)
            assert "消去確認 1/1" in shown(pilot)


def receipts(folder: Path) -> list[Path]:
    return list(folder.glob("consent-receipt-*.pdf"))


async def test_a_receipt_of_what_was_consented_to_is_written_for_the_printer(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "f5", "f6")
        assert "同意はまだありません" in said(pilot)
        assert receipts(tmp_path) == []
        await press(pilot, "f5", "f5", "f6")
        (receipt,) = receipts(tmp_path)
        assert receipt.name in said(pilot).replace("\n", "")
    assert receipt.read_bytes().startswith(b"%PDF")


async def test_a_death_needs_a_word_and_a_second_operator(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "e", "5", "enter")
        assert someone(desk).closed == ""
        assert not someone(desk).death_reported
        await type_text(pilot, "shibou")
        await press(pilot, "enter")
        assert isinstance(page(pilot), Person)
        assert "ほかの職員がもう一度" in said(pilot)
        assert "確認待ち" in shown(pilot)
    assert (someone(desk).closed, someone(desk).death_reported) == ("", True)
    desk.close_case(someone(desk).subject, "died")
    assert someone(desk).closed == ""
    other = made.nodes[FIELD].desk("sato", place=desk.place)
    async with desk_app(other).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "e", "5")
        await type_text(pilot, "shibou")
        await press(pilot, "enter")
    assert someone(desk).closed == "died"


async def test_a_case_ends_and_is_opened_again(desk: Desk) -> None:
    async with desk_app(desk, language="en").run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "e", "enter")
        assert someone(desk).closed == ""
        await press(pilot, "e", "2")
        assert someone(desk).closed == "returned"
        await press(pilot, "e", "6")
        assert someone(desk).closed == ""


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_all_of_it_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    steps = [OPENED, ("a",), ("y", "n"), ("f1",), ("escape", "escape", "h"), ("f5",), ("f1",), ("escape", "escape")]
    received = [("r",), ("f1",), ("escape", "escape")]
    steps += [*received, ("e",), ("5",), ("escape",)]
    await walk(desk_app(desk, language=language), steps, over=[SafetyForm, History, Received])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_who_received_what_is_whole_at_eighty_by_twenty_four(tmp_path: Path, language: str) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as made:
        app = desk_app(shared(made), language=language)
        await walk(app, [("f3", "enter"), ("r",), ("down",), ("escape", "f5"), ("f7", "2")])


@pytest.mark.parametrize(("key", "opened"), [("A", SafetyForm), ("H", History), ("E", Choice), ("R", Received)])
async def test_the_keys_that_are_letters_work_as_capitals(desk: Desk, key: str, opened: type[Page[object]]) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, key)
        assert isinstance(page(pilot), opened)
