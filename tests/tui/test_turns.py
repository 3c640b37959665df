"""Keys that come in one burst, from a scanner or a line that stalled, do what they do when they come one by one."""

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from tests.builders.desk import FakeCoordination, FakeDesk
from tests.builders.screens import SIZE, coordinate_app, desk_app, settle
from tui.fields import Field
from tui.turns import LOST_S

NAMES = {"\r": "enter", "\t": "tab", "\x1b": "escape"}


def burst(pilot: Pilot[int], *keys: str) -> None:
    """All at once, each one either a key's name or letters."""
    for key in keys:
        for one in [key] if len(key) > 1 and key.isascii() and key[1:].isdigit() else key:
            name = NAMES.get(one, one)
            pilot.app.post_message(events.Key(name, None if name != one or len(one) > 1 else one))


def filled(app: App[int]) -> dict[str, str]:
    return {field.id or "": field.value for field in app.screen.query(Field) if field.value}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("tanaka\richirou\r", {"family": "tanaka", "given": "ichirou", "family_kana": "タナカ"}),
        ("田中\r花子\r", {"family": "田中", "given": "花子", "family_kana": "タナカ", "given_kana": "ハナコ"}),
        ("山田\t花子\r", {"family": "山田", "given": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ"}),
    ],
)
async def test_a_burst_fills_the_form_as_single_keys_do(keys: str, expected: dict[str, str]) -> None:
    shown = []
    for bursts in ([keys], list(keys)):
        app = desk_app(FakeDesk())
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await pilot.press("f5")
            await settle(pilot)
            for each in bursts:
                burst(pilot, each)
                await settle(pilot)
            shown.append((filled(app), app.focused.id if app.focused else None))
    assert shown[0] == shown[1]
    assert shown[0][0].items() >= expected.items()


async def test_a_burst_goes_from_room_to_room() -> None:
    app = coordinate_app(FakeCoordination())
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "f3", "1森\r")
        await settle(pilot)
        assert filled(app) == {"purpose": "1", "text": "森"}
        assert app.current_mode == "search"


async def test_what_is_lost_with_a_dialog_holds_up_nothing() -> None:
    app = desk_app(FakeDesk())
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "f1", "\x1b", "yama")
        await pilot.pause(3 * LOST_S)
        await settle(pilot)
        assert filled(app) == {"search": "yama"}
