"""A screen somebody can go to, by the words it is called and what makes it."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class Room:
    """`word` names a table of words with a `title` and, where the room is in the list of rooms, a `purpose`."""

    word: str
    make: Callable[[], Screen[None]]
