"""A field for kana: romaji become katakana while they are typed, syllable by syllable, without any input method."""

import unicodedata
from typing import Any, Final

from textual import events

from node.people.kana import LONG, is_kana, is_romaji, to_katakana
from node.people.kana_typed import as_typed, katakana_typed, with_long_marks
from tui.fields import Field

MARKS: Final = frozenset("'-")
"""What stands between letters, as in shin'ichi; behind a vowel a hyphen makes it long."""
EDITING: Final = frozenset({"backspace", "delete", "left", "right", "home", "end", "ctrl+h"})
"""Keys with which one stays in the word."""


class KanaField(Field):
    """Remembers the letters of the word at the cursor: what an `n` or an `h` means is known only by what follows."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._letters = ""
        """What was typed of this word."""
        self._shown = ""
        """What stands there for it, just before the cursor."""

    def insert_text_at_cursor(self, text: str) -> None:
        """Takes letters one by one, and kana of any kind as katakana."""
        plain = unicodedata.normalize("NFKC", text)
        if is_romaji(plain) or plain in MARKS:
            for letter in plain:
                self._take(letter)
        else:
            self.end_word()
            super().insert_text_at_cursor(to_katakana(text) if is_kana(text) else text)

    async def on_key(self, event: events.Key) -> None:
        """A key that leaves the word ends it: what still waits for a vowel has none."""
        if not event.is_printable and event.key not in EDITING:
            self.end_word()
        await super().on_key(event)

    def on_blur(self) -> None:
        """The field is left by other ways than a key."""
        self.end_word()

    def end_word(self) -> None:
        """Whoever typed `ken` means ケン, and `satoh` サトウ; what is no Japanese after all stands as it was typed."""
        if self._stands():
            self._show(katakana_typed(self._letters))
        self._letters = self._shown = ""

    def _take(self, letter: str) -> None:
        if not self._stands():
            self._letters = self._shown = ""
            if with_long_marks(self.value[: self.cursor_position] + letter).endswith(LONG):
                super().insert_text_at_cursor(LONG)
                return
        self._letters += letter
        self._show(as_typed(self._letters))

    def _stands(self) -> bool:
        """Whether what was made of the letters is still there, and the cursor behind it."""
        return bool(self._shown) and self.value[: self.cursor_position].endswith(self._shown)

    def _show(self, made: str) -> None:
        at = self.cursor_position
        self.replace(made, at - len(self._shown), at)
        self._shown = made
