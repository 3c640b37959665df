"""Reads the coded words of rosters and reports: sex, yes and no, open and closed, how much is left."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_SPACE: Final = re.compile(r"\s+")
_NUMBER: Final = re.compile(r"([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,9})(\.0+)?\s*[人名世帯戸]*")


def folded(text: str) -> str:
    """A word as it is compared."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def word(kind: str, text: str) -> str | None:
    """The code of a word, "" for an empty cell, None for a word not in the list."""
    return (_words(kind).get(text) or _words(kind).get(folded(text))) if text else ""


def read_flag(text: str) -> tuple[bool, bool]:
    """Whether a flag is set, and whether its word was known. An unknown word sets it: it protects somebody."""
    meaning = word("flag", text)
    return meaning not in ("", "no"), meaning is not None


def read_count(text: str) -> int | None:
    """A number of people, with or without its unit; None for anything else. Empty is unknown, not 0."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(match[1].replace(",", "")) if match else None


@cache
def _words(kind: str) -> Mapping[str, str]:
    tables = tomllib.loads(files("node.exchange").joinpath("words.toml").read_text(encoding="utf-8"))
    return {folded(text): code for code, texts in tables[kind].items() for text in texts}
