"""Help: what the screen is for, and every key with its word."""

from textual.app import ComposeResult

from tui.base import Page, Told
from tui.columns import folded, pad


class Help(Page[None]):
    """Opened with F1 or a question mark."""

    TITLE_WORD = "help.title"

    def __init__(self, word: str, keys: list[tuple[str, str]]) -> None:
        super().__init__()
        self._word = word
        self._keys = keys

    def body(self) -> ComposeResult:
        """One text."""
        yield Told(id="help")

    def fill(self) -> None:
        """The screen's text, its keys, and the keys every screen has."""
        width = self.app.size.width - 4
        lines = ["", *folded(self.words(self._word), width), ""]
        lines += [f"  {pad(key, 8)}{word}" for key, word in self._keys]
        lines += ["", *folded(self.words("help.everywhere"), width)]
        self.put("help", "\n".join(lines))

    def action_help(self) -> None:
        """Help for the help would help nobody."""
