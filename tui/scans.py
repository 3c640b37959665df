"""A symbol that is scanned where nothing takes it: more digits than anybody types, and Enter, in one burst of keys."""

from collections.abc import Sequence
from typing import Final

from textual import events

BURST_S: Final = 0.05
"""A scanner's keys follow each other faster than this; nobody types so."""
DIGITS_LEAST: Final = 9
"""A check-in sheet's number has so many, all other symbols have more."""


def is_digit(event: events.Event) -> bool:
    """Whether the key of a digit was pressed."""
    return isinstance(event, events.Key) and event.character is not None and event.character.isdecimal()


def scan_at_the_head(typed: Sequence[events.Event]) -> int:
    """How many of the keys, from the first on, are a scanner's; 0 where they are a person's."""
    digits = next((number for number, event in enumerate(typed) if not is_digit(event)), len(typed))
    if digits < DIGITS_LEAST:
        return 0
    ends = digits < len(typed) and isinstance(end := typed[digits], events.Key) and end.key == "enter"
    return digits + int(ends)
