"""A walk through every screen at eighty by twenty-four, in both languages: nothing cut off, everything legible."""

import ast
import importlib
import pkgutil
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len, set_cell_size
from textual.app import App
from textual.color import Color
from textual.pilot import Pilot
from textual.screen import Screen

import tui
from node.paper.blocks import HALVES
from tests.builders.desk import FakeCoordination, FakeDesk
from tests.builders.screens import SIZE, clipped, coordinate_app, desk_app, press, segments, settle
from tests.tui.test_dialogs import GIVEN
from tui.applications.form import RowsForm
from tui.base import Page
from tui.card.symbols import Symbols
from tui.dialogs.choice import Choice
from tui.dialogs.consents import Consents
from tui.dialogs.help import Help
from tui.dialogs.leaving import WhichTown
from tui.dialogs.person import Person
from tui.dialogs.place import Places
from tui.dialogs.read_aloud import ReadAloud
from tui.dialogs.typed_word import TypedWord
from tui.fields import Field
from tui.lines import MARK, REFUSED_MARK, Lines
from tui.reception.form import NewForm
from tui.reception.household import Household
from tui.reception.person_form import PersonForm
from tui.reception.screen import Reception
from tui.roster.screen import Roster
from tui.search.screen import SearchAcross
from tui.sending.screen import Sending
from tui.sending.stick import Stick
from tui.shelters.screen import Shelters
from tui.theme import DARK, LIGHT, Palette

LEAST_CONTRAST = 4.5
"""WCAG 2.2 AA, text of ordinary size."""

DESK_WALK: list[tuple[str, ...]] = [
    (),
    (*"yama",),
    ("enter",),
    ("f6",),
    ("f1",),
    ("escape", "f5"),
    ("f5",),
    ("escape", "escape", "escape", "f7"),
    ("escape", "escape", "f5", "f5"),
    ("鈴", "木", "enter", "enter"),
    ("enter", "enter"),
    *[("enter",)] * 10,
    ("escape",),
    ("f8",),
    ("f5",),
    ("escape", "f3"),
    ("1",),
    ("2",),
    ("3",),
    ("4",),
    ("5",),
    ("6",),
    ("1", "f7"),
    ("6",),
    ("escape", "f7", "7"),
    ("escape", "enter"),
    ("f6",),
    ("escape", "delete"),
    ("escape", "f5", "f7"),
    ("escape", "escape", "escape", "f4"),
    ("down",),
    ("f6",),
    ("escape", "f7"),
]
COORDINATE_WALK: list[tuple[str, ...]] = [(), ("f6",), ("f1",), ("escape", "f3"), ("2", "山", "enter"), ("f4",)]


