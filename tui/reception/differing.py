"""Before what was typed is added to somebody known: the fields in which it says otherwise, and which word holds."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.differences import Difference
from node.desk.views import FieldView
from tui.base import Page, Told, Word
from tui.columns import cut, row, widths
from tui.dialogs.statements import field_text, field_word, says_something
from tui.lines import Lines
from tui.whole import Whole

WORD_CELLS, HOLDS_CELLS = 12, 12
BETWEEN: Final = 10
"""Cells for what is held, at least."""


class Differing(Page[frozenset[str] | None]):
    """Answers the fields in which what was typed holds; None to go back to the form."""

    TITLE_WORD = "differing.title"
    HELP_WORD = "help.differing"
    ASKS = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "go_on", "key.check_in"),
        Binding("space", "other", "key.other_word"),
    ]
    DEFAULT_CSS = "Differing #about { height: 1; } Differing #heads { height: 1; color: $quiet; }"

    def __init__(self, name: str, differences: Sequence[Difference]) -> None:
        super().__init__()
        self._about = name
        self._differences = differences
        self._typed_holds = {each.field for each in differences if each.typed_likelier}

    def body(self) -> ComposeResult:
        """Whom it is about, and a line for each field."""
        yield Told(id="about")
        yield Word("differing.prompt")
        yield Told(id="heads")
        yield Lines(id="fields")
        yield Whole(id="whole")

    def fill(self) -> None:
        """Says it all anew."""
        words = self.words
        self.put("about", cut(words("differing.about", name=self._about), self.app.size.width - 2))
        lines = self.query_one("#fields", Lines)
        laid = widths(lines.room, [WORD_CELLS, 0, 0, HOLDS_CELLS], BETWEEN)
        heads = ["", words("differing.held"), words("differing.typed"), words("differing.holds")]
        self.put("heads", f"  {row(heads, laid)}")
        lines.show([self._row(each, laid) for each in self._differences], keep=lines.highlighted)
        self._show_whole(lines.highlighted or 0)

    def _row(self, each: Difference, laid: list[int]) -> str:
        held, typed = self._texts(each)
        holds = "typed" if each.field in self._typed_holds else "held"
        return row([self._word(each), held, typed, f"[{self.words(f'differing.{holds}')}]"], laid)

    def _word(self, each: Difference) -> str:
        told = field_word(_field(each, each.held), self.words)
        return told if each.facet == "household" else told.partition(" ")[2]

    def _texts(self, each: Difference) -> tuple[str, str]:
        """Both values in words; a household has no name, and is told by which one it is."""
        fields = [_field(each, text) for text in (each.held, each.typed)]
        if not all(map(says_something, fields)):
            return self.words("differing.theirs"), self.words("differing.this_one")
        held, typed = (field_text(field, self.words) for field in fields)
        return held, typed

    def _show_whole(self, number: int) -> None:
        each, words = self._differences[number], self.words
        held, typed = self._texts(each)
        rows = [(words("differing.held"), held), (words("differing.typed"), typed)]
        self.query_one("#whole", Whole).show([self._word(each)], *rows)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tells another one whole."""
        self._show_whole(event.option_index)

    def on_option_list_option_selected(self) -> None:
        """Enter goes on to the next field; to check in has a key of its own."""
        self.query_one("#fields", Lines).action_cursor_down()

    def action_other(self) -> None:
        """In the field marked the other word holds; goes down."""
        lines = self.query_one("#fields", Lines)
        if lines.highlighted is not None:
            self._typed_holds ^= {self._differences[lines.highlighted].field}
            self.fill()
            lines.action_cursor_down()

    def action_go_on(self) -> None:
        """This is what holds."""
        self.dismiss(frozenset(self._typed_holds))


def _field(each: Difference, text: str) -> FieldView:
    return FieldView(each.facet, each.field, text, "", "", 0, conflict=False)
