"""Suggests the kana for the names in the form, as soon as a name is left; what was typed there is never replaced."""

from collections.abc import Callable
from typing import Any, Final

from tui.base import Page
from tui.fields import Field
from tui.reception.prefill import readings
from tui.reception.typed import SEX

KANA_OF: Final = {"family": "family_kana", "given": "given_kana"}
"""The field for the kana of each name."""


class Suggestions:
    """The readings known for the names in hand."""

    def __init__(self, page: Page[Any], *, suggested: Callable[[str, str], object], told: Callable[[], object]) -> None:
        """`suggested` takes the field and what is about to stand in it; `told` follows when more is known."""
        self._page = page
        self._suggested = suggested
        self._told = told
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, kana: str) -> tuple[str, ...]:
        """The readings for a field of kana, the likeliest first."""
        return self._known.get(kana, ())

    def is_unlisted(self, kana: str) -> bool:
        """Whether a reading was looked for and none is known."""
        name = next((name for name, each in KANA_OF.items() if each == kana), None)
        return name is not None and self._known.get(kana) == () and bool(self._field(name).value)

    def forget(self) -> None:
        """Other names are to come."""
        self._known.clear()

    def look(self, name: str) -> None:
        """Looks for the readings of the name in a field."""
        typed = self._field(name).value.strip()
        woman = {"1": False, "2": True}.get(SEX.get(self._field("sex").value, ""))
        self._page.ask(
            lambda: (name, typed, readings(name, typed, woman=woman)),
            self._found,
            group=f"readings_{name}",
            newest_only=True,
        )

    def _found(self, found: tuple[str, str, tuple[str, ...]]) -> None:
        name, typed, suggestions = found
        kana = self._field(KANA_OF[name])
        before = self.of(KANA_OF[name])
        self._known[KANA_OF[name]] = suggestions
        is_free = not kana.value or kana.value in before
        if suggestions and typed == self._field(name).value.strip() and is_free:
            self._suggested(KANA_OF[name], suggestions[0])
            self._put(kana, suggestions[0])
        self._told()

    def put_another(self, kana: Field) -> bool:
        """Puts the next reading in a field of kana; answers whether there was another one."""
        suggestions = self.of(kana.id or "")
        number = suggestions.index(kana.value) + 1 if kana.value in suggestions else 0
        another = suggestions[number % len(suggestions)] if suggestions else kana.value
        if another == kana.value:
            return False
        self._put(kana, another)
        return True

    @staticmethod
    def _put(kana: Field, reading: str) -> None:
        kana.value = reading
        kana.cursor_position = len(reading)

    def _field(self, name: str) -> Field:
        return self._page.query_one(f"#{name}", Field)
