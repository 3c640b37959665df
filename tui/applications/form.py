"""What the forms of this room share: rows of a word and a field, what was understood beneath, nothing typed is lost."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from tui.base import Page, Told, Word
from tui.columns import folded
from tui.fields import Field
from tui.lines import MARK, REFUSED_MARK

BESIDE_LETTERS = 36
"""Cells of a line that the row's word, its letters and the edges take."""


class RowsForm(Page[str | None]):
    """Answers the key of the word that says what was done; None where it is left. `kept` outlives the form."""

    TABLE: ClassVar[str] = ""
    """The table of words its rows are named in; `<table>_advice` has what to know of each."""
    NAMES: ClassVar[tuple[str, ...]] = ()
    """Its rows, in order."""
    LETTERED: ClassVar[tuple[str, ...]] = ()
    """Those of letters that stand for something: what for is said beside them, also while another row is in hand."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "key.next_field", priority=True),
        Binding("escape", "back", "key.back"),
    ]
    DEFAULT_CSS = """
    RowsForm .row { height: auto; }
    RowsForm .row Word { width: 18; }
    RowsForm .row Field { width: 1fr; }
    RowsForm .row .lettered { width: 14; }
    RowsForm .row .letters_told { width: 1fr; height: auto; }
    RowsForm #above { height: auto; padding: 0 0 1 0; }
    RowsForm #advice { height: 1fr; color: $quiet; margin: 1 0 0 0; }
    """

    def __init__(self, kept: dict[str, str]) -> None:
        super().__init__()
        self._kept = kept
        self._refused: str | None = None

    def body(self) -> ComposeResult:
        """What it is about, the rows, what to know of the one in hand."""
        yield Told(id="above")
        for name in self.rows:
            with Horizontal(classes="row"):
                yield Word(f"{self.TABLE}.{name}", classes=f"of_{name}")
                field = Field(name, self._kept.get(name, ""), max_length=500)
                yield field
                if name in self.LETTERED:
                    field.add_class("lettered")
                    yield Told(id=f"{name}_told", classes="letters_told")
        yield Told(id="advice")

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows there are."""
        return self.NAMES

    def above(self) -> str:
        """What stands above the rows."""
        return ""

    def advice(self, name: str) -> str:
        """What to know of a row, and what was understood of what was typed."""
        return self.words(f"{self.TABLE}_advice.{name}")

    def letters_told(self, name: str) -> str:
        """What the letters in a row stand for."""
        raise NotImplementedError(name)

    def typed(self, name: str) -> str:
        """What stands in a row."""
        return self.query_one(f"#{name}", Field).value.strip()

    def fill(self) -> None:
        """Says all anew."""
        self.put("above", "\n".join(self._folded(self.above())))
        self._advise()

    def on_descendant_focus(self) -> None:
        """Another row is in hand."""
        self._advise()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keeps what is half typed."""
        if event.input.id:
            self._kept[event.input.id] = event.value
        if self._refused is not None:
            self._refused = None
            self.say("")
        self._advise()

    def complain(self, name: str, word: str = "form_rows.refused") -> None:
        """A row is empty, or can't be read; `word` says what of it."""
        self._refused = name
        self.query_one(f"#{name}", Field).focus()
        self.say(lambda words: words(word, name=words(f"{self.TABLE}.{name}")))
        self._advise()

    def finish(self, said: str) -> None:
        """It is done: what was typed is let go of."""
        self._kept.clear()
        self.dismiss(said)

    def action_next(self) -> None:
        """Enter goes to the next row."""
        if self.focused is not None and self.focused.id != self.rows[-1]:
            self.focus_next(Field)

    def _advise(self) -> None:
        rows = self.rows
        name = self.focused.id if self.focused is not None and self.focused.id in rows else (*rows, "")[0]
        for each in rows:
            mark = REFUSED_MARK if each == self._refused else MARK if each == name else "  "
            self.query_one(f".of_{each}", Word).mark(mark)
            if each in self.LETTERED:
                room = self.app.size.width - BESIDE_LETTERS
                self.put(f"{each}_told", "\n".join(folded(self.letters_told(each), room)))
        self.put("advice", "\n".join(self._folded(self.advice(str(name)))))

    def _folded(self, text: str) -> list[str]:
        return folded(text, self.app.size.width - 4) if text else []
