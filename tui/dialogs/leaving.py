"""Leaving (退所): where to, as easily written down as arriving."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from node.desk.views import Done, PersonView, PlaceView, Whereto
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import folded
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.place import Places
from tui.fields import Field
from tui.lines import Lines
from tui.people import OUT, PRESENT, names
from tui.towns import Town, towns_like

OUTSIDE = {"home": 1, "relatives": 4, "car": 2, "tent": 3, "hotel": 5, "hospital": 6, "unknown": 0}
PLACE, TOWN = "place", "town"
ASKED = ("home", "relatives", "car", "hotel", "hospital", PLACE, TOWN, "unknown")
ANSWERS = [f"leaving_to.{kind}" for kind in ASKED]


def leave(page: Page[None], desk: Desk, people: Sequence[PersonView], then: Callable[[Done], None]) -> None:
    """Asks where they go, writes it down, and goes on with `then`."""
    told = names(list(people), page.words)
    subjects = [each.subject for each in people]

    def go(where: Whereto) -> None:
        page.ask(lambda: desk.leave(subjects, where), then)

    def to_place(place: PlaceView | None) -> None:
        if place is not None and not _already_at(page, place, people):
            go(Whereto(place=place.subject, municipality=place.municipality))

    def to_town(town: Town | None) -> None:
        if town is not None:
            go(Whereto(outside=7, municipality=town.code))

    def answered(kind: str | None) -> None:
        if kind == PLACE:
            page.frame.push_screen(Places(desk, prompt="leaving.which_place", may_create=False), to_place)
        elif kind == TOWN:
            page.frame.push_screen(WhichTown(), to_town)
        elif kind is not None:
            go(Whereto(outside=OUTSIDE[kind]))

    question = Choice(
        lambda words: words("leaving.question", names=told, n=len(subjects)),
        by_word(*ANSWERS),
        title="leaving.title",
    )
    page.frame.push_screen(question, answered)


def _already_at(page: Page[None], place: PlaceView, people: Sequence[PersonView]) -> bool:
    """Whether one of them is there; then that is said."""
    found = any(each.place == place.subject and each.stay_state in (PRESENT, OUT) for each in people)
    if found:
        page.say(lambda words: words("leaving.there_already", place=place.name))
    return found


class WhichTown(Page[Town | None]):
    """Which other town; by name, reading or romaji."""

    TITLE_WORD = "town.title"
    HELP_WORD = "help.town"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.choose"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]
    DEFAULT_CSS = "WhichTown #question { height: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self._towns: list[Town] = []

    def body(self) -> ComposeResult:
        """A field above the towns it finds."""
        yield Told(id="question")
        yield Field("text")
        yield Lines(id="towns")

    def on_mount(self) -> None:
        """The list belongs to the field: it has no focus of its own."""
        self.query_one("#towns", Lines).can_focus = False

    def fill(self) -> None:
        """Says the question."""
        told = folded(self.words("town.prompt"), self.app.size.width - 4)
        self.put("question", "\n".join(told))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Finds towns by what is typed."""
        text = event.value.strip()
        self.ask(lambda: towns_like(text), self._show, group="towns", newest_only=True)

    def _show(self, towns: list[Town]) -> None:
        self._towns = towns
        self.query_one("#towns", Lines).show([f"{town.name}  {town.prefecture}" for town in towns])
        vain = not towns and bool(self.query_one("#text", Field).value.strip())
        self.say(lambda words: words("town.none") if vain else "")

    def action_move(self, by: int) -> None:
        """Moves the mark while the field keeps the focus: there are three Fuchu."""
        lines = self.query_one("#towns", Lines)
        if lines.option_count:
            lines.highlighted = max(0, min(lines.option_count - 1, (lines.highlighted or 0) + by))

    def on_input_submitted(self) -> None:
        """Takes the town marked."""
        marked = self.query_one("#towns", Lines).highlighted
        if marked is not None and marked < len(self._towns):
            self.dismiss(self._towns[marked])
