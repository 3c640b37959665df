"""The fields a form is made of: one line high, never blinking, and one-key fields that go on by themselves."""

import unicodedata
from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.widgets import Input


class Field(Input):
    """A field for words. Up and down stay with the screen; what stands in it is not replaced by the first key."""

    value: Reactive[str] = reactive("", layout=False, init=False)
    virtual_size: Reactive[Size] = reactive(Size(0, 0), layout=False)
    """Unlike elsewhere, what is typed never lays out the whole screen anew: the field's own size is fixed."""

    def __init__(self, name: str, value: str = "", *, max_length: int = 200, restrict: str | None = None) -> None:
        super().__init__(value, id=name, max_length=max_length, restrict=restrict, select_on_focus=False)
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """A question mark in an empty field asks for help; everything else printable is typed."""
        if key == "question_mark" and not self.value:
            return False
        return super().check_consume_key(key, character)

    async def on_key(self, event: events.Key) -> None:
        """Comes before the field's own handling: what is not for this field is kept from it; a key that edits it does
        so at once. Textual would hand that one up to the application, and letters of one burst would overtake it."""
        focused = self.screen.focused
        if focused is not self and isinstance(focused, Field):
            # Keys that came in one burst over a slow line: the focus has moved on meanwhile, and so do they.
            event.stop().prevent_default()
            focused.post_message(events.Key(event.key, event.character))
        elif event.key == "question_mark" and not self.value:
            event.prevent_default()
        elif not event.is_printable:
            for binding in self._bindings.key_to_bindings.get(event.key, ()):
                if await self.app.run_action(binding.action, self):
                    event.stop().prevent_default()
                    break


class OneKey(Field):
    """A field that takes one of a few keys and then goes on by itself."""

    class Unknown(Message):
        """A key was pressed that is none of the choices; the field stays in hand and as it was."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "clear", "key.clear", show=False)]

    def __init__(self, name: str, keys: Mapping[str, str], value: str = "") -> None:
        """`keys` maps each key, and what an input method makes of it, to the value it stands for; `value` is the key
        it begins with."""
        super().__init__(name, value, max_length=1)
        self.keys = keys

    @property
    def chosen(self) -> str | None:
        """The value chosen; None: none."""
        return self.keys.get(self.value)

    def insert_text_at_cursor(self, text: str) -> None:
        """Takes a known key, of whatever width, in place of what stood there; tells of any other."""
        key = unicodedata.normalize("NFKC", text).strip().lower()[:1]
        if key in self.keys:
            self.value = key
            self.cursor_position = 1
            self.screen.focus_next(Field)
        elif key:
            self.post_message(self.Unknown(self.id or ""))

    def action_delete_left(self) -> None:
        """Takes the answer back; where there is none, goes back to the field before."""
        if self.value:
            self.action_clear()
        else:
            self.screen.focus_previous(Field)

    def action_clear(self) -> None:
        """Takes the answer back."""
        self.value = ""
