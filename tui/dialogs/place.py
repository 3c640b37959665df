"""Choosing a place: from the list, or a new one made on the spot."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.views import PlaceView
from node.people.kana import is_kana, is_romaji
from node.people.kana_typed import katakana_typed
from node.people.names import fold_name
from tui.asked import Desk
from tui.base import Page, Word
from tui.columns import pad_left, row, widths
from tui.dialogs.choice import Choice, by_word
from tui.fields import Field
from tui.lines import Lines


def with_place(page: "Page[Any]", desk: Desk, then: Callable[[], object]) -> None:
    """Goes on with `then` where the desk stands at a place; else that is asked first, and without an
    answer nothing is done, and that is said."""
    if desk.place:
        then()
        return

    def stands() -> None:
        page.done()
        then()

    def chosen(place: PlaceView | None) -> None:
        if place is None:
            page.say(lambda words: words("place.needed"))
        else:
            page.ask(lambda: desk.use_place(place.subject), lambda _: stands())

    page.frame.push_screen(Places(desk), chosen)


NUMBERS_CELLS: Final = (16, 10, 11)
"""Of the town, of those there, of the capacity."""


class Places(Page[PlaceView | None]):
    """Answers the place chosen or made; None when it is left."""

    TITLE_WORD = "place.title"
    HELP_WORD = "help.place"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "key.choose"),
        Binding("f5", "create", "key.create_place"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def __init__(self, desk: Desk, *, prompt: str = "place.prompt", may_create: bool = True) -> None:
        super().__init__()
        self._desk = desk
        self._prompt = prompt
        self._may_create = may_create
        self._places: list[PlaceView] = []

    def body(self) -> ComposeResult:
        """A field that narrows the list below it."""
        yield Word(self._prompt)
        yield Field("text")
        yield Lines(id="places")

    def on_mount(self) -> None:
        """The list belongs to the field: it has no focus of its own."""
        self.query_one("#places", Lines).can_focus = False
        self._ask_places()

    def key_words(self) -> list[tuple[str, str]]:
        """Where the place must exist, the key that makes one is not shown."""
        return [(key, word) for key, word in super().key_words() if key != "F5" or self._may_create]

    def on_input_changed(self) -> None:
        """Narrows the list."""
        self._ask_places()

    def _ask_places(self) -> None:
        text = self.query_one("#text", Field).value.strip()
        self.ask(lambda: self._desk.places(text), self._show, group="places", newest_only=True)

    def _show(self, places: list[PlaceView]) -> None:
        self._places = places
        lines = self.query_one("#places", Lines)
        laid = widths(lines.room, [0, *NUMBERS_CELLS], 10)
        lines.show([row([each.name, each.municipality_name, *self._numbers(each)], laid) for each in places])
        self.say(lambda words: "" if places else words(self._why_none()))

    def _numbers(self, each: PlaceView) -> list[str]:
        """How many are there, which tells two of one name apart, and how many there is room for."""
        there = self.words("place.there", n=each.present) if each.present else ""
        room = self.words("place.room", n=each.capacity) if each.capacity else ""
        return [pad_left(there, NUMBERS_CELLS[1]), pad_left(room, NUMBERS_CELLS[2])]

    def _why_none(self) -> str:
        """Why the list is empty: nothing like it, or nothing at all; nothing is missed before it was looked for."""
        if not self.query_one("#text", Field).value.strip():
            return "place.empty" if self._may_create else "place.no_other"
        return "place.none" if self._may_create else "place.not_found"

    def fill(self) -> None:
        """Lays the list out anew."""
        if self._places:
            self._show(self._places)

    def action_move(self, by: int) -> None:
        """Moves the mark while the field keeps the focus."""
        lines = self.query_one("#places", Lines)
        if lines.option_count:
            lines.highlighted = max(0, min(lines.option_count - 1, (lines.highlighted or 0) + by))

    def on_input_submitted(self) -> None:
        """Takes the place marked."""
        chosen = self.query_one("#places", Lines).highlighted
        if chosen is not None:
            self.dismiss(self._places[chosen])

    def action_create(self) -> None:
        """Makes a place with the name typed, once that is meant: a shelter that started itself waits for nobody."""
        if not self._may_create:
            return
        name = self.query_one("#text", Field).value.strip()
        if not name:
            self.say(lambda words: words("place.name_it"))
            return

        self.ask(lambda: (name, self._same(name)), self._ask_whether)

    def _same(self, name: str) -> PlaceView | None:
        """The place that has this name already, however it was written."""
        return next((each for each in self._desk.places(name) if fold_name(each.name) == fold_name(name)), None)

    def _ask_whether(self, found: tuple[str, PlaceView | None]) -> None:
        """One key beside another must not make a shelter that everybody then sees; going back is chosen."""
        name, same = found
        kana = _in_kana(name)
        if same is None:
            answers = by_word("place_new.back", "place_new.make")
            if kana:
                answers.append(("make_in_kana", lambda words: words("place_new.make_in_kana", name=kana)))
            question = Choice(lambda words: words("place_new.question", name=name), answers, title="place_new.title")
        else:
            question = Choice(
                lambda words: words("place_new.exists", name=same.name),
                by_word("place_new.take", "place_new.back", "place_new.make_another"),
                title="place_new.title",
            )

        def answered(answer: str | None) -> None:
            if answer == "take":
                self.dismiss(same)
            elif answer in ("make", "make_another"):
                self.ask(lambda: self._made(name), self.dismiss)
            elif answer == "make_in_kana":
                self.ask(lambda: self._same(kana) or self._made(kana), self.dismiss)

        self.frame.push_screen(question, answered)

    def _made(self, name: str) -> PlaceView:
        place = self._desk.create_place(name)
        return next(each for each in self._desk.places(name) if each.subject == place)


def _in_kana(name: str) -> str:
    """A name typed in romaji as it is in kana; "" for any other."""
    kana = katakana_typed(name) if is_romaji(name) else ""
    return kana if is_kana(kana) else ""
