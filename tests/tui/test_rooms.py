"""The list of rooms: each stands on one line, in both languages, at eighty by twenty-four."""

import pytest

from tests.builders.screens import coordinate_app, desk_app, press, settle, shown
from tui.frame import Frame


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
