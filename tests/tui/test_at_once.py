"""What is asked at every key is answered with it, rooms are there before anybody goes, what did not change is kept."""

from concurrent.futures import CancelledError
from threading import Event

import pytest
from textual.strip import Strip
from textual.widgets import Static

from node.desk.views import PersonView
from tests.builders.desk import FakeDesk
from tests.builders.screens import SIZE, desk_app, press, settle
from tui.asker import Asker
from tui.fields import Field
from tui.frame import AHEAD_AFTER_S
from tui.lines import Lines
from tui.remembered import Remembering


class CountingDesk(FakeDesk):
    """Counts what it is asked, and answers a search only when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.rosters = 0
        self.may_answer = Event()
        self.may_answer.set()

    def find(self, text: str, *, purpose: str = "reception", limit: int = 20) -> list[PersonView]:
        self.may_answer.wait()
        return super().find(text, purpose=purpose, limit=limit)

    def roster(
        self, *, place: bytes | None = None, which: str = "here", limit: int = 200, offset: int = 0
    ) -> list[PersonView]:
        self.rosters += 1
        return super().roster(place=place, which=which, limit=limit, offset=offset)


def test_of_those_that_wait_only_the_newest_is_asked() -> None:
    asker, begun, goes_on = Asker(at_once_s=0), Event(), Event()
    try:

        def slow() -> str:
            begun.set()
            goes_on.wait()
            return "first"

        first = asker.ask(slow)
        begun.wait()
        second, third = asker.ask(lambda: "second"), asker.ask(lambda: "third")
        assert not asker.has_answered(first)
        goes_on.set()
        assert (first.result(), third.result()) == ("first", "third")
        with pytest.raises(CancelledError):
            second.result()
    finally:
        goes_on.set()
        asker.close()


def test_what_fails_is_an_answer_too() -> None:
    asker = Asker(at_once_s=60)
    try:
        asked = asker.ask(lambda: 1 // 0)
        assert asker.has_answered(asked)
        assert isinstance(asked.exception(), ZeroDivisionError)
        late = asker.ask(_times_out)
        assert asker.has_answered(late)  # its own TimeoutError is no answer that has yet to come
    finally:
        asker.close()


def _times_out() -> None:
    raise TimeoutError


async def test_a_letter_does_not_wait_for_a_slow_search() -> None:
    desk = CountingDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        desk.may_answer.clear()
        await pilot.press("山")
        await pilot.pause()
        assert app.screen.query_one("#search", Field).value == "山"
        assert app.screen.query_one("#hits", Lines).option_count == 0
        desk.may_answer.set()
        await settle(pilot)
        assert app.screen.query_one("#hits", Lines).option_count > 0


async def test_the_rooms_with_a_key_are_made_ahead_and_nothing_is_read_for_it() -> None:
    desk = CountingDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        while {room.word for _, room in app.near()} - app._screen_stacks.keys():
            await pilot.pause(AHEAD_AFTER_S)
        await settle(pilot)
        assert desk.rosters == 0
        await press(pilot, "f3")
        assert desk.rosters == 1
        assert "[F3 名簿]" in str(app.screen.query_one("#title", Static).content)
        assert app.screen.query_one("#people", Lines).option_count > 0


async def test_behind_the_lock_nothing_is_made_ahead() -> None:
    desk = CountingDesk()
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+l")
        app.make_ahead()
        assert "roster" not in app._screen_stacks


async def test_what_did_not_change_is_not_worked_out_again() -> None:
    app = desk_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        title = app.screen.query_one("#title", Static)
        assert isinstance(title._styles_cache, Remembering)
        whole = title.outer_size.region
        before = title.render_lines(whole)
        assert title.render_lines(whole) is before
        title.update("他")
        assert title.render_lines(whole) is not before
        assert "他" in title.render_lines(whole)[0].text
        kept = title.render_lines(whole)
        await press(pilot, "ctrl+t")
        assert title.render_lines(whole) != kept  # other colours


async def test_a_line_that_fits_is_painted_as_textual_would_paint_it() -> None:
    app = desk_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yama")
        lines = app.screen.query_one("#hits", Lines)
        whole, bar = lines.outer_size.region, lines.scrollbar_size_vertical
        ours = lines.render_lines(whole)
        lines._all_fit = False
        lines.refresh()
        theirs = lines.render_lines(whole)
        assert lines.option_count > 1
        assert [painted(strip)[:-bar] for strip in ours] == [painted(strip)[:-bar] for strip in theirs]


def painted(strip: Strip) -> list[tuple[str, str, str]]:
    """Each character with its colours."""
    return [
        (character, str(style and style.color), str(style and style.bgcolor))
        for text, style, _ in strip
        for character in text
    ]
