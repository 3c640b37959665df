"""The words of the screens in Japanese or English: every one of them stands in locales, none in the code.

Each room has a list of its own, `locales/ROOM.LANGUAGE.toml`; what they say is one list. What commands say in the same
words stands below, in the list of the node.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("ja", "en")
SHARED = ("pairs",)
"""Lists of the node that the screens speak from as well."""


class Words:
    """The words of one language, called by key: `words("roster.title")`."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._list = word_list(self.language)

    def __call__(self, key: str, **values: str | int) -> str:
        """The word under `key` ("table.name"), its placeholders filled.

        Raises:
            KeyError: no such word; a test holds all keys of the code against the lists.
        """
        return self._list[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a word."""
        return key in self._list

    def either(self, key: str, fallback: str) -> str:
        """The word under `key`, else `fallback`: for codes that newer nodes may send."""
        return self._list.get(key, fallback)


@cache
def word_list(language: str) -> dict[str, str]:
    """All words of a language, by "table.name"."""
    lists = sorted(files("tui").joinpath("locales").iterdir(), key=lambda each: each.name)
    lists += [files("node").joinpath("locales", f"{name}.{language}.toml") for name in SHARED]
    texts = [each.read_text(encoding="utf-8") for each in lists if each.name.endswith(f".{language}.toml")]
    return {key: word for text in texts for key, word in _flat("", tomllib.loads(text))}


def _flat(above: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{above}.{name}" if above else name
        found += _flat(key, value) if isinstance(value, dict) else [(key, str(value))]
    return found
