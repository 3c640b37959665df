"""Applications (申請・決定): what was asked of whom and what was decided, and the emergencies with their clock."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.declaring import EmergencyView
from node.granting import AgreementView
from tui.applications.apply import ApplyForm
from tui.applications.clock import clock_line
from tui.applications.decide import Decide
from tui.applications.emergency import EmergencyForm
from tui.applications.review import ReviewPage
from tui.applications.typed import facets_told
from tui.asked import Coordination
from tui.base import Page, Told
from tui.columns import cut, row, widths
from tui.lines import Lines
from tui.when import clock
from tui.words import Words

Entry = AgreementView | EmergencyView


class Applications(Page[None]):
    """What runs first, then what waits for a decision here, then the rest."""

    MAIN = True
    TITLE_WORD = "applications.title"
    HELP_WORD = "help.applications"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.open"),
        Binding("f5", "apply", "key.apply"),
        Binding("f7", "emergency", "key.declare"),
        Binding("escape", "nothing", show=False),
    ]
    DEFAULT_CSS = "Applications #head { height: 1; color: $quiet; }"

    def __init__(self, coordination: Coordination) -> None:
        super().__init__()
        self._coordination = coordination
        self._entries: list[Entry] = []
        self._half: dict[str, str] = {}
        self._half_emergency: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """The list."""
        yield Told(id="head")
        yield Lines(id="entries")

    def news(self) -> None:
        """An application or a decision may have come."""
        decisions = self._coordination.decisions

        def ask() -> tuple[list[AgreementView], list[EmergencyView]]:
            return decisions.agreements(), decisions.emergencies()

        self.ask(ask, lambda found: self._show(*found), group="applications", newest_only=True)

    def _show(self, agreements: list[AgreementView], emergencies: list[EmergencyView]) -> None:
        now = self._coordination.now_ms()
        runs = [each for each in emergencies if each.left_ms(now)]
        over = [each for each in emergencies if not each.left_ms(now)]
        self._entries = [*runs, *agreements, *over]
        if not self._entries:
            self.say(lambda words: words("applications.none"))
        self.fill()

    def fill(self) -> None:
        """One line each."""
        words, now = self.words, self._coordination.now_ms()
        lines = self.query_one("#entries", Lines)
        laid = widths(lines.room, [13, 10, 10, 0, 14], 10)
        head = ("stands", "who", "whom", "what", "until")
        self.put("head", "  " + row([words(f"applications.{name}") for name in head], laid))
        here = self._coordination.organisation
        told = [
            cut(clock_line(each, now, words), lines.room)
            if isinstance(each, EmergencyView)
            else row(agreement_cells(each, here, now, words), laid)
            for each in self._entries
        ]
        lines.show(told, keep=lines.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Opens the one marked."""
        entry = self._entries[event.option_index]
        if isinstance(entry, EmergencyView):
            self.frame.push_screen(ReviewPage(self._coordination, entry), self._acted)
        else:
            self.frame.push_screen(Decide(self._coordination, entry), self._acted)

    def action_apply(self) -> None:
        """A new application; what is half typed in it stays."""
        self.frame.push_screen(ApplyForm(self._coordination, self._half), self._acted)

    def action_emergency(self) -> None:
        """A new emergency."""
        self.frame.push_screen(EmergencyForm(self._coordination, self._half_emergency), self._acted)

    def _acted(self, said: str | None) -> None:
        if said:
            self.news()
            self.done()
            self.say(lambda words: words(said))


def agreement_cells(view: AgreementView, here: str, now_ms: int, words: Words) -> list[str]:
    """How it stands, by whom, to whom, what, until when."""
    stands = view.stands(now_ms)
    if stands == "open" and view.holder == here:
        stands = "to_decide"
    facets = view.facets or view.asked
    until = "" if not view.until_ms else clock(view.until_ms, now_ms, words)
    return [
        words(f"outcome.{stands}"),
        view.applicant_name,
        view.holder_name,
        facets_told(facets, words),
        until,
    ]
