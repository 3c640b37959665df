"""Draws deploy/pictures/desk.svg, the picture in the README: the reception with made-up people. Run it by hand."""

import asyncio
from dataclasses import replace
from pathlib import Path

from tests.builders.desk import FakeDesk
from tests.builders.screens import SIZE, desk_app, press, settle
from tests.tui.drawing import drawing

PICTURE = Path(__file__).parents[2] / "deploy" / "pictures" / "desk.svg"


async def drawn() -> str:
    """Types two syllables at a made-up shelter, and draws what stands there then."""
    desk = FakeDesk()
    desk.people = [replace(person, conflict=False) for person in desk.people]
    app = desk_app(desk)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yama")
        return drawing(pilot, title="moyai desk")


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(asyncio.run(drawn()), encoding="utf-8")
