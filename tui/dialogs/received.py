"""Who received what of a person: to whom, which facets, on what ground, when; as the log has it."""

from textual.app import ComposeResult

from node.desk.log_lines import LogLine, basis_word, facets_word
from node.desk.views import PersonView
from node.reference.organisations import organisation_name
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import folded, row, widths
from tui.lines import Lines
from tui.when import clock
from tui.whole import Whole


class Received(Page[None]):
    """The newest first; the marked one in full at the foot. Looking is logged."""

    TITLE_WORD = "received.title"
    HELP_WORD = "help.received"
    DEFAULT_CSS = "Received #count { height: auto; color: $quiet; }"

    def __init__(self, desk: Desk, person: PersonView) -> None:
        super().__init__()
        self._desk = desk
        self._person = person
        self._entries: list[LogLine] | None = None

    def title_text(self) -> str:
        """Of whom."""
        return f"{self.words('received.title')}  {self._person.name}"

    def body(self) -> ComposeResult:
        """How many, a line for each, and the marked one in full."""
        yield Told(id="count")
        yield Lines(id="entries")
        yield Whole(id="whole")

    def on_mount(self) -> None:
        """Asks once."""
        self.ask(lambda: self._desk.reading_log.about(self._person.subject, which="received"), self._show)

    def _show(self, entries: list[LogLine]) -> None:
        self._entries = entries
        self.fill()

    def fill(self) -> None:
        """When, to whom, what of them, on what ground."""
        if self._entries is None:
            return
        words, now, lines = self.words, self._desk.now_ms(), self.query_one("#entries", Lines)
        told = words("received.count" if self._entries else "received.nobody", n=len(self._entries))
        self.put("count", "\n".join(folded(told, self.app.size.width - 4)))
        laid = widths(lines.room, [11, 14, 0, 24], 10)
        rows = [[clock(each.at_ms, now, words), *self._cells(each)] for each in self._entries]
        lines.show([row(cells, laid) for cells in rows], keep=lines.highlighted)
        self._tell_detail()

    def _cells(self, entry: LogLine) -> list[str]:
        language = self.words.language
        return [organisation_name(entry.recipient), facets_word(entry, language), basis_word(entry.basis, language)]

    def on_option_list_option_highlighted(self) -> None:
        """Another one is marked."""
        self._tell_detail()

    def _tell_detail(self) -> None:
        number, whole = self.query_one("#entries", Lines).highlighted, self.query_one("#whole", Whole)
        if number is None or not self._entries or number >= len(self._entries):
            whole.show()
        else:
            whole.show(self._cells(self._entries[number]))
