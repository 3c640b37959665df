"""Sheets (受付票): which are out, which came back, which are spoilt; more are printed by one key."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.forms import BACK, OUT, SPOILT, SheetView, counted
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import folded
from tui.dialogs.choice import Choice
from tui.lines import Lines
from tui.tenths import Tenths
from tui.when import clock
from tui.words import Words

STATES = (OUT, BACK, SPOILT)
COUNTS = (10, 20, 50, 100, 200)


class FormsScreen(Page[None]):
    """One list at a time, chosen by a digit."""

    MAIN = True
    TITLE_WORD = "forms.title"
    HELP_WORD = "help.forms"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "print", "key.forms_print"),
        Binding("f6", "spoil", "key.forms_spoil"),
        *[Binding(str(number + 1), f"which({number})", show=False) for number in range(len(STATES))],
        Binding("left", "beside(-1)", show=False),
        Binding("right", "beside(1)", show=False),
        Binding("escape", "nothing", show=False),
    ]
    DEFAULT_CSS = "FormsScreen #which { height: 1; } FormsScreen #none { height: auto; color: $quiet; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._which = OUT
        self._sheets: list[SheetView] = []

    def body(self) -> ComposeResult:
        """The lists by their keys with how many are on each; the list."""
        yield Told(id="which")
        yield Told(id="none")
        yield Lines(id="sheets")

    def news(self) -> None:
        """Asks for the sheets anew."""
        self.ask(self._desk.forms.listed, self._show, group="forms", newest_only=True)

    def _show(self, sheets: list[SheetView]) -> None:
        self._sheets = sheets
        self.fill()

    @property
    def _listed(self) -> list[SheetView]:
        return [sheet for sheet in self._sheets if sheet.state == self._which]

    def fill(self) -> None:
        """The list and which it is."""
        words, counts = self.words, counted(self._sheets)
        told = [f"{number + 1}{words(f'forms.{state}')} {counts[state]}" for number, state in enumerate(STATES)]
        marked = [f"[{text}]" if STATES[number] == self._which else f" {text} " for number, text in enumerate(told)]
        self.put("which", " ".join(marked))
        none = "" if self._listed else words(f"forms.none_{self._which}")
        self.put("none", "\n".join(folded(none, self.app.size.width - 4)))
        lines, now = self.query_one("#sheets", Lines), self._desk.now_ms()
        lines.show([self._row(sheet, now) for sheet in self._listed], keep=lines.highlighted)

    def _row(self, sheet: SheetView, now: int) -> str:
        at = clock(sheet.at_ms, now, self.words) if sheet.at_ms else ""
        return "  ".join(part for part in (sheet.printed, at, sheet.operator, sheet.name) if part)

    def action_which(self, number: int) -> None:
        """Another list."""
        self._which = STATES[number]
        self.query_one("#sheets", Lines).highlighted = None
        self.fill()

    def action_beside(self, by: int) -> None:
        """The list beside this one."""
        self.action_which((STATES.index(self._which) + by) % len(STATES))

    def action_print(self) -> None:
        """Asks how many, then writes them for the printer."""
        answers = [(str(count), lambda words, n=count: words("forms.sheets", n=n)) for count in COUNTS]

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._tell_share(0)
                self.ask(lambda: self._printed(int(answer)), self._saved)

        self.frame.push_screen(Choice(lambda words: words("forms.how_many"), answers, title="forms.title"), answered)

    def _printed(self, count: int) -> str:
        printing = self._desk.printing
        drawn = printing.forms(self._desk.forms.issue(count), progress=Tenths(self, self._tell_share))
        return printing.save("sheets.pdf", drawn)

    def _tell_share(self, percent: int) -> None:
        self.say(lambda words: words("forms.making", percent=percent))

    def action_spoil(self) -> None:
        """The sheet marked is spoilt, or good after all."""
        number = self.query_one("#sheets", Lines).highlighted
        if number is None or number >= len(self._listed):
            self.say(lambda words: words("forms.choose"))
            return
        sheet = self._listed[number]
        if sheet.state == BACK:
            self.say(lambda words: words("forms.is_back"))
            return
        act = self._desk.forms.unspoil if sheet.state == SPOILT else self._desk.forms.spoil
        word = "forms.taken_back" if sheet.state == SPOILT else "forms.noted"
        self.ask(lambda: act(sheet.number), lambda _none: self._said(lambda words: words(word, number=sheet.printed)))

    def _saved(self, path: str) -> None:
        self._said(lambda words: words("card.saved", file=path))

    def _said(self, text: Callable[[Words], str]) -> None:
        self.say(text)
        self.news()
