"""The history of a person: the stays over time, or every statement with its author."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.history import Statement, StayView
from node.desk.views import FieldView, PersonView
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import row, widths
from tui.dialogs.statements import field_text, field_word
from tui.lines import Lines
from tui.towns import name_of
from tui.when import clock
from tui.whole import Whole
from tui.words import Words


class History(Page[None]):
    """Stays first: where somebody has been is what is asked most."""

    TITLE_WORD = "history.title"
    HELP_WORD = "help.history"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "turn", "key.turn_history")]
    DEFAULT_CSS = "History #what { height: 1; }"

    def __init__(self, desk: Desk, person: PersonView) -> None:
        super().__init__()
        self._desk = desk
        self._person = person
        self._stays: list[StayView] | None = None
        self._statements: list[Statement] | None = None

    def title_text(self) -> str:
        """Whose history."""
        return f"{self.words('history.title')}  {self._person.name}"

    def body(self) -> ComposeResult:
        """What is shown, the list, and the marked line whole."""
        yield Told(id="what")
        yield Lines(id="lines")
        yield Whole(id="whole")

    def on_mount(self) -> None:
        """Asks for the stays."""
        self.ask(lambda: self._desk.histories.stays(self._person.subject), self._show_stays)

    def _show_stays(self, stays: list[StayView]) -> None:
        self._stays, self._statements = stays, None
        self.fill()

    def _show_statements(self, statements: list[Statement]) -> None:
        self._stays, self._statements = None, statements
        self.fill()

    def action_turn(self) -> None:
        """From the stays to the statements, and back."""
        if self._statements is None:
            self.ask(lambda: self._desk.histories.statements(self._person.subject), self._show_statements)
        else:
            self.ask(lambda: self._desk.histories.stays(self._person.subject), self._show_stays)

    def fill(self) -> None:
        """The list, in words."""
        lines, now, words = self.query_one("#lines", Lines), self._desk.now_ms(), self.words
        if self._statements is not None:
            self.put("what", words("history.statements", n=len(self._statements)))
            laid = widths(lines.room, [11, 0, 14], 10)
            lines.show([row(_statement(each, now, words), laid) for each in self._statements], keep=0)
        elif self._stays is not None:
            self.put("what", words("history.stays", n=len(self._stays)) if self._stays else words("history.no_stays"))
            laid = widths(lines.room, [10, 0, 11, 11, 0], 8)
            lines.show([row(_stay(each, now, words), laid) for each in self._stays], keep=0)
        self._tell_whole()

    def _tell_whole(self) -> None:
        now, words, number = self._desk.now_ms(), self.words, self.query_one("#lines", Lines).highlighted
        whole = self.query_one("#whole", Whole)
        if number is None:
            whole.show()
        elif self._statements is not None and number < len(self._statements):
            at, told, by = _statement(self._statements[number], now, words)
            whole.show([at, by], [told])
        elif self._stays is not None and number < len(self._stays):
            whole.show(_stay(self._stays[number], now, words))

    def on_option_list_option_highlighted(self, _event: OptionList.OptionHighlighted) -> None:
        """Another line is marked."""
        self._tell_whole()


def _stay(stay: StayView, now_ms: int, words: Words) -> list[str]:
    at = stay.place_name or (
        words.either(f"outside.{stay.outside}", "") if stay.outside else name_of(stay.municipality)
    )
    to = stay.to_place_name
    if not to and stay.to_municipality:
        to = name_of(stay.to_municipality)
    if not to and stay.until_ms is not None:
        to = words.either(f"outside.{stay.to_outside}", "")
    return [
        words.either(f"stay_state.{stay.state}", ""),
        at,
        clock(stay.since_ms, now_ms, words),
        clock(stay.until_ms, now_ms, words) if stay.until_ms is not None else words("history.open"),
        words("history.to", place=to) if to else "",
    ]


def _statement(statement: Statement, now_ms: int, words: Words) -> list[str]:
    said = words("list.comma").join(
        f"{_field_name(statement, name, words)}:{_field_text(statement, name, text, words)}"
        for name, text in statement.fields
    )
    mark = words("history.over") if statement.is_over else ""
    by = f"{name_of(statement.organisation)} {statement.operator}"
    return [
        clock(statement.at_ms, now_ms, words),
        f"{mark}{words.either(f'facet.{statement.facet}', statement.facet)} {said}",
        by,
    ]


def _view(statement: Statement, name: str, text: str) -> FieldView:
    return FieldView(statement.facet, name, text, statement.organisation, statement.operator, statement.at_ms, False)


def _field_name(statement: Statement, name: str, words: Words) -> str:
    return field_word(_view(statement, name, ""), words).partition(" ")[2]


def _field_text(statement: Statement, name: str, text: str, words: Words) -> str:
    return field_text(_view(statement, name, text), words)
