"""Says in Japanese or English why a row was refused or how it was mended."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def row_words(reason: str, language: str) -> str:
    """The sentence for a reason or a note; the reason itself where there is none."""
    return _sentences(language).get(reason, reason)


@cache
def _sentences(language: str) -> Mapping[str, str]:
    table = tomllib.loads(files("node.locales").joinpath(f"rows.{language}.toml").read_text(encoding="utf-8"))
    return {reason: sentence for section in table.values() for reason, sentence in section.items()}
