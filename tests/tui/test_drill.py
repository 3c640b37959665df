"""On every screen of a drill stands 訓練, in either language, and its colour is another; no other screen is marked."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.color import Color
from textual.pilot import Pilot
from textual.screen import Screen

import tui
from node.desk.cards import CardMade
from node.installation import Installation
from tests.builders.desk import FakeCoordination, FakeDesk
from tests.builders.nodes import Federation
from tests.builders.screens import SIZE, clipped, coordinate_app, desk_app, press, settle, shown
from tests.builders.trust import WAJIMA
from tests.tui.test_dialogs import GIVEN
from tests.tui.test_walk import COORDINATE_WALK, DESK_WALK, contrast, illegible
from tui.base import Page
from tui.card.symbols import Symbols
from tui.dialogs.turned import Turned, easy
from tui.frame import Frame
from tui.theme import DARK, DRILL_DARK, DRILL_LIGHT, LIGHT, Palette
from tui.words import Words

WORD = "訓練"
MARKS = ("【訓練】", "[DRILL")
CARD = CardMade(subject=bytes(16), name="", kana="", issued_at_ms=0, facets=(), packed=bytes(200))
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


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Installation]:
    """A real node of a drill."""
    world = Federation(tmp_path, drill=True)
    world.add_home(WAJIMA)
    world.install(WAJIMA)
    yield world[WAJIMA]
    world[WAJIMA].close()


async def through_the_rooms(app: Frame) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for room in app.rooms:
            app.switch_mode(room.word)
            await settle(pilot)
            for keys in ((), ("f1",)):
                await press(pilot, *keys)
                assert WORD in shown(pilot), f"{room.word} {keys}\n{shown(pilot)}"
                assert clipped(pilot) == [], f"{room.word} {keys}"
            await press(pilot, "escape")
        await press(pilot, "f10")
        assert WORD in shown(pilot)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_room_of_the_desk_and_its_help(real: Installation, language: str) -> None:
    desk = real.desk("op")
    desk.use_place(desk.create_place("公民館"))
    await through_the_rooms(desk_app(desk, language=language))


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_room_of_the_coordination_and_its_help(real: Installation, language: str) -> None:
    await through_the_rooms(coordinate_app(real.coordination("op"), language=language))


def test_the_only_screens_without_the_title_of_all_say_it_themselves() -> None:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        importlib.import_module(module.name)
    found: list[type[Screen[object]]] = [Screen]
    for kind in found:
        found.extend(kind.__subclasses__())
    ours = {kind for kind in found if kind.__module__.startswith("tui.")}
    assert {kind for kind in ours if not issubclass(kind, Page)} == {Symbols, Turned}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("drill", [True, False])
async def test_what_is_turned_to_the_visitor_or_shown_to_a_scanner(language: str, drill: bool) -> None:
    app = desk_app(FakeDesk(is_drill=drill), language=language)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for screen in (
            Turned([easy("take_back")], Words(language), drill=drill),
            Symbols(CARD, Words(language), drill=drill),
        ):
            app.push_screen(screen)
            await settle(pilot)
            assert (WORD in shown(pilot)) is drill, shown(pilot)


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
