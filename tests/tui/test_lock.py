"""The lock: nothing of any screen is seen behind it, and what was typed is whose it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from node.desk.desk import Desk
from tests.builders.desk import NOON_MS, FakeCoordination, FakeDesk
from tests.builders.nodes import Federation, federation
from tests.builders.screens import SIZE, clipped, coordinate_app, desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import WAJIMA
from tests.tui.test_walk import walk
from tui.lock.screen import Lock
from tui.reception.form import NewForm
from tui.reception.screen import Reception
from tui.roster.screen import Roster

LANGUAGES = ("ja", "en")
STAFF = {"tanaka": "7395", "suzuki": "4082"}
SECRETS = ("輪島", "河井", "山", "ヤマ", "在所", "未送信", "unsent", "不通", "offline", "1948", "名簿", "Reception")


def staffed() -> FakeDesk:
    return FakeDesk(pins=dict(STAFF))


async def signed_in(pilot: Pilot[int], operator: str = "tanaka") -> None:
    """Sign in at the lock, whoever is asked for."""
    await settle(pilot)
    page(pilot).query_one("#operator", Input).value = operator
    page(pilot).set_focus(page(pilot).query_one("#pin"))
    await press(pilot, *STAFF[operator], "enter")


def seen(pilot: Pilot[int], secrets: tuple[str, ...] = SECRETS) -> list[str]:
    return [secret for secret in secrets if secret in shown(pilot)]


# --- hiding


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_lock_hides_everything_of_the_screen_behind_it(language: str) -> None:
    async with desk_app(staffed(), language=language).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, *"yama")
        assert seen(pilot)
        await press(pilot, "ctrl+l")
        assert isinstance(page(pilot), Lock)
        assert seen(pilot) == []
        assert clipped(pilot) == []
        assert pilot.app.title == "DeskApp"


@pytest.mark.parametrize("keys", ["f2", "f3", "f4", "f10", "ctrl+o", "ctrl+q", "escape", "f1", "f5", "f8", "delete"])
async def test_behind_the_lock_the_keys_of_the_screens_are_dead(keys: str) -> None:
    async with desk_app(staffed()).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "f3", "ctrl+l", keys)
        assert isinstance(page(pilot), Lock)
        assert pilot.app.is_running
        assert seen(pilot, ("輪島", "山", "在所", "名簿")) == []


async def test_the_other_language_can_be_spoken_behind_the_lock() -> None:
    async with desk_app(staffed()).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "ctrl+l", "f9")
        assert "The screen is hidden" in shown(pilot)


async def test_an_answer_that_opens_a_screen_waits_behind_the_lock() -> None:
    async with desk_app(staffed()).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "f3", "ctrl+l")
        pilot.app.push_screen(Roster(staffed()))
        await settle(pilot)
        assert isinstance(page(pilot), Lock)
        await press(pilot, *STAFF["tanaka"], "enter")
        assert isinstance(page(pilot), Roster)


async def test_a_node_whose_staff_are_known_begins_locked() -> None:
    async with desk_app(staffed()).run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert isinstance(page(pilot), Lock)
        assert page(pilot).query_one("#operator", Input).value == "tanaka"
        assert "入れると始まります" in shown(pilot)
        assert "入れかけ" not in shown(pilot)
        await press(pilot, *STAFF["tanaka"], "enter")
        assert isinstance(page(pilot), Reception)


async def test_a_name_that_is_nobodys_is_not_offered() -> None:
    desk = staffed()
    desk.operator = "root"
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert page(pilot).query_one("#operator", Input).value == ""
        assert page(pilot).focused is page(pilot).query_one("#operator")


async def test_the_coordination_is_locked_the_same_way() -> None:
    async with coordinate_app(FakeCoordination(pins=dict(STAFF))).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        assert seen(pilot, ("輪島",))
        await press(pilot, "ctrl+l")
        assert seen(pilot, ("輪島", "定員")) == []


# --- coming back


async def test_what_was_half_typed_is_still_there() -> None:
    async with desk_app(staffed()).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "f5", "森", "enter", "花")
        form = page(pilot)
        await press(pilot, "ctrl+l", *STAFF["tanaka"], "enter")
        assert page(pilot) is form
        assert page(pilot).query_one("#given", Input).value == "花"


async def test_a_wrong_pin_opens_nothing_and_is_typed_anew() -> None:
    async with desk_app(staffed()).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "ctrl+l", *"9911", "enter")
        assert isinstance(page(pilot), Lock)
        assert "暗証番号が違います" in said(pilot)
        assert page(pilot).query_one("#pin", Input).value == ""
        await press(pilot, *STAFF["tanaka"], "enter")
        assert isinstance(page(pilot), Reception)


async def test_a_pin_is_never_seen() -> None:
    async with desk_app(staffed()).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "ctrl+l", *"8642")
        assert "8642" not in shown(pilot)
        await press(pilot, "enter")
        assert "8642" not in shown(pilot)


async def test_another_operator_takes_over_and_sees_nothing_of_the_first() -> None:
    desk = staffed()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "f5", "森", "enter", "花", "ctrl+y")
        assert page(pilot).query_one("#operator", Input).value == ""
        await type_text(pilot, "suzuki")
        await press(pilot, "enter", *STAFF["suzuki"], "enter")
        assert desk.operator == "suzuki"
        assert isinstance(page(pilot), Reception)
        assert seen(pilot, ("花", "森")) == []
        await press(pilot, "f5")
        assert page(pilot).query_one("#given", Input).value == ""
        await press(pilot, "林", "ctrl+y")
        await type_text(pilot, "tanaka")
        await press(pilot, "enter", *STAFF["tanaka"], "enter")
        if not isinstance(page(pilot), NewForm):
            await press(pilot, "enter")
        assert page(pilot).query_one("#family", Input).value == "森"
        assert page(pilot).query_one("#given", Input).value == "花"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_how_to_take_over_from_the_one_who_locked_is_said_and_is_one_key(language: str) -> None:
    desk = staffed()
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "ctrl+l", "4")
        assert shown(pilot).count("^Y") == 2
        await press(pilot, "ctrl+y")
        assert page(pilot).query_one("#operator", Input).value == ""
        assert page(pilot).query_one("#pin", Input).value == ""
        assert page(pilot).focused is page(pilot).query_one("#operator")
        assert clipped(pilot) == []
        await type_text(pilot, "suzuki")
        await press(pilot, "enter", *STAFF["suzuki"], "enter")
        assert desk.operator == "suzuki"


# --- the first of the staff


async def test_a_running_desk_asks_who_sits_there_once_the_first_staff_were_added_and_nothing_typed_is_lost() -> None:
    desk = FakeDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "花")
        form = page(pilot)
        desk.pins = dict(STAFF)
        app.look(again=True)
        await settle(pilot)
        assert isinstance(page(pilot), Lock)
        assert seen(pilot, ("花", "森")) == []
        await press(pilot, "enter")
        assert isinstance(page(pilot), Lock)
        await signed_in(pilot, "suzuki")
        assert page(pilot) is form
        assert page(pilot).query_one("#given", Input).value == "花"
        app.look(again=True)
        await settle(pilot)
        assert page(pilot) is form


async def test_a_curtain_becomes_a_lock_once_the_first_staff_were_added() -> None:
    desk = FakeDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+l")
        assert "暗証番号はありません" in shown(pilot)
        desk.pins = dict(STAFF)
        app.look(again=True)
        await settle(pilot)
        assert "暗証番号はありません" not in shown(pilot)
        await signed_in(pilot)
        assert isinstance(page(pilot), Reception)


# --- by itself


async def test_it_falls_shut_after_idle_minutes_and_not_before() -> None:
    desk = staffed()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        desk.now = NOON_MS + 9 * 60_000
        app.lock_when_idle()
        await press(pilot, "y")
        desk.now += 9 * 60_000
        app.lock_when_idle()
        await settle(pilot)
        assert isinstance(page(pilot), Reception)
        desk.now += 60_000
        app.lock_when_idle()
        await settle(pilot)
        assert isinstance(page(pilot), Lock)
        assert desk.acts("lock") == [None]


async def test_no_minutes_means_never() -> None:
    desk = staffed()
    app = desk_app(desk, lock_after_minutes=0)
    async with app.run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        desk.now = NOON_MS + 10_000 * 60_000
        app.lock_when_idle()
        await settle(pilot)
        assert isinstance(page(pilot), Reception)


async def test_a_clock_that_was_put_back_begins_to_count_anew() -> None:
    desk = staffed()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        desk.now = NOON_MS - 3_600_000
        app.lock_when_idle()
        desk.now += 10 * 60_000
        app.lock_when_idle()
        await settle(pilot)
        assert isinstance(page(pilot), Lock)


# --- where nobody has a PIN yet


async def test_without_operators_it_is_a_curtain_and_says_so() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert isinstance(page(pilot), Reception)
        await press(pilot, *"yama", "ctrl+l")
        assert seen(pilot) == []
        assert "暗証番号はありません" in shown(pilot)
        await press(pilot, "enter")
        assert page(pilot).query_one("#search", Input).value == "yama"


async def test_without_operators_a_hand_over_takes_a_name() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+y")
        await type_text(pilot, "suzuki")
        await press(pilot, "enter")
        assert desk.operator == "suzuki"
        assert "suzuki" in shown(pilot)


# --- on a real node


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


async def test_a_lent_pin_is_replaced_at_the_lock_and_stands_in_no_log(
    made: Federation, capfd: pytest.CaptureFixture[str]
) -> None:
    desk: Desk = shelter(made)
    desk.operators.add("sato", "chief", "4082")
    desk.sign_in("sato", "4082")
    desk.operators.add("tanaka", "clerk", "7395")
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        assert "責任者が付けたもの" in said(pilot)
        assert clipped(pilot) == []
        await press(pilot, *"8240", "enter", *"8241", "enter")
        assert "違います" in said(pilot)
        await press(pilot, *"8240", "enter", *"8240", "enter")
        assert isinstance(page(pilot), Reception)
        await press(pilot, "ctrl+l", *"8240", "enter")
        assert isinstance(page(pilot), Reception)
    ledger = made.open(FIELD).ledger
    acts = [one.entry.act for one in ledger.audit_newest(20)]
    assert {"sign-in", "lock", "operator-pin"} <= set(acts)
    told = repr(ledger.audit(limit=100_000)) + "".join(capfd.readouterr())
    assert [pin for pin in ("4082", "7395", "8240", "8241") if f"'{pin}'" in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_is_retired_at_the_keyboard_sees_and_writes_nothing_more(made: Federation, language: str) -> None:
    desk: Desk = shelter(made)
    desk.operators.add("sato", "chief", STAFF["suzuki"])
    desk.sign_in("sato", STAFF["suzuki"])
    desk.operators.add("tanaka", "clerk", "8240")
    desk.operators.change_pin("tanaka", "8240", STAFF["tanaka"])
    app = desk_app(desk, language=language)
    async with app.run_test(size=SIZE) as pilot:
        await signed_in(pilot)
        await press(pilot, "f5", "森")
        made[FIELD].desk("sato").operators.retire("tanaka")
        app.look()
        await settle(pilot)
        assert isinstance(page(pilot), Lock)
        assert seen(pilot, ("森",)) == []
        assert ("登録からはずれた" if language == "ja" else "no longer works") in shown(pilot)
        assert clipped(pilot) == []
        assert page(pilot).query_one("#operator", Input).value == ""
        await type_text(pilot, "sato")
        await press(pilot, "enter", *STAFF["suzuki"], "enter")
        assert isinstance(page(pilot), Reception)
        assert desk.operator == "sato"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_lock_is_whole_at_eighty_by_twenty_four(language: str) -> None:
    await walk(desk_app(staffed(), language=language), [(), ("f1",), ("9", "enter"), ("escape",)], over=[Lock])
    await walk(desk_app(FakeDesk(), language=language), [("ctrl+l",), ("enter",), ("ctrl+y",), ("enter",)])
