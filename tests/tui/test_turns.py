"""Keys that come in one burst, from a scanner or a line that stalled, do what they do when they come one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.pilot import Pilot

from node.desk.views import ActView, Done, NewPerson, PersonView
from tests.builders.desk import FakeCoordination, FakeDesk
from tests.builders.screens import SIZE, coordinate_app, desk_app, settle
from tui.fields import Field
from tui.reception.form import NewForm
from tui.reception.screen import Reception
from tui.turns import LOST_S

NAMES = {"\r": "enter", "\t": "tab", "\x1b": "escape"}
AT_MOST_S = 20
"""A desk that a failing test does not let answer ends all the same."""


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


@dataclass
class SlowDesk(FakeDesk):
    """Answers what opens a screen only when it is let."""

    let: Event = field(default_factory=Event)

    def last_acts(self) -> list[ActView]:
        self.let.wait(AT_MOST_S)
        return super().last_acts()

    def find(self, text: str, *, purpose: str = "reception", limit: int = 20) -> list[PersonView]:
        self.let.wait(AT_MOST_S)
        return super().find(text, purpose=purpose, limit=limit)

    def register(self, person: NewPerson, *, place: bytes | None = None) -> Done:
        self.let.wait(AT_MOST_S)
        return super().register(person, place=place)

    def check_in(self, subjects: Sequence[bytes], *, place: bytes | None = None, outside: int = 0) -> Done:
        self.let.wait(AT_MOST_S)
        return super().check_in(subjects, place=place, outside=outside)


async def test_letters_behind_the_key_of_the_form_go_into_the_form() -> None:
    app = desk_app(FakeDesk())
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "f5", "田中\r花子\r")
        await settle(pilot)
        assert isinstance(app.screen, NewForm)
        assert filled(app).items() >= {"family": "田中", "given": "花子"}.items()


async def test_letters_behind_a_save_are_the_next_member_however_long_it_takes() -> None:
    desk = SlowDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "f5", "田中\r花子", "f6", "太郎")
        while not desk_waits(app):
            await pilot.pause(0.001)
        desk.let.set()
        await settle(pilot)
        assert [each.given_name for each in registered(desk)] == ["花子"]
        assert filled(app).items() >= {"family": "田中", "given": "太郎"}.items()


async def test_letters_behind_the_last_save_look_for_the_next_in_the_queue() -> None:
    desk = SlowDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "f5", "田中\r花子", "f5", "yama")
        while not desk_waits(app):
            await pilot.pause(0.001)
        desk.let.set()
        await settle(pilot)
        assert isinstance(app.screen, Reception)
        assert filled(app) == {"search": "yama"}


async def test_a_name_that_is_not_found_yet_and_its_form_take_what_comes_behind_enter() -> None:
    desk = SlowDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "田中\r花子")
        while filled(app) != {"search": "田中"}:
            await pilot.pause(0.001)
        desk.let.set()
        await settle(pilot)
        assert filled(app).items() >= {"family": "田中", "given": "花子"}.items()


async def test_enter_on_a_hit_and_enter_again_check_in_in_one_burst() -> None:
    desk = FakeDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "山岸\r\ryamazaki")
        await settle(pilot)
        assert len(desk.acts("check_in")) == 1
        assert filled(app) == {"search": "yamazaki"}


async def test_letters_wait_for_nothing_where_no_key_began_an_act() -> None:
    desk = SlowDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "yama")
        await pilot.pause()
        assert filled(app) == {"search": "yama"}
        desk.let.set()
        await settle(pilot)


async def test_an_act_that_never_ends_locks_no_keys() -> None:
    desk = SlowDesk()
    app = desk_app(desk)
    app.held_s = LOST_S
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        burst(pilot, "f8", "ya")
        await pilot.pause()
        assert filled(app) == {}
        await pilot.pause(3 * LOST_S)
        assert filled(app) == {"search": "ya"}
        burst(pilot, "ma")
        await pilot.pause()
        assert filled(app) == {"search": "yama"}
        desk.let.set()
        await settle(pilot)


def desk_waits(app: App[int]) -> bool:
    """Whether a screen has begun an act."""
    return isinstance(app.screen, NewForm) and app.screen.is_acting


def registered(desk: FakeDesk) -> list[NewPerson]:
    return [about for about in desk.acts("register") if isinstance(about, NewPerson)]


async def test_escape_and_the_letters_behind_it_are_not_taken_for_a_letter_with_alt() -> None:
    app = desk_app(FakeDesk())
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        parser = XTermParser()
        for event in (*parser.feed("yam\x1bsato"), *parser.feed("")):
            app.post_message(event)
        await settle(pilot)
        assert filled(app) == {"search": "sato"}
