"""A dangerous act asks for a word to be typed; Enter alone does nothing."""

from textual.app import ComposeResult
from textual.widgets import Input

from tui.base import Page, Told
from tui.columns import folded
from tui.fields import Field


class TypedWord(Page[bool]):
    """Answers True only when the word was typed. The words accepted need no Japanese input method."""

    TITLE_WORD = "typed.title"
    HELP_WORD = "help.typed"
    DEFAULT_CSS = "TypedWord #question { height: auto; padding: 1 0; } TypedWord #typed { width: 30; }"

    def __init__(self, act: str, about: str) -> None:
        """`act` names the words `typed.<act>`, the question, and `typed.<act>_accepted`; `about` names whom."""
        super().__init__()
        self._act = act
        self._about = about

    def body(self) -> ComposeResult:
        """The question and the field."""
        yield Told(id="question")
        yield Field("typed", max_length=20)

    def fill(self) -> None:
        """Says what would be done, and which word does it."""
        accepted = self.words(f"typed.{self._act}_accepted").split(",")
        told = self.words(f"typed.{self._act}", name=self._about)
        told += "\n\n" + self.words("typed.how", word=self.words("typed.or").join(accepted))
        self.put("question", "\n".join(folded(told, self.app.size.width - 4)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Does it where the word is right; says so where it is not."""
        typed = event.value.strip().lower()
        if typed in self.words(f"typed.{self._act}_accepted").split(","):
            self.dismiss(True)
        else:
            self.say(lambda words: words("typed.wrong"))

    def left(self) -> bool:
        """Left without the word: nothing is done."""
        return False
