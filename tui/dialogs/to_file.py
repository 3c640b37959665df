"""Asks for a folder or a file, with the stick that was found standing there already."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.asked import Node
from tui.base import Page, Told
from tui.columns import folded
from tui.fields import Field


class ToFile(Page[str | None]):
    """Answers the path; None when it is left. As it stands it asks where a text goes that is handed out."""

    TITLE_WORD = "to_file.title"
    HELP_WORD = "help.to_file"
    WHERE_WORD: ClassVar[str] = "to_file.where"
    """What is said where nothing was typed."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "nothing", "key.choose")]
    DEFAULT_CSS = "ToFile #question { height: auto; padding: 1 0; }"

    def __init__(self, node: Node) -> None:
        super().__init__()
        self._node = node

    def body(self) -> ComposeResult:
        """The question and the field."""
        yield Told(id="question")
        yield Field("path", max_length=400)

    def on_mount(self) -> None:
        """Looks for a stick."""
        self.ask(self._node.stick, self._found)

    def _found(self, folder: str) -> None:
        field = self.query_one("#path", Field)
        if folder and not field.value:
            field.value = folder
            field.cursor_position = len(folder)

    def question(self) -> str:
        """What is asked for."""
        return self.words("to_file.question")

    def fill(self) -> None:
        """Says what is asked for."""
        self.put("question", "\n".join(folded(self.question(), self.app.size.width - 4)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes what was typed."""
        if event.value.strip():
            self.dismiss(event.value.strip())
        else:
            self.say(lambda words: words(self.WHERE_WORD))