def contrast(foreground: Color, background: Color) -> float:
    """The ratio of WCAG 2: from 1 to 21."""

    def luminance(color: Color) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    lighter, darker = sorted((luminance(foreground), luminance(background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def illegible(pilot: Pilot[int]) -> set[tuple[str, str, float]]:
    """Pairs of colours on the screen that are too close to one another."""
    found = set()
    for line in segments(pilot):
        for segment in line:
            style = segment.style
            if not segment.text.strip() or style is None or style.color is None or style.bgcolor is None:
                continue
            pair = (Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
            ratio = contrast(*pair)
            if ratio < LEAST_CONTRAST:
                found.add((pair[0].hex, pair[1].hex, round(ratio, 2)))
    return found


def unsettled(pilot: Pilot[int]) -> set[str]:
    """Characters on the screen that are one cell wide in one terminal and two in another."""
    text = "".join(segment.text for line in segments(pilot) for segment in line)
    if isinstance(pilot.app.screen, Symbols):  # it says itself what to do where its blocks are torn
        text = text.translate(dict.fromkeys(map(ord, HALVES.values())))
    return {character for character in text if unicodedata.east_asian_width(character) == "A"}


def only_coloured(pilot: Pilot[int]) -> list[str]:
    """What is chosen or in hand and has no mark that is seen without its colour."""
    told = ["".join(segment.text for segment in line) for line in segments(pilot)]
    fields = [field for field in pilot.app.screen.query(Field) if field.region]
    found = []
    for field in fields:
        if field is pilot.app.screen.focused and len(fields) > 1:
            before = set_cell_size(told[field.region.y], field.region.x)
            found += [] if MARK in before or REFUSED_MARK in before else [f"{field!r}: {before!r}"]
    for lines in pilot.app.screen.query(Lines):
        shown = [line[lines.region.x :] for line in told[lines.region.y : lines.region.bottom]]
        if lines.highlighted is not None and lines.option_count and lines.region:
            found += [] if [line for line in shown if line.startswith(MARK)] else [f"{lines!r}"]
    return found


async def walk(app: App[int], steps: list[tuple[str, ...]], *, over: Collection[type[Screen[Any]]] = ()) -> None:
    """Walks the steps, and looks at the screen after each; `over` are screens that are passed on the way."""
    passed: set[type[Screen[Any]]] = set()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for number, keys in enumerate(steps):
            await press(pilot, *keys)
            passed.add(type(app.screen))
            where = f"step {number} {keys}: {app.screen!r}"
            assert clipped(pilot) == [], where
            assert illegible(pilot) == set(), where
            assert unsettled(pilot) == set(), where
            assert only_coloured(pilot) == [], where
            assert {sum(cell_len(segment.text) for segment in line) for line in segments(pilot)} == {SIZE[0]}, where
    assert set(over) <= passed


def screens() -> set[str]:
    """Every screen, page and dialog there is, by name; without what only others are made of."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        importlib.import_module(module.name)
    found: list[type[Screen[Any]]] = [Screen]
    for kind in found:
        found.extend(kind.__subclasses__())
    ours = [kind for kind in found if kind.__module__.startswith("tui.")]
    assert len({kind.__name__ for kind in ours}) == len(ours)
    return {kind.__name__ for kind in ours} - {Page.__name__, RowsForm.__name__, PersonForm.__name__}


def passed_in_every_language(path: Path) -> Iterator[str]:
    """The screens that walks of a file say they pass, where the test is there for each language."""
    for test in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(test, ast.AsyncFunctionDef) and "language" in {each.arg for each in test.args.args}:
            for call in ast.walk(test):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == walk.__name__:
                    over = [keyword.value for keyword in call.keywords if keyword.arg == "over"]
                    yield from (node.id for each in over for node in ast.walk(each) if isinstance(node, ast.Name))


def test_every_screen_is_passed_in_a_walk_in_every_language() -> None:
    named = {name for path in Path(__file__).parent.glob("test_*.py") for name in passed_in_every_language(path)}
    assert screens() - named == set()


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_every_pair_of_the_theme_has_the_contrast_of_wcag_aa(palette: Palette) -> None:
    pairs = [(palette.chosen_ink, palette.chosen_paper), (palette.chosen_ink, palette.quiet)]
    pairs += [(palette.line_ink, palette.line_paper), (palette.good, palette.paper)]
    for ink in (palette.ink, palette.quiet, palette.attention):
        pairs += [(ink, palette.paper), (ink, palette.field_paper)]
    weak = [pair for pair in pairs if contrast(Color.parse(pair[0]), Color.parse(pair[1])) < LEAST_CONTRAST]
    assert weak == []


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_desk_is_whole_at_eighty_by_twenty_four(language: str) -> None:
    app = desk_app(FakeDesk(given=[GIVEN]), language=language)
    await walk(
        app,
        DESK_WALK,
        over=[
            *(Reception, Household, NewForm, Roster, Sending, Stick, Help),
            *(Choice, Places, WhichTown, Person, Consents, ReadAloud, TypedWord),
        ],
    )


async def test_the_light_desk_is_as_legible() -> None:
    await walk(desk_app(FakeDesk(given=[GIVEN])), [("ctrl+t",), *DESK_WALK])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_coordination_is_whole_at_eighty_by_twenty_four(language: str) -> None:
    app = coordinate_app(FakeCoordination(), language=language)
    await walk(app, COORDINATE_WALK, over=[Shelters, SearchAcross, Sending])
