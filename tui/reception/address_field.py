"""The field for an address: two keys write what most addresses begin with."""

import unicodedata
from collections.abc import Callable
from typing import Final

from textual.message import Message

from tui.fields import Field

SAME_AS_LAST: Final = "="
THIS_TOWN: Final = "."


class AddressField(Field):
    """As the first key, `=` writes the whole address of the last person and `.` the name of the town.

    What comes behind them in the same burst is typed behind what they wrote.
    """

    class NoneBefore(Message):
        """There is no last address to write."""

    def __init__(self, name: str, value: str, *, town: str, last: Callable[[], str]) -> None:
        super().__init__(name, value)
        self._town = town
        self._last = last

    def insert_text_at_cursor(self, text: str) -> None:
        """Writes what a first key stands for."""
        first = unicodedata.normalize("NFKC", text[:1])
        if self.value or first not in (SAME_AS_LAST, THIS_TOWN):
            super().insert_text_at_cursor(text)
        elif first == THIS_TOWN:
            super().insert_text_at_cursor(f"{self._town}{text[1:]}")
        elif self._last():
            super().insert_text_at_cursor(f"{self._last()}{text[1:]}")
            self.screen.focus_next(Field)
        else:
            self.post_message(self.NoneBefore())
