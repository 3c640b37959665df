"""A walk through every screen at eighty by twenty-four, in both languages: nothing cut off, everything legible."""

import unicodedata

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.color import Color
from textual.pilot import Pilot

from tests.builders.desk import FakeCoordination, FakeDesk
from tests.builders.screens import SIZE, clipped, coordinate_app, desk_app, press, segments, settle
from tests.tui.test_dialogs import GIVEN
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
    return {character for character in text if unicodedata.east_asian_width(character) == "A"}


async def walk(app: App[int], steps: list[tuple[str, ...]]) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for number, keys in enumerate(steps):
            await press(pilot, *keys)
            where = f"step {number} {keys}: {app.screen!r}"
            assert clipped(pilot) == [], where
            assert illegible(pilot) == set(), where
            assert unsettled(pilot) == set(), where
            assert {sum(cell_len(segment.text) for segment in line) for line in segments(pilot)} == {SIZE[0]}, where


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
    await walk(desk_app(FakeDesk(given=[GIVEN]), language=language), DESK_WALK)


async def test_the_light_desk_is_as_legible() -> None:
    await walk(desk_app(FakeDesk(given=[GIVEN])), [("ctrl+t",), *DESK_WALK])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_coordination_is_whole_at_eighty_by_twenty_four(language: str) -> None:
    await walk(coordinate_app(FakeCoordination(), language=language), COORDINATE_WALK)
