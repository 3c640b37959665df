"""A PIN that was given anew from outside is acknowledged in the log, by those the node lets, after a second key."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.desk.operators import Operators
from node.desk.pin_recovery import ACKNOWLEDGE, PinRecovery
from node.trust.keyfile import Effort
from tests.builders.nodes import Federation, federation
from tests.builders.screens import NEVER_S, SIZE, office_keys, press, said, settle, shown
from tests.builders.trust import WAJIMA
from tests.tui.test_walk import walk
from tui.coordinate_app import CoordinateApp

QUICK = Effort(1, 8192)
NOTICE = "! 暗証番号の付け直し:sato"
KEY = "[F8]付け直しを確認"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        staff(federated, "root").add("sato", "chief", "4082")
        staff(federated, "sato").add("arai", "coordinator", "7395")
        federated.time.later(minutes=1)
        yield federated


def staff(made: Federation, operator: str) -> Operators:
    return Operators(made[WAJIMA].post(operator, b""), QUICK)


def recover(made: Federation) -> None:
    PinRecovery(made[WAJIMA].post("root", b""), staff(made, "root")).recover("sato", "5162")
    made.time.later(minutes=1)


def app(made: Federation, operator: str, language: str = "ja") -> CoordinateApp:
    office = made[WAJIMA].coordination(operator)
    return CoordinateApp(office, language=language, look_every_s=NEVER_S, signed_in=True)


async def test_it_is_acknowledged_by_a_key_and_an_answer_and_the_notice_goes(made: Federation) -> None:
    recover(made)
    async with app(made, "arai").run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert NOTICE in shown(pilot)
        await press(pilot, *office_keys("log"))
        assert KEY in shown(pilot)
        await press(pilot, "f8")
        assert "責任者 sato の暗証番号が" in shown(pilot)
        await press(pilot, "2")
        assert "sato の暗証番号の付け直しを確認しました" in said(pilot)
        assert KEY not in shown(pilot)
        assert NOTICE not in shown(pilot)
        await press(pilot, "f9")
        assert "You know that the PIN of sato was given anew" in said(pilot)
    (entry,) = [one.entry for one in made[WAJIMA].ledger.audit(limit=1_000) if one.entry.act == ACKNOWLEDGE]
    assert (entry.operator, entry.purpose) == ("arai", "staff:sato")


async def test_enter_alone_acknowledges_nothing(made: Federation) -> None:
    recover(made)
    async with app(made, "arai").run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("log"), "f8", "enter")
        assert NOTICE in shown(pilot)
        assert KEY in shown(pilot)


async def test_whose_pin_it_is_sees_the_notice_and_no_key(made: Federation) -> None:
    recover(made)
    async with app(made, "sato").run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("log"))
        assert NOTICE in shown(pilot)
        assert KEY not in shown(pilot)
        before = pilot.app.screen
        await press(pilot, "f8")
        assert pilot.app.screen is before


async def test_where_nothing_waits_there_is_no_key_until_something_does(made: Federation) -> None:
    async with app(made, "arai").run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *office_keys("log"))
        assert KEY not in shown(pilot)
        recover(made)
        pilot.app.look(again=True)  # type: ignore[attr-defined]
        await settle(pilot)
        assert KEY in shown(pilot)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_question_is_whole_at_eighty_by_twenty_four(made: Federation, language: str) -> None:
    recover(made)
    await walk(app(made, "arai", language), [office_keys("log"), ("f1",), ("escape", "f8"), ("f1",), ("escape", "2")])
