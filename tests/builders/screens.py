"""Screens in a test: eighty by twenty-four cells, no pauses, and a way to wait until everything asked is answered."""

import asyncio
from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from tests.builders.desk import FakeCoordination, FakeDesk
from tui.asked import Coordination, Desk
from tui.base import Page
from tui.coordinate_app import CoordinateApp
from tui.desk_app import DeskApp
from tui.frame import Frame

SIZE = (80, 24)
NEVER_S = 3600.0
ROUNDS = 500
QUIET_ROUNDS = 3


def desk_app(desk: Desk | None = None, *, language: str = "ja", lock_after_minutes: int = 10) -> DeskApp:
    """The desk's screens, which look at the ledger only when told to."""
    return DeskApp(
        desk or FakeDesk(),
        language=language,
        lock_after_minutes=lock_after_minutes,
        look_every_s=NEVER_S,
        typing_pause_s=0,
    )


def room_keys(word: str) -> tuple[str, str]:
    """The keys that open a room of the desk behind the list of rooms, wherever it stands there."""
    return _far_keys(desk_app(), word)


def office_keys(word: str) -> tuple[str, str]:
    """The same of a coordinating office."""
    return _far_keys(coordinate_app(), word)


def _far_keys(app: Frame, word: str) -> tuple[str, str]:
    return "f10", str([room.word for room in app.far()].index(word) + 1)


def coordinate_app(coordination: Coordination | None = None, *, language: str = "ja") -> CoordinateApp:
    """The coordination's screens."""
    return CoordinateApp(coordination or FakeCoordination(), language=language, look_every_s=NEVER_S)


async def settle(pilot: Pilot[int]) -> None:
    """Waits until every question is answered, every message delivered and every answer shown."""
    quiet = 0
    for _ in range(ROUNDS):
        asked = [worker for worker in pilot.app.workers if not worker.is_finished]
        await asyncio.gather(*(worker.wait() for worker in asked), return_exceptions=True)
        if isinstance(pilot.app, Frame) and pilot.app.is_under_way:
            await pilot.pause(0.001)
            quiet = 0
        last = pilot.app.asker.last if isinstance(pilot.app, Frame) else None
        if last is not None and not last.done():
            await asyncio.wait([asyncio.wrap_future(last)])
            quiet = 0
        await pilot.pause(0)
        waiting = any(pump.message_queue_size for pump in (pilot.app, *pilot.app.screen.walk_children(with_self=True)))
        quiet = 0 if asked or waiting else quiet + 1
        if quiet == QUIET_ROUNDS:
            return
    raise AssertionError("the screens never came to rest")


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Presses keys one after the other, as a person does: the next when the last has shown its effect."""
    for key in keys:
        character = CHARACTERS.get(key, key if len(key) == 1 else None)
        pilot.app.post_message(events.Key(key, character))
        await settle(pilot)


async def type_text(pilot: Pilot[int], text: str) -> None:
    """Types a text, character by character."""
    await press(pilot, *(NAMED.get(character, character) for character in text))


CHARACTERS = {"space": " ", "minus": "-", "equals_sign": "=", "full_stop": ".", "question_mark": "?"}
NAMED = {character: name for name, character in CHARACTERS.items()}


def page(pilot: Pilot[int]) -> Page[object]:
    """The page in front."""
    screen = pilot.app.screen
    assert isinstance(screen, Page)
    return screen


def segments(pilot: Pilot[int]) -> Iterator[list[Segment]]:
    """What stands on the screen, line by line."""
    for strip in pilot.app.screen._compositor.render_strips():
        yield list(strip)


def shown(pilot: Pilot[int]) -> str:
    """What stands on the screen, as text."""
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in segments(pilot))


def said(pilot: Pilot[int]) -> str:
    """The last thing said."""
    return str(pilot.app.screen.query_one("#said", Static).content)


def clipped(pilot: Pilot[int]) -> list[str]:
    """Texts that are wider or higher than the room they were given."""
    found = []
    for widget in pilot.app.screen.query(Static):
        lines = str(widget.content).split("\n") if str(widget.content) else []
        room = widget.content_size
        too_wide = any(cell_len(line) > room.width for line in lines)
        if lines and widget.display and (too_wide or len(lines) > room.height):
            found.append(f"{widget!r}: {lines} in {room.width}x{room.height}")
        outside = not widget.screen.region.contains_region(widget.region)
        if widget.display and outside:
            found.append(f"{widget!r} at {widget.region}")
    return found
