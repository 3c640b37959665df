"""Asks where the stick is: a folder or a file, with the stick that was found standing there already."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.asked import Node
from tui.base import Page, Told
from tui.columns import folded
from tui.fields import Field


class Stick(Page[str | None]):
    """Answers the path; None when it is left."""

    TITLE_WORD = "stick.title"
    HELP_WORD = "help.stick"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "nothing", "key.choose")]
    DEFAULT_CSS = "Stick #question { height: auto; padding: 1 0; }"

    def __init__(self, node: Node, act: str, about: str = "") -> None:
        """`act` names the words `stick.<act>`, the question; `about` names whom it is for."""
        super().__init__()
        self._node = node
        self._act = act
        self._about = about

    def body(self) -> ComposeResult:
        """The question and the field."""
        yield Told(id="question")
        yield Field("path")

    def on_mount(self) -> None:
        """Looks for a stick."""
        self.ask(self._node.stick, self._found)

    def _found(self, folder: str) -> None:
        field = self.query_one("#path", Field)
        if folder and not field.value:
            field.value = folder
            field.cursor_position = len(folder)

    def fill(self) -> None:
        """Says what is asked for."""
        told = self.words(f"stick.{self._act}", name=self._about)
        self.put("question", "\n".join(folded(told, self.app.size.width - 4)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes what was typed."""
        if event.value.strip():
            self.dismiss(event.value.strip())
        else:
            self.say(lambda words: words("stick.where"))
