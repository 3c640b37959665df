"""Who may be meant by an inquiry: compared with what the inquirer says, never shown to them."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.views import PersonView
from tui.base import Page, Told
from tui.columns import folded, row, widths
from tui.lines import Lines
from tui.people import whole_address
from tui.whole import Whole

NONE_OF_THEM = b""


class Meant(Page[bytes | None]):
    """Answers the subject, NONE_OF_THEM, or None to go back. "None of them" is the safe choice, and comes first."""

    TITLE_WORD = "inquiry_meant.title"
    HELP_WORD = "help.inquiry_meant"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "nothing", "key.choose")]
    DEFAULT_CSS = "Meant #question { height: auto; padding: 1 0; }"

    def __init__(self, found: list[PersonView]) -> None:
        super().__init__()
        self._found = found

    def body(self) -> ComposeResult:
        """What is to be compared, and with whom."""
        yield Told(id="question")
        yield Lines(id="found")
        yield Whole(id="whole")

    def fill(self) -> None:
        """One line a person."""
        words = self.words
        told = words("inquiry_meant.question" if self._found else "inquiry_meant.nobody")
        self.put("question", "\n".join(folded(told, self.app.size.width - 4)))
        lines = self.query_one("#found", Lines)
        laid = widths(lines.room, [16, 18, 10, 0], 10)
        people = [row([each.name, each.kana, each.birth, each.address], laid) for each in self._found]
        lines.show([words("inquiry_meant.none"), *people], keep=lines.highlighted)
        self._tell_whole(lines.highlighted)

    def _tell_whole(self, number: int | None) -> None:
        whole = self.query_one("#whole", Whole)
        if number:
            person = self._found[number - 1]
            whole.show([person.name, person.kana, person.birth, whole_address(person)])
        else:
            whole.show()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The columns may have to be cut: what is compared is told whole."""
        self._tell_whole(event.option_index)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """That one."""
        number = event.option_index
        self.dismiss(NONE_OF_THEM if number == 0 else self._found[number - 1].subject)
