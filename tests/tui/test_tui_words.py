"""The word lists: complete in both languages, used, and of characters whose width every terminal agrees on."""

import ast
import re
import tomllib
import unicodedata
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import tui
from tui.reception.advice import SAYS
from tui.reception.form import NAMES
from tui.roster.screen import WHICH
from tui.words import LANGUAGES, Words, word_list

SOURCES = sorted(Path(tui.__file__).parent.rglob("*.py"))
BEGINNINGS = {"card.extra_", "forms.none_"}
"""Keys that are put together; the screens that do so are walked in both languages."""
KEY = re.compile(r"^[a-z_]+\.[a-zA-Z_0-9]+$")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _strings(path: Path) -> list[str]:
    """The string constants of a module, its docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    described |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described
    ]


def flattened(table: dict[str, Any], above: str = "") -> list[str]:
    """The keys of a list, "table.name"."""
    return [
        key
        for name, value in table.items()
        for key in (flattened(value, f"{above}{name}.") if isinstance(value, dict) else [f"{above}{name}"])
    ]


def test_both_languages_have_the_same_words() -> None:
    assert set(word_list("ja")) == set(word_list("en"))


def test_no_word_is_said_in_two_lists() -> None:
    lists = Path(tui.__file__).parent.joinpath("locales").glob("*.ja.toml")
    keys = [key for each in lists for key in flattened(tomllib.loads(each.read_text(encoding="utf-8")))]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_both_languages_fill_in_the_same_values() -> None:
    def values(sentence: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}

    japanese, english = word_list("ja"), word_list("en")
    assert {key: values(word) for key, word in japanese.items()} == {key: values(word) for key, word in english.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_has_a_character_of_unsettled_width(language: str) -> None:
    unsettled = {
        key: character
        for key, word in word_list(language).items()
        for character in word
        if unicodedata.east_asian_width(character) == "A"
    }
    assert unsettled == {}


def test_every_key_in_the_code_is_in_the_lists() -> None:
    known = set(word_list("ja"))
    sections = {key.partition(".")[0] for key in known}
    missing = {
        text
        for path in SOURCES
        for text in _strings(path)
        if KEY.match(text) and text.partition(".")[0] in sections and text not in known | BEGINNINGS
    }
    assert missing == set()


def test_every_key_that_is_put_together_is_in_the_lists() -> None:
    words = Words("en")
    keys = [f"roster.{which}" for which in WHICH]
    keys += [f"form.{name}" for name in NAMES] + [f"advice.{name}" for name in NAMES if name not in SAYS]
    keys += [f"{screen}.title" for screen in ("reception", "roster", "sending", "shelters", "search")]
    assert [key for key in keys if not words.has(key)] == []


def test_no_screen_has_words_of_its_own() -> None:
    typed = {"男", "女", "ッ", "ー", "、。）」：・", "（「"}
    spoken = [
        (path.name, text) for path in SOURCES for text in _strings(path) if JAPANESE.search(text) and text not in typed
    ]
    assert spoken == []
