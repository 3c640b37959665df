"""Before someone new is saved: people already known who may be the same."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.views import PersonView
from tui.asked import Desk
from tui.base import Page, Word
from tui.lines import Lines
from tui.people import person_row
from tui.when import today

SOMEONE_NEW = b""


class Similar(Page[bytes | None]):
    """Answers the subject it is, `SOMEONE_NEW`, or None to go back to the form."""

    TITLE_WORD = "similar.title"
    HELP_WORD = "help.similar"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "same", "key.same_person"),
        Binding("f5", "new", "key.someone_new"),
    ]

    def __init__(self, desk: Desk, people: list[PersonView]) -> None:
        super().__init__()
        self._desk = desk
        self._people = people

    def body(self) -> ComposeResult:
        """The people already known."""
        yield Word("similar.prompt")
        yield Lines(id="people")

    def fill(self) -> None:
        """One line each."""
        lines = self.query_one("#people", Lines)
        on = today(self._desk.now_ms())
        lines.show([person_row(each, on, self.words, lines.room) for each in self._people], keep=lines.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """It is this one."""
        self.dismiss(self._people[event.option_index].subject)

    def action_new(self) -> None:
        """It is none of them."""
        self.dismiss(SOMEONE_NEW)
