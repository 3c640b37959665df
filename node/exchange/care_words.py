"""Reads special needs (要配慮) from the words of a roster."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from node.exchange.words import word
from node.reference.codes import BY_CODE


@lru_cache(maxsize=4096)
def read_care(text: str) -> tuple[tuple[str, ...], bool]:
    """The codes a cell names, each once, and whether all was understood.

    Codes themselves are understood, a list of them too. A bare yes is "other", and so is a word that is not known:
    somebody wrote that this person needs something.
    """
    if not text or word("flag", text) == "no":
        return (), True
    listed = re.split(r"[\s,;、・/]+", text)
    if all(part in BY_CODE for part in listed):
        return tuple(sorted(set(listed))), True
    if word("flag", text) == "yes":
        return ("other",), True
    codes = {_words()[found] for found in _pattern().findall(unicodedata.normalize("NFKC", text))}
    if len(codes) > 1:
        codes.discard("other")
    return tuple(sorted(codes or {"other"})), bool(codes)


@cache
def _words() -> Mapping[str, str]:
    tables = tomllib.loads(files("node.exchange").joinpath("care_words.toml").read_text(encoding="utf-8"))
    return {unicodedata.normalize("NFKC", text): code for code, texts in tables.items() for text in texts}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
