"""What the demo says, in the language asked for."""

import tomllib
from pathlib import Path
from typing import Any

LANGUAGES = ("ja", "en")


class Words:
    """The word list of one language."""

    def __init__(self, language: str) -> None:
        self._lists = read(language)

    def step(self, key: str, **figures: Any) -> str:
        """The headline of a step."""
        return self._lists["steps"][key].format(**figures)

    def check(self, key: str, **figures: Any) -> str:
        """What was checked, with its figures."""
        return self._lists["checks"][key].format(**figures)

    def frame(self, key: str, **figures: Any) -> str:
        """What is said before and after the story."""
        return self._lists["frame"][key].format(**figures)


def read(language: str) -> dict[str, dict[str, str]]:
    """The word list as it stands in its file."""
    return tomllib.loads((Path(__file__).parent / f"words.{language}.toml").read_text(encoding="utf-8"))
