"""Reads the readings in plain Japanese, "書(か)く": what is written, and how the kanji in it are read. Pure."""

import re
from typing import Final

KANJI: Final = "\u3005\u3400-\u9fff"
_READ: Final = re.compile(rf"([0-9]*[{KANJI}]+)\(([\u3041-\u309f\u30fc]+)\)")


def with_readings(said: str) -> list[tuple[str, str]]:
    """Pieces of the text in their order, each with its reading; "" where it reads itself."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for found in _READ.finditer(said):
        if found.start() > at:
            pieces.append((said[at : found.start()], ""))
        pieces.append((found[1], found[2]))
        at = found.end()
    return [*pieces, (said[at:], "")] if at < len(said) else pieces


def without_readings(said: str) -> str:
    """The text as it is read aloud."""
    return "".join(written for written, _ in with_readings(said))
