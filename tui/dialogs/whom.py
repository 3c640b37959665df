"""Choosing a person known here: by anything that is known of them."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.views import PersonView
from tui.asked import FindsPeople
from tui.base import Page, Told
from tui.columns import folded
from tui.fields import Field
from tui.lines import Lines
from tui.people import person_row
from tui.when import today

SHOWN = 12


class Whom(Page[PersonView | None]):
    """Answers the person; None when it is left. It looks on Enter, not while typing: every look is logged."""

    TITLE_WORD = "whom.title"
    HELP_WORD = "help.whom"
    DEFAULT_CSS = "Whom #prompt { height: auto; padding: 1 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.search"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    def __init__(self, desk: FindsPeople, *, purpose: str) -> None:
        super().__init__()
        self._desk = desk
        self._purpose = purpose
        self._people: list[PersonView] = []
        self._answered = ""

    def body(self) -> ComposeResult:
        """A field, and who was found."""
        yield Told(id="prompt")
        yield Field("text")
        yield Lines(id="found")

    def on_mount(self) -> None:
        """The list belongs to the field."""
        self.query_one("#found", Lines).can_focus = False

    def fill(self) -> None:
        """Says what is asked for, and lays the list out."""
        self.put("prompt", "\n".join(folded(self.words("whom.prompt"), self.app.size.width - 4)))
        lines, on = self.query_one("#found", Lines), today(self._desk.now_ms())
        rows = [person_row(each, on, self.words, lines.room) for each in self._people]
        lines.show(rows, keep=lines.highlighted)

    def on_input_submitted(self) -> None:
        """Looks; the second time, on what was found, takes the person marked."""
        text = self.query_one("#text", Field).value.strip()
        marked = self.query_one("#found", Lines).highlighted
        if text and text == self._answered and marked is not None and marked < len(self._people):
            self.dismiss(self._people[marked])
        elif text:
            self.ask(
                lambda: self._desk.find(text, purpose=self._purpose, limit=SHOWN), lambda found: self._show(text, found)
            )

    def _show(self, text: str, found: list[PersonView]) -> None:
        self._answered, self._people = text, found
        self.query_one("#found", Lines).highlighted = None
        self.fill()
        self.say(lambda words: words("whom.take" if found else "whom.nobody"))

    def action_move(self, by: int) -> None:
        """Moves the mark while the field keeps the focus."""
        lines = self.query_one("#found", Lines)
        if lines.option_count:
            lines.highlighted = max(0, min(lines.option_count - 1, (lines.highlighted or 0) + by))
