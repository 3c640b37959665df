"""The list of rooms: each stands on one line, in both languages, at eighty by twenty-four."""

import pytest
from textual.widgets import Input

from tests.builders.screens import coordinate_app, desk_app, page, press, settle, shown
from tui.frame import Frame
from tui.reception.screen import Reception


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("make", [desk_app, coordinate_app], ids=["desk", "office"])
async def test_every_room_is_told_on_one_line(make: type[Frame], language: str) -> None:
    app = make(language=language)  # type: ignore[call-arg]
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *(["escape"] if len(app.screen_stack) > 1 else []), "f10")
        lines = shown(pilot).splitlines()
        for room in app.far():
            title, purpose = app.words(f"{room.word}.title"), app.words(f"{room.word}.purpose")
            assert [line for line in lines if title in line and purpose in line], room.word


@pytest.mark.parametrize("away", [("f3",), ("f10", "f3")], ids=["by its key", "over the list"])
async def test_help_that_was_left_for_another_room_is_gone_at_the_next_visit(away: tuple[str, ...]) -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f1", *away, "f2", *"yama")
        assert isinstance(page(pilot), Reception)
        assert page(pilot).query_one("#search", Input).value == "yama"
