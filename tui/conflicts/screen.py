"""Conflicts (食い違い): what contradicts itself and waits for somebody to say which is right."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.settling import Contradiction
from node.desk.views import Done
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import row, widths
from tui.conflicts.contradiction import ContradictionPage
from tui.dialogs.undo import undo_last
from tui.lines import Lines
from tui.towns import name_of
from tui.when import clock

PAGE = 100
"""Contradictions shown at most; the rest comes when these are done."""


class Conflicts(Page[None]):
    """A list of contradictions; Enter puts the versions of one side by side."""

    MAIN = True
    TITLE_WORD = "conflicts.title"
    HELP_WORD = "help.conflicts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.side_by_side"),
        Binding("f8", "undo", "key.undo"),
    ]
    DEFAULT_CSS = "Conflicts #count { height: 1; color: $quiet; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._found: list[Contradiction] = []
        self._asked = False

    def body(self) -> ComposeResult:
        """How many there are, and the list."""
        yield Told(id="count")
        yield Lines(id="conflicts")

    def news(self) -> None:
        """Asks for the list anew; one more than is shown, to know whether there are more."""
        settling = self._desk.settling
        self.ask(lambda: settling.waiting(limit=PAGE + 1), self._show, group="conflicts", newest_only=True)

    def _show(self, found: list[Contradiction]) -> None:
        self._found, self._asked = found, True
        self.fill()

    def fill(self) -> None:
        """The list, or that nothing waits."""
        shown = self._found[:PAGE]
        key = "none" if self._asked and not shown else "count_more" if len(self._found) > PAGE else "count"
        self.put("count", self.words(f"conflicts.{key}", n=len(shown)))
        lines = self.query_one("#conflicts", Lines)
        lines.show([self._row(each, lines.room) for each in shown], keep=lines.highlighted)

    def _row(self, each: Contradiction, width: int) -> str:
        laid = widths(width, [18, 10, 0], 20)
        facet = self.words.either(f"facet.{each.facet_word}", each.facet_word)
        now_ms = self._desk.now_ms()
        said = [
            f"{version.device if each.of_one_town else name_of(version.organisation)} {version.operator} "
            f"{clock(version.at_ms, now_ms, self.words)}"
            for version in each.versions
        ]
        return row([each.about, facet, " / ".join(said)], laid)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Puts the versions side by side."""
        self.frame.push_screen(ContradictionPage(self._desk, self._found[event.option_index]), self._settled)

    def _settled(self, done: Done | None) -> None:
        if done is not None:
            self.say(lambda words: words("conflicts.done"))
            self.done()

    def action_undo(self) -> None:
        """Takes back one of the last acts."""
        undo_last(self, self._desk)
