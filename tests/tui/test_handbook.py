"""The handbook names only keys, words and pictures that the screens have: what is renamed there is renamed here."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len
from textual.binding import Binding, BindingType

from node.reference.codes import CARE_NEEDS
from tests.builders.screens import coordinate_app, desk_app
from tests.tui.drawing import CELL, LINE
from tests.tui.make_handbook import PICTURES, names
from tui.base import SHOWN_KEYS, Page
from tui.desk_app import DeskApp
from tui.words import LANGUAGES, word_list

HANDBOOK = PICTURES.parent / "HANDBOOK.ja.md"
CARD = PICTURES / "card.ja.md"
PAGES = [HANDBOOK, CARD]
KEY = re.compile(r"(?<!!)\[([^\[\]\s]+)\](?!\()")
KEY_AND_WORD = re.compile(r"\[([^\[\]\s]+)\]「([^」]+)」")
WORD = re.compile(r"「((?:[^「」]|「[^」]*」)+)」")
LETTER_AND_WORD = re.compile(r"`([a-z0-9])` ([\u30a0-\u9fff][^`、。|\s]*)")
PICTURE = re.compile(r"!\[([^\]]+)\]\(handbook/([a-z-]+)\.svg\)")
MARKED = re.compile(r"\[(F\d+) ([^\]]+)\]")
FOOT = re.compile(r"\[([^\]]+)\](.+?)(?=\s+\[|$)")
FOOT_LINES = 3
TITLE_LINE = 2


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def pages(kind: type[Page[object]] = Page) -> Iterator[type[Page[object]]]:
    for each in kind.__subclasses__():
        yield each
        yield from pages(each)


def bound(bindings: list[BindingType], language: str) -> Iterator[tuple[str, str]]:
    """Key and word of each binding that has a word."""
    words = word_list(language)
    for binding in bindings:
        if isinstance(binding, Binding) and binding.description in words:
            for key in binding.key.split(","):
                shown = SHOWN_KEYS.get(key, _held(key) if "+" in key else key.upper())
                yield shown, words[binding.description]


def _held(key: str) -> str:
    return f"Ctrl+{key.partition('+')[2].upper()}"


@cache
def keys(language: str) -> set[tuple[str, str]]:
    """Every key of every screen with its word, and the keys that lead to the screens."""
    found: set[tuple[str, str]] = set()
    for kind in (*DeskApp.__mro__, Page, *pages()):
        found |= set(bound(list(kind.__dict__.get("BINDINGS", ())), language))
    words = word_list(language)
    apps = (desk_app(), coordinate_app())
    rooms = [each for app in apps for each in (*app.near(), *(("F10", room) for room in app.far()))]
    found.add(("F5", words["key.roll_call_anew"]))  # of a roll call under way; its key says something else then
    return found | {(key, words[f"{room.word}.title"]) for key, room in rooms}


def said() -> re.Pattern[str]:
    """All words, and each sentence of those that have several; whatever stands for a placeholder."""
    whole = {word for word in word_list("ja").values() if word}
    parts = whole | {part for word in whole for part in re.split(r"(?<=[。?])\s*", word) if part}
    return re.compile("|".join(_any(part) for part in sorted(parts, key=len, reverse=True)))


@cache
def titles() -> re.Pattern[str]:
    """The words at the heads of pages, in every language."""
    lists = [word_list(language) for language in LANGUAGES]
    named = {page.TITLE_WORD for page in pages()} | {key for key in lists[0] if "title" in key.rpartition(".")[2]}
    return re.compile("|".join(_any(words[key]) for words in lists for key in sorted(named) if key in words))


def _any(word: str) -> str:
    """The word, its placeholders as they stand in the list or filled in; of nothing but a placeholder, nothing."""
    pieces = list(Formatter().parse(word))
    if not any(literal.strip() for literal, *_ in pieces):
        return "(?!)"
    return "".join(re.escape(literal) + ("(?:.+?)" if name else "") for literal, name, *_ in pieces)


def lines(picture: Path) -> list[str]:
    """What stands in a picture, line by line, the blanks between included."""
    rows: dict[int, str] = {}
    for found in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text"):
        row, at = int(found.attrib["y"]) // LINE, int(found.attrib["x"]) // CELL
        before = rows.get(row, "")
        rows[row] = before + " " * (at - cell_len(before)) + (found.text or "")
    return [rows.get(row, "").strip() for row in range(max(rows) + 1)]


def test_the_pictures_are_those_that_are_drawn_and_each_is_in_the_handbook() -> None:
    kept = {path.stem for path in PICTURES.glob("*.svg")}
    assert kept == set(names())
    assert [name for _, name in PICTURE.findall(text(HANDBOOK)) if name not in kept] == []
    assert kept == {name for _, name in PICTURE.findall(text(HANDBOOK))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_key_is_one_that_some_screen_has(page: Path) -> None:
    there = {key for key, _ in keys("ja")} | {"秘匿"}
    assert sorted({key for key in KEY.findall(text(page)) if key not in there}) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_key_does_what_the_handbook_says_it_does(page: Path) -> None:
    there = keys("ja")
    pairs = KEY_AND_WORD.findall(text(page))
    assert pairs
    assert sorted({pair for pair in pairs if pair not in there}) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_word_in_quotes_is_one_that_the_screens_say(page: Path) -> None:
    there = said()
    words = WORD.findall(text(page))
    assert words
    assert sorted({word for word in words if not there.fullmatch(word)}) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_letter_stands_for_what_the_form_says(page: Path) -> None:
    care = {need.japanese: need.letter for need in CARE_NEEDS}
    supply = {word_list("ja")[f"supply_word.{number}"]: str(number) for number in (1, 2, 3)}
    pairs = LETTER_AND_WORD.findall(text(page))
    assert pairs
    assert [(letter, word) for letter, word in pairs if {**care, **supply}.get(word) != letter] == []


@pytest.mark.parametrize("name", names())
def test_a_picture_shows_the_keys_and_the_title_of_today(name: str) -> None:
    shown = lines(PICTURES / f"{name}.svg")
    pairs = {pair for language in LANGUAGES for pair in keys(language)}
    foot = [pair for line in shown[-FOOT_LINES:] if line.startswith("[") for pair in FOOT.findall(line)]
    assert foot
    assert [pair for pair in foot if pair not in pairs] == []
    room = MARKED.search(shown[TITLE_LINE])
    title = re.split(r"\s{2,}", shown[TITLE_LINE])[0]
    assert room.groups() in pairs if room else titles().fullmatch(title), title
