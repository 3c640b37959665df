"""Says a finding in Japanese or English: its name, its sentence, and what to do now."""

from typing import Final

from node.doctor.finding import Finding
from node.words import doctor_word, reason_sentence

MINUTE_MS: Final = 60_000
SPANS: Final = (("days", 86_400_000), ("hours", 3_600_000), ("minutes", MINUTE_MS), ("seconds", 1_000))
TWICE: Final = 2
"""In a unit of which there are fewer than two it would be said too coarsely."""
SIZES: Final = (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10))


def name_of(one: Finding, language: str) -> str:
    """What was looked at."""
    return doctor_word(f"name.{one.check}", language)


def sentence_of(one: Finding, language: str) -> str:
    """What was found."""
    return doctor_word(f"{one.check}.{one.what}", language, **_shown(one, language))


def hint_of(one: Finding, language: str) -> str:
    """What to do now; empty where nothing is to be done."""
    if not one.grade:
        return ""
    return doctor_word(f"{one.check}.{one.what}_hint", language, **_shown(one, language))


def span(ms: int, language: str) -> str:
    """A span of time, in the largest unit of which there are two."""
    unit, each = next((one for one in SPANS if abs(ms) >= TWICE * one[1]), SPANS[-1])
    return doctor_word(f"span.{unit}", language, count=ms // each)


def size(count: int) -> str:
    """A number of bytes as a person reads it."""
    unit, each = next((one for one in SIZES if count >= one[1]), ("B", 1))
    return f"{count / each:.1f} {unit}" if each > 1 else f"{count} B"


def _shown(one: Finding, language: str) -> dict[str, str | int]:
    return {name: _as_read(name, value, language) for name, value in one.values.items()}


def _as_read(name: str, value: str | int, language: str) -> str | int:
    if name.endswith("_ms") and isinstance(value, int):
        return span(value, language)
    if name.endswith("_bytes") and isinstance(value, int):
        return size(value)
    if name == "reason":
        return reason_sentence(str(value), language)
    return value
