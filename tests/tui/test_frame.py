"""The frame around the screens: what it says of a fault, and that a node out of breath closes nothing."""

import asyncio
from io import StringIO

import pytest
from rich.console import Console
from textual import events

from node.desk.views import PersonView, PlaceView, StandingLine
from tests.builders.desk import FakeDesk
from tests.builders.screens import SIZE, clipped, desk_app, page, press, said, settle, shown, type_text
from tui.dialogs.choice import Choice
from tui.dialogs.leaving import WhichTown
from tui.dialogs.place import Places
from tui.frame import OUR_FAULT

NOBODY: dict[str, str] = {}


def test_of_a_fault_only_its_kind_and_place_are_printed() -> None:
    app = desk_app()
    name = "山岸 正一"
    try:
        _ = NOBODY[name]
    except KeyError:
        app._fatal_error()
    printed = StringIO()
    for renderable in app._exit_renderables:
        Console(file=printed, width=200).print(renderable)
    assert "KeyError: test_frame.py:" in printed.getvalue()
    assert name not in printed.getvalue()


async def test_a_fault_while_finding_is_told_and_what_was_typed_stays() -> None:
    class Broken(FakeDesk):
        def find(self, text: str, *, purpose: str = "reception", limit: int = 20) -> list[PersonView]:
            raise ValueError(text)

    async with desk_app(Broken()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "yama")
        assert "原因不明" in said(pilot)
        assert "yama" in shown(pilot)


async def test_a_node_that_does_not_answer_for_once_closes_nothing() -> None:
    class Breathless(FakeDesk):
        breathless = False

        def standing(self) -> StandingLine:
            if self.breathless:
                raise OSError
            return super().standing()

    desk = Breathless()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        desk.breathless = True
        pilot.app.look(again=True)  # type: ignore[attr-defined]
        await press(pilot, "y")
        assert "未送信: 12件" in shown(pilot)
        assert page(pilot).is_current


def test_a_fault_ends_in_the_documented_exit_code() -> None:
    app = desk_app()
    assert app.exit_code() == 0
    app._return_code = 1
    assert app.exit_code() == OUR_FAULT


async def test_a_read_logged_elsewhere_makes_no_list_ask_anew() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3")
        desk.version += 1
        pilot.app.look()  # type: ignore[attr-defined]
        await settle(pilot)
        assert desk.acts("roster") == ["here"]


@pytest.mark.parametrize(("language", "told"), [("ja", "暗証番号の付け直し:sato"), ("en", "PIN reset: sato")])
async def test_a_pin_given_anew_stands_on_every_screen(language: str, told: str) -> None:
    desk = FakeDesk(pin_recovered="sato")
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        for key in ("f2", "f3", "f4"):
            await press(pilot, key)
            assert told in shown(pilot)
            assert clipped(pilot) == []


@pytest.mark.parametrize("turns", [0, 2, 8])
async def test_keys_pressed_before_the_question_where_we_are_stands_wait_for_it(turns: int) -> None:
    desk = FakeDesk()
    desk.place = b""
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        for key in ("f5", "enter", "f5"):
            pilot.app.post_message(events.Key(key, None))
            for _ in range(turns):
                await asyncio.sleep(0)
        await settle(pilot)
        assert desk.acts("create_place") == []


async def test_a_key_for_a_dialog_that_is_not_there_yet_waits_for_it() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        pilot.app.push_screen(Places(desk))
        for character in "川井":
            pilot.app.post_message(events.Key(character, character))
        pilot.app.post_message(events.Key("f5", None))
        await settle(pilot)
        assert isinstance(pilot.app.screen, Choice)
        assert "「川井」" in shown(pilot)


@pytest.mark.parametrize(("made", "may_create"), [(Places, True), (Places, False), (WhichTown, False)])
async def test_choosing_a_place_or_town_tells_its_key_and_misses_nothing_before_it_was_looked_for(
    made: type[Places] | type[WhichTown], may_create: bool
) -> None:
    class Nowhere(FakeDesk):
        def places(self, text: str = "", *, municipality: str | None = None, limit: int = 50) -> list[PlaceView]:
            return []

    async with desk_app(Nowhere()).run_test(size=SIZE) as pilot:
        await settle(pilot)
        pilot.app.push_screen(Places(Nowhere(), may_create=may_create) if made is Places else WhichTown())
        await settle(pilot)
        assert "[Enter]" in shown(pilot)
        assert "見つかりません" not in said(pilot)
        await press(pilot, "駅")
        assert "見つかりません" in said(pilot)
        assert ("F5" in said(pilot)) is may_create


async def test_the_list_of_rooms_is_left_with_the_room_it_was_opened_over() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter")
        person = page(pilot)
        await press(pilot, "f10", "f2", "f3")
        assert page(pilot) is person
        await press(pilot, "f10", "f3")
        assert page(pilot) is person


async def test_what_was_said_last_is_said_in_the_other_language_as_well() -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        before = said(pilot)
        await press(pilot, "f9")
        assert said(pilot)
        assert said(pilot) != before
