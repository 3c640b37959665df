"""Duplicates (同一人物?): the pairs that wait, the most alike first, and those that were decided."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.resemblance import PairView
from node.desk.views import Done
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import pad_left, row, widths
from tui.dialogs.undo import undo_last
from tui.duplicates.pair import Pair
from tui.lines import Lines
from tui.whole import Whole

WHICH = ("waiting", "decided")
PAGE = 100
"""Pairs shown at most; the rest comes when these are done."""
SCORE_CELLS = 6


class DuplicatesScreen(Page[None]):
    """A list of pairs; Enter puts one side by side."""

    MAIN = True
    TITLE_WORD = "duplicates.title"
    HELP_WORD = "help.duplicates"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.side_by_side"),
        Binding("1", "which(0)", show=False),
        Binding("2", "which(1)", show=False),
        Binding("left", "which(0)", show=False),
        Binding("right", "which(1)", show=False),
        Binding("f8", "undo", "key.undo"),
    ]
    DEFAULT_CSS = "DuplicatesScreen #which { height: 1; } DuplicatesScreen #count { height: 1; color: $quiet; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._which = WHICH[0]
        self._pairs: list[PairView] = []
        self._asked = False

    def body(self) -> ComposeResult:
        """The two lists by their keys, how many are on this one, the list, and the marked pair whole."""
        yield Told(id="which")
        yield Told(id="count")
        yield Lines(id="pairs")
        yield Whole(id="whole")

    def news(self) -> None:
        """Asks for the list anew; one more than is shown, to know whether there are more."""
        which, duplicates = self._which, self._desk.duplicates
        asked = duplicates.waiting if which == "waiting" else duplicates.decided
        self.ask(lambda: (which, asked(limit=PAGE + 1)), self._show, group="pairs", newest_only=True)

    def _show(self, answer: tuple[str, list[PairView]]) -> None:
        which, pairs = answer
        if which == self._which:
            self._pairs, self._asked = pairs, True
            self.fill()

    def fill(self) -> None:
        """The list, which it is, or that nothing waits."""
        words = self.words
        told = [f"{number + 1}{words(f'duplicates.{which}')}" for number, which in enumerate(WHICH)]
        marked = [f"[{text}]" if WHICH[number] == self._which else f" {text} " for number, text in enumerate(told)]
        self.put("which", " ".join(marked))
        more, shown = len(self._pairs) > PAGE, self._pairs[:PAGE]
        key = f"none_{self._which}" if self._asked and not shown else "count_more" if more else "count"
        self.put("count", words(f"duplicates.{key}", n=len(shown)))
        lines = self.query_one("#pairs", Lines)
        lines.show([self._row(pair, lines.room) for pair in shown], keep=lines.highlighted)
        self._tell_whole()

    def _tell_whole(self) -> None:
        number, whole = self.query_one("#pairs", Lines).highlighted, self.query_one("#whole", Whole)
        if number is None or number >= len(self._pairs):
            whole.show()
        else:
            pair = self._pairs[number]
            said = self.words(f"pair_said.{pair.said}") if pair.said else ""
            whole.show(*([each.name, each.kana, each.birth] for each in (pair.first, pair.second)), [said])

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        """Another pair is marked."""
        self._tell_whole()

    def _row(self, pair: PairView, width: int) -> str:
        laid = widths(width, [SCORE_CELLS, 0, 10, 0, 10, 10], 8)
        said = self.words(f"pair_said.{pair.said}") if pair.said else ""
        score = pad_left(f"{pair.compared.score:+.1f}", SCORE_CELLS)
        first, second = pair.first, pair.second
        return row([score, first.name, first.birth, second.name, second.birth, said], laid)

    def action_which(self, number: int) -> None:
        """The other list."""
        self._which, self._pairs, self._asked = WHICH[number], [], False
        self.query_one("#pairs", Lines).highlighted = None
        self.fill()
        self.news()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Puts the pair side by side."""
        self.frame.push_screen(Pair(self._desk, self._pairs[event.option_index]), self._said)

    def _said(self, answer: tuple[str, Done] | None) -> None:
        if answer is not None:
            self.say(lambda words: words(f"pair_done.{answer[0]}"))
            self.done()

    def action_undo(self) -> None:
        """Takes back one of the last acts."""
        undo_last(self, self._desk)
