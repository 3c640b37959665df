"""The organisation's word: before its key signs, its passphrase is asked, or a word typed where it has none."""

from collections.abc import Callable
from typing import TypeVar

from textual.app import ComposeResult
from textual.widgets import Input

from node.coordination.decisions import Decisions
from tui.base import Page, Told
from tui.columns import folded
from tui.dialogs.typed_word import TypedWord
from tui.fields import Field

T = TypeVar("T")


class Passphrase(Page[str | None]):
    """Answers the passphrase typed; None where it is left. It is never shown and never kept."""

    TITLE_WORD = "passphrase.title"
    HELP_WORD = "help.passphrase"
    DEFAULT_CSS = "Passphrase #question { height: auto; padding: 1 0; } Passphrase #typed { width: 40; }"

    def __init__(self, act: str, about: str) -> None:
        """`act` names the question `typed.<act>`; `about` is whom it is about."""
        super().__init__()
        self._act = act
        self._about = about

    def body(self) -> ComposeResult:
        """What would be signed, and the field."""
        yield Told(id="question")
        field = Field("typed")
        field.password = True
        yield field

    def fill(self) -> None:
        """Says what would be signed."""
        told = f"{self.words(f'typed.{self._act}', name=self._about)}\n\n{self.words('passphrase.how')}"
        self.put("question", "\n".join(folded(told, self.app.size.width - 4)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes what was typed."""
        if event.value:
            self.dismiss(event.value)


def with_key(
    page: Page[str | None],
    decisions: Decisions,
    act: str,
    about: str,
    *,
    do: Callable[[str | None], T],
    then: Callable[[T], object],
) -> None:
    """Asks for the passphrase, or for the word of this act, and only then does it."""

    def ask_for(needed: bool) -> None:
        if needed:
            page.frame.push_screen(Passphrase(act, about), typed)
        else:
            page.frame.push_screen(TypedWord(act, about), worded)

    def typed(passphrase: str | None) -> None:
        if passphrase is not None:
            page.ask(lambda: do(passphrase), then)

    def worded(was_typed: bool | None) -> None:
        if was_typed:
            page.ask(lambda: do(None), then)

    page.ask(decisions.needs_passphrase, ask_for)
