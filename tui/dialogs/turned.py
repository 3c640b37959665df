"""Shows a question on the whole screen for the visitor it is asked of: plain Japanese with readings, and English.

The screen is turned to them, so nothing else stands on it: no name, no place, nobody else; of a drill that
it is one.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from node.words import paper_word
from tui.columns import folded
from tui.readings import laid_out
from tui.words import Words

Sentence = tuple[str, str]
"""The same in plain Japanese and in English."""
BESIDE = 6
"""Cells left free at the sides."""


class Turned(Screen[None]):
    """Any of its keys goes back to the clerk's page."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,space,ctrl+e", "dismiss", show=False)]
    DEFAULT_CSS = """
    Turned { background: $paper; color: $ink; layout: vertical; }
    Turned Vertical { height: 1fr; padding: 0 3; align: left middle; }
    Turned .reading { height: auto; color: $quiet; }
    Turned .japanese { height: auto; text-style: bold; }
    Turned .english { height: auto; color: $quiet; margin: 0 0 1 0; }
    Turned #clerk { height: 1; width: 100%; padding: 0 1; background: $field-paper; color: $quiet; }
    """

    def __init__(self, sentences: Sequence[Sentence], words: Words, *, drill: bool = False) -> None:
        super().__init__()
        self._sentences = sentences
        self._words = words
        self._before = words("drill.mark") if drill else ""

    def compose(self) -> ComposeResult:
        """Every sentence with its English below, then what the clerk presses."""
        width = self.app.size.width - BESIDE
        with Vertical():
            for japanese, english in self._sentences:
                for reading, line in laid_out(japanese, width):
                    if reading:
                        yield Static(reading, classes="reading", markup=False)
                    yield Static(line, classes="japanese", markup=False)
                yield Static("\n".join(folded(english, width)), classes="english", markup=False)
        yield Static(f"{self._before}{self._words('turned.back')}", id="clerk", markup=False)


def easy(key: str, **values: str | int) -> Sentence:
    """A sentence for visitors, in both languages: the same that stands on paper."""
    japanese, english = (paper_word(f"easy.{key}", language, **values) for language in ("ja", "en"))
    return japanese, english


def consent(to: str, days: int | None, *, by_guardian: bool) -> list[Sentence]:
    """What is asked for a consent. `to`: the name of whom it would go to, "" for all that help."""
    japanese, english = (to, to) if to else easy("to_all")
    asked = (paper_word("easy.share", "ja", to=japanese), paper_word("easy.share", "en", to=english))
    told = [asked, *([easy("days", days=days)] if days else []), easy("take_back"), easy("same_help")]
    return [*told, easy("guardian")] if by_guardian else told
