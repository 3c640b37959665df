"""Where the list for door-to-door checks goes: a path that is typed, and what the file is."""

from textual.app import ComposeResult
from textual.widgets import Input

from tui.base import Page, Told
from tui.columns import folded
from tui.fields import Field

SUGGESTED = "~/doors.csv"


class WriteList(Page[str | None]):
    """Answers the path; None where it is left."""

    TITLE_WORD = "writelist.title"
    HELP_WORD = "help.writelist"
    DEFAULT_CSS = "WriteList #question { height: auto; padding: 1 0; }"

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path or SUGGESTED

    def body(self) -> ComposeResult:
        """What it is, and the field."""
        yield Told(id="question")
        yield Field("path", self._path, max_length=400)

    def fill(self) -> None:
        """Says what is in the file, and that it must be kept like the register."""
        self.put("question", "\n".join(folded(self.words("writelist.question"), self.app.size.width - 4)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes the path."""
        if event.value.strip():
            self.dismiss(event.value.strip())
