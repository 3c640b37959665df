"""On every screen of a drill stands 訓練, in either language, and its colour is another; no other screen is marked."""

import pytest
from textual.color import Color
from textual.pilot import Pilot

from tests.builders.desk import FakeCoordination, FakeDesk
from tests.builders.screens import SIZE, clipped, coordinate_app, desk_app, press, settle, shown
from tests.tui.test_dialogs import GIVEN
from tests.tui.test_walk import COORDINATE_WALK, DESK_WALK, contrast, illegible
from tui.frame import Frame
from tui.theme import DARK, DRILL_DARK, DRILL_LIGHT, LIGHT, Palette

WORD = "訓練"
MARKS = ("【訓練】", "[DRILL")
BEHIND_F10 = [("f10",), *[("f10", str(number)) for number in range(1, 9)]]
LOCKED = [("escape", "escape", "escape", "ctrl+l")]


async def walked(app: Frame, steps: list[tuple[str, ...]], *, drill: bool) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for number, keys in enumerate(steps):
            await press(pilot, *keys)
            where = f"step {number} {keys}: {app.screen!r}\n{shown(pilot)}"
            if not drill:  # among the purposes of a search the word stands anywhere
                assert [mark for mark in MARKS if mark in shown(pilot)] == [], where
            else:
                assert WORD in shown(pilot), where
                assert clipped(pilot) == [], where
                assert illegible(pilot) == set(), where


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("drill", [True, False])
async def test_the_desk(language: str, drill: bool) -> None:
    app = desk_app(FakeDesk(given=[GIVEN], is_drill=drill), language=language)
    await walked(app, [*DESK_WALK, *LOCKED], drill=drill)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("drill", [True, False])
async def test_the_coordination(language: str, drill: bool) -> None:
    app = coordinate_app(FakeCoordination(is_drill=drill), language=language)
    await walked(app, [*COORDINATE_WALK, *LOCKED], drill=drill)


@pytest.mark.parametrize("palette", [DRILL_DARK, DRILL_LIGHT], ids=["dark", "light"])
def test_every_pair_of_a_drills_colours_has_the_contrast_of_wcag_aa(palette: Palette) -> None:
    pairs = [(palette.chosen_ink, palette.chosen_paper), (palette.chosen_ink, palette.quiet)]
    pairs += [(palette.line_ink, palette.line_paper), (palette.good, palette.paper)]
    for ink in (palette.ink, palette.quiet, palette.attention):
        pairs += [(ink, palette.paper), (ink, palette.field_paper)]
    assert [pair for pair in pairs if contrast(Color.parse(pair[0]), Color.parse(pair[1])) < 4.5] == []


def test_its_colours_are_others() -> None:
    for real, drill in ((DARK, DRILL_DARK), (LIGHT, DRILL_LIGHT)):
        assert {real.paper, real.line_paper, real.field_paper}.isdisjoint(
            {drill.paper, drill.line_paper, drill.field_paper}
        )


async def test_light_and_dark_are_both_the_drills_own() -> None:
    app = desk_app(FakeDesk(is_drill=True))

    async def themes(pilot: Pilot[int]) -> set[str]:
        seen = {app.theme}
        await press(pilot, "ctrl+t")
        return seen | {app.theme}

    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert await themes(pilot) == {"moyai-drill", "moyai-drill-light"}
