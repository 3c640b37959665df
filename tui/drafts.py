"""Keeps a half-typed form in the ledger: one write at a time, the newest last, and none after it was dropped."""

from collections.abc import Mapping

from tui.asked import KeepsDrafts
from tui.base import Page

NEW_PERSON = "new-person"
"""The key of the form for someone new."""
NOTHING: dict[str, str] = {}


class Draft:
    """The draft of one form, kept under a key. It outlives the form: the screen it is opened from owns it."""

    def __init__(self, page: Page[None], desk: KeepsDrafts, key: str) -> None:
        self._page = page
        self._key = key
        self._desk = desk
        self._operator = desk.operator
        """Whose draft it is: another may have taken over by the time the last key is written."""
        self._wanted = NOTHING
        self._kept = NOTHING
        self._writing = False

    @property
    def fields(self) -> dict[str, str]:
        """What is half typed; empty where nothing is."""
        return dict(self._wanted)

    def found(self, fields: dict[str, str] | None) -> None:
        """What the ledger held at the start."""
        self._wanted = self._kept = fields or NOTHING

    def keep(self, fields: dict[str, str], *, given: Mapping[str, str] = NOTHING) -> None:
        """Keeps what is typed so far; fields without anything typed in them are left out. As long as nothing stands
        there but what was given, nobody has typed anything."""
        typed = any(text != given.get(name, "") for name, text in fields.items())
        self._wanted = {name: text for name, text in fields.items() if text and typed}
        self._write()

    def drop(self) -> None:
        """The form was finished or given up."""
        self._wanted = NOTHING
        self._write()

    def _write(self) -> None:
        if self._writing or self._wanted == self._kept:
            return
        self._writing = True
        fields = self._wanted

        def write() -> dict[str, str]:
            if fields:
                self._desk.save_draft(self._key, fields, operator=self._operator)
            else:
                self._desk.drop_draft(self._key, operator=self._operator)
            return fields

        self._page.ask(write, self._written, group="draft")

    def _written(self, fields: dict[str, str]) -> None:
        self._writing = False
        self._kept = fields
        self._write()
