"""The list of rooms: every screen that has no key of its own, with what it is for."""

from collections.abc import Sequence

from tui.columns import pad
from tui.dialogs.choice import Choice
from tui.rooms import Room
from tui.words import Words

TITLE_CELLS = 18


class Rooms(Choice):
    """Answers the word of the room chosen."""

    HELP_WORD = "help.rooms"

    def __init__(self, rooms: Sequence[Room]) -> None:
        super().__init__(
            lambda words: words("rooms.question"),
            [(room.word, lambda words, word=room.word: _told(words, word)) for room in rooms],  # type: ignore[misc]
            title="rooms.title",
        )


def _told(words: Words, word: str) -> str:
    return f"{pad(words(f'{word}.title'), TITLE_CELLS)}{words(f'{word}.purpose')}"
