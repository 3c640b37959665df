"""What a visitor reads on a screen turned to them: plain Japanese with every reading, English, nothing of anybody."""

import re
import tomllib
from importlib.resources import files

import pytest
from rich.cells import cell_len

from node.paper.form import SHARE
from node.paper.readings import KANJI, with_readings, without_readings
from node.words import paper_word
from tests.builders.desk import FakeDesk
from tests.builders.screens import SIZE, clipped, desk_app, page, press, settle, shown, type_text
from tests.tui.test_walk import walk
from tui.card.screen import CardScreen
from tui.dialogs.answers import SafetyForm
from tui.dialogs.read_aloud import ReadAloud
from tui.dialogs.turned import Turned
from tui.readings import laid_out

EASY: dict[str, str] = tomllib.loads(files("node.locales").joinpath("paper.ja.toml").read_text("utf-8"))["easy"]
TO_CONSENT = ("f3", "enter", "f5", "f5")
TO_ANSWERS = ("f3", "enter", "a")


@pytest.mark.parametrize("key", EASY)
def test_every_kanji_a_visitor_reads_has_its_reading(key: str) -> None:
    unread = [
        written for written, reading in with_readings(EASY[key]) if not reading and re.search(f"[{KANJI}]", written)
    ]
    assert unread == []


@pytest.mark.parametrize("key", EASY)
def test_the_readings_stand_above_what_they_read(key: str) -> None:
    lines = laid_out(EASY[key], 74)
    assert "".join(line for _, line in lines).replace(" ", "") == without_readings(EASY[key]).replace(" ", "")
    for above, line in lines:
        assert cell_len(above) <= cell_len(line) <= 74
    read = [reading for _, reading in with_readings(EASY[key]) if reading]
    assert " ".join(above for above, _ in lines).split() == read


async def test_the_consent_is_shown_with_whom_it_is_for_and_how_long() -> None:
    async with desk_app(FakeDesk()).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *TO_CONSENT)
        assert isinstance(page(pilot), ReadAloud)
        await type_text(pilot, "kanazawa")
        await press(pilot, "enter", "3", "0", "ctrl+e")
        assert isinstance(pilot.app.screen, Turned)
        told = shown(pilot)
        assert ("金沢市" in told, "30日間" in told, "told to 金沢市" in told) == (True, True, True)
        assert "でんわばんごう" in told
        await press(pilot, "enter")
        assert isinstance(page(pilot), ReadAloud)


async def test_what_the_clerk_reads_aloud_is_what_the_visitor_reads() -> None:
    async with desk_app(FakeDesk()).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *TO_CONSENT)
        told = re.sub(r"\s", "", shown(pilot))
        said = without_readings(paper_word("easy.share", "ja", to=paper_word("easy.to_all", "ja")))
        assert re.sub(r"\s", "", said) in told


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_consent_is_asked_for_in_the_same_words_at_reception_on_the_persons_page_and_on_paper(
    language: str,
) -> None:
    on_paper = " ".join(paper_word(f"easy.{key}", language, to=paper_word("easy.to_all", language)) for key in SHARE)
    asked = re.sub(r"\s", "", without_readings(on_paper) if language == "ja" else on_paper)
    async with desk_app(FakeDesk(), language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *TO_CONSENT)
        assert asked in re.sub(r"\s", "", shown(pilot))
        await press(pilot, "escape", "escape", "escape", "f2", "f5")
        page(pilot).query_one("#share").focus()
        await settle(pilot)
        assert asked in re.sub(r"\s", "", shown(pilot))
        assert clipped(pilot) == []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("keys", [TO_CONSENT, TO_ANSWERS, ("card",)], ids=["consent", "answers", "card"])
async def test_nothing_of_anybody_stands_on_a_screen_that_is_turned(keys: tuple[str, ...], language: str) -> None:
    desk = FakeDesk()
    async with desk_app(desk, language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        if keys == ("card",):
            await pilot.app.switch_mode("card")
            await settle(pilot)
        else:
            await press(pilot, *keys)
        assert isinstance(pilot.app.screen, ReadAloud | SafetyForm | CardScreen)
        await press(pilot, "ctrl+e")
        assert isinstance(pilot.app.screen, Turned)
        told = shown(pilot)
        names = {name for each in desk.people for name in (each.name, each.family_name, each.address) if len(name) > 1}
        assert [name for name in {*names, desk.operator, "河井小学校"} if name in told] == []
        assert clipped(pilot) == []


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_turned_screens_are_whole_at_eighty_by_twenty_four(language: str) -> None:
    steps = [TO_CONSENT, ("ctrl+e",), ("escape", *"kanazawa", "enter", *"30", "ctrl+e")]
    await walk(desk_app(FakeDesk(), language=language), steps, over=[Turned])
    await walk(desk_app(FakeDesk(), language=language), [TO_ANSWERS, ("ctrl+e",)])
