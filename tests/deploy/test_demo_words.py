"""The demo's two word lists say the same things, and say nothing the story does not use."""

import re
from pathlib import Path
from string import Formatter

from deploy.demo.words import LANGUAGES, read

DEMO = Path(__file__).parents[2] / "deploy" / "demo"


def test_every_language_has_every_word_with_the_same_figures():
    shapes = [_shape(read(language)) for language in LANGUAGES]
    assert all(shape == shapes[0] for shape in shapes)


def test_every_word_is_used():
    source = "\n".join(path.read_text(encoding="utf-8") for path in DEMO.glob("*.py"))
    used = set(re.findall(r'"([a-z_]+)"', source))
    assert {key for words in read("en").values() for key in words} <= used


def _shape(lists):
    return {
        (section, key): sorted(name for _, name, _, _ in Formatter().parse(text) if name)
        for section, words in lists.items()
        for key, text in words.items()
    }
