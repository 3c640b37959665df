"""Before someone new is saved: people already known who may be the same, and why, field by field."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.resemblance import Resemblance
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.columns import folded
from tui.duplicates.explained import reasons, verdict
from tui.lines import Lines
from tui.people import person_row, whole_address
from tui.when import today
from tui.whole import Whole

SOMEONE_NEW = b""


class Similar(Page[bytes | None]):
    """Answers the subject it is, `SOMEONE_NEW`, or None to go back to the form."""

    TITLE_WORD = "similar.title"
    HELP_WORD = "help.similar"
    ASKS = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "same", "key.same_person", priority=True),
        Binding("f5", "new", "key.someone_new"),
    ]
    DEFAULT_CSS = "Similar #why { height: auto; min-height: 5; }"

    def __init__(self, desk: Desk, found: list[Resemblance]) -> None:
        super().__init__()
        self._desk = desk
        self._found = found

    def body(self) -> ComposeResult:
        """The people already known, and why the one marked may be the same."""
        yield Word("similar.prompt")
        yield Lines(id="people")
        yield Whole(id="whole")
        yield Told(id="why")

    def fill(self) -> None:
        """One line each."""
        lines = self.query_one("#people", Lines)
        on = today(self._desk.now_ms())
        told = [person_row(each.person, on, self.words, lines.room) for each in self._found]
        chosen = lines.highlighted
        lines.show(told, keep=chosen)
        lines.highlighted = chosen  # none is marked at first: who presses Enter once more than needed says nothing
        self._explain(chosen or 0)

    def _explain(self, number: int) -> None:
        person, compared, words = self._found[number].person, self._found[number].compared, self.words
        self.query_one("#whole", Whole).show([person.name, person.kana, person.birth, whole_address(person)])
        told = [*folded(verdict(compared, words), self.app.size.width - 2)]
        told += folded(reasons(compared, words), self.app.size.width - 2)
        self.put("why", "\n".join(told))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Explains another one."""
        self._explain(event.option_index)

    def action_same(self) -> None:
        """It is the one marked; where none is, says how to choose."""
        chosen = self.query_one("#people", Lines).highlighted
        if chosen is None:
            self.say(lambda words: words("similar.choose"))
        else:
            self.dismiss(self._found[chosen].subject)

    def action_new(self) -> None:
        """It is none of them."""
        self.dismiss(SOMEONE_NEW)
