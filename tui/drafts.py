"""Keeps a half-typed form in the ledger: one write at a time, the newest last, and none after it was dropped."""

from collections.abc import Mapping
from threading import Lock

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
        self._lock = Lock()
        """Of what is wanted and whether somebody writes it."""

    @property
    def key(self) -> str:
        """What it is kept under."""
        return self._key

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
        with self._lock:
            if self._writing or self._wanted == self._kept:
                return
            self._writing = True
        self._page.ask(self._write_all, lambda _: None, group="draft")

    def _write_all(self) -> None:
        """Runs beside the screens, and until nothing newer is wanted: by then the page may have been left."""
        try:
            while (fields := self._next()) is not None:
                if fields:
                    self._desk.save_draft(self._key, fields, operator=self._operator)
                else:
                    self._desk.drop_draft(self._key, operator=self._operator)
                self._kept = fields
        except BaseException:
            self._writing = False
            raise

    def _next(self) -> dict[str, str] | None:
        with self._lock:
            self._writing = self._wanted != self._kept
            return self._wanted if self._writing else None
