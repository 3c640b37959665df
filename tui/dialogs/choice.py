"""A question with a few answers, the safe one first and chosen."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from tui.base import Page, Told
from tui.columns import folded
from tui.lines import Lines
from tui.words import Words

Telling = Callable[[Words], str]


class Choice(Page[str | None]):
    """Answers the value chosen, or None when it is left with Escape. Digits choose as well."""

    TITLE_WORD = "choice.title"
    HELP_WORD = "help.choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.choose"),
        *[Binding(str(digit), f"pick({digit - 1})", show=False) for digit in range(1, 10)],
    ]
    DEFAULT_CSS = "Choice #question { height: auto; padding: 1 0; }"

    def __init__(
        self, question: Telling, answers: Sequence[tuple[str, Telling]], *, title: str = "choice.title"
    ) -> None:
        super().__init__()
        self._question = question
        self._answers = answers
        self._title_word = title

    def title_text(self) -> str:
        """The title this question was given."""
        return self.words(self._title_word)

    def body(self) -> ComposeResult:
        """The question above its answers."""
        yield Told(id="question")
        yield Lines(id="answers")

    def fill(self) -> None:
        """Says question and answers."""
        width = self.app.size.width - 4
        self.put("question", "\n".join(folded(self._question(self.words), width)))
        lines = self.query_one("#answers", Lines)
        told = [f"{number + 1}  {telling(self.words)}" for number, (_, telling) in enumerate(self._answers)]
        lines.show(told, keep=lines.highlighted)

    def action_pick(self, number: int) -> None:
        """Chooses by digit."""
        if number < len(self._answers):
            self.dismiss(self._answers[number][0])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answers with the line chosen."""
        self.dismiss(self._answers[event.option_index][0])


def by_word(*keys: str) -> list[tuple[str, Telling]]:
    """Answers whose values are the last part of their word keys."""
    return [(key.rpartition(".")[2], lambda words, key=key: words(key)) for key in keys]  # type: ignore[misc]
