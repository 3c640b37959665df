"""The log on the screen, over a real node: by day, by person, the chain, a person's own list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from node.desk.desk import Desk
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
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import WAJIMA
from tests.tui.test_inquiry import private_text
from tests.tui.test_walk import walk
from tui.dialogs.to_file import ToFile
from tui.dialogs.whom import Whom
from tui.log.screen import Log


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    desk = shelter(made)
    subject = desk.find("山岸 正一")[0].subject
    desk.check_in([subject])
    desk.details(subject, purpose="care")
    return desk


async def test_a_day_is_read_and_filtered_by_one_key(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("log"))
        assert isinstance(page(pilot), Log)
        assert "受け付けた" in shown(pilot)
        assert "山岸 正一" in shown(pilot)
        await press(pilot, "2")
        assert "受け付けた" not in shown(pilot)
        assert "[2見た]" in shown(pilot)
        await press(pilot, "3")
        assert "ここには記録がありません" in shown(pilot)


async def test_looking_is_asked_for_once_and_is_logged(made: Federation, desk: Desk) -> None:
    def looks() -> int:
        return sum(one.entry.act == "read-log" for one in made[FIELD].ledger.audit(limit=10_000))

    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("log"))
        assert looks() == 1
        pilot.app.look(again=True)  # type: ignore[attr-defined]
        await settle(pilot)
        await press(pilot, "f3", *room_keys("log"))
        assert looks() == 1
        await press(pilot, "left")
        assert looks() == 2


async def test_the_day_before_and_not_beyond_today(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("log"), "right")
        today = shown(pilot).splitlines()[4]
        await press(pilot, "left")
        assert shown(pilot).splitlines()[4] != today
        assert "ここには記録がありません" in shown(pilot)
        await press(pilot, "right")
        assert "受け付けた" in shown(pilot)


async def test_a_person_is_found_and_everything_about_them_shown_and_handed_out(desk: Desk, tmp_path: Path) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("log"), "f6")
        await type_text(pilot, "shouichi")
        await press(pilot, "enter", "enter")
        assert isinstance(page(pilot), Log)
        assert "山岸 正一" in shown(pilot)
        assert "受け付けた" in shown(pilot)
        await press(pilot, "2")
        assert "医療・福祉" in shown(pilot) + "".join(await details(pilot))
        await press(pilot, "f7")
        page(pilot).query_one("#path", Input).value = str(tmp_path)
        await press(pilot, "enter")
        assert "書き出しました" in said(pilot)
        assert "山岸 正一 さん" in private_text(tmp_path, "list-*.txt")
        await press(pilot, "escape")
        assert "年" in shown(pilot).splitlines()[4]


async def details(pilot: object) -> list[str]:
    """What the line below says of each entry."""
    told = []
    for _ in range(12):
        told.append(shown(pilot))  # type: ignore[arg-type]
        await press(pilot, "down")  # type: ignore[arg-type]
    return told


async def test_the_chain_is_checked_and_a_break_is_said(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *room_keys("log"), "f5")
        assert "書き換えられていません" in said(pilot)
        with made[FIELD].ledger._store.transaction() as connection:
            connection.execute("UPDATE audit SET operator = 'nobody' WHERE number = 2")
        await press(pilot, "f5")
        assert "記録の2件目から鎖が合いません" in said(pilot)


async def test_who_may_not_read_what_everybody_did_is_told_so_and_still_serves_a_person(desk: Desk) -> None:
    desk.operators.add("sato", "chief", "4082")
    desk.sign_in("sato", "4082")
    desk.operators.add("tanaka", "clerk", "7395")
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        for name, text in (("operator", "tanaka"), ("pin", "7395")):
            page(pilot).query_one(f"#{name}", Input).value = text
        page(pilot).set_focus(page(pilot).query_one("#pin"))
        await press(pilot, "enter", *"8240", "enter", *"8240", "enter", *room_keys("log"))
        told = said(pilot).replace("\n", "")
        assert "役割ではできません：記録（だれが何をしたか）を見る。 できる役割: 責任者、調整" in told
        assert "0件" not in shown(pilot)
        assert "記録がありません" not in shown(pilot)
        await press(pilot, "f9")
        assert "Your role does not allow you to read the log. Roles that may: chief or coordinator." in " ".join(
            said(pilot).split()
        )
        await press(pilot, "f9")
        await press(pilot, "f6")
        await type_text(pilot, "shouichi")
        await press(pilot, "enter", "enter")
        assert "受け付けた" in shown(pilot)


async def test_what_is_about_nobody_is_not_called_erased(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.prefecture).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("log"))
        (applied,) = [line for line in shown(pilot).splitlines() if "申請した" in line]
        assert applied.endswith("申請・決定")
        assert "消去済み" not in shown(pilot)
        assert "したこと: " in shown(pilot)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_log_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    steps: list[tuple[str, ...]] = [
        ("f10",),
        room_keys("log")[1:],
        *[(str(number),) for number in range(1, 7)],
        ("1", "f5"),
        ("f1",),
    ]
    steps += [("escape", "left"), ("right", "f6"), (*"shouichi", "enter"), ("enter",), ("f7",), ("escape", "escape")]
    await walk(desk_app(desk, language=language), steps, over=[Log, Whom, ToFile])
