"""One pair side by side: what speaks for one person and what against, and the word on it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.resemblance import PairView
from node.desk.views import Done, PersonView
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import cut, folded, row, widths
from tui.dialogs.choice import Choice, by_word
from tui.duplicates.explained import FIELD_CELLS, LEVEL_CELLS, WEIGHT_CELLS, rows, verdict
from tui.lines import Lines
from tui.people import where
from tui.towns import name_of
from tui.when import clock

REASONS = ("asked", "papers", "records")
DECIDED = ("same", "not_same")


class Pair(Page[tuple[str, Done] | None]):
    """Answers what was said, with the act that can be taken back; None when it is left."""

    TITLE_WORD = "pair.title"
    HELP_WORD = "help.pair"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "decide('same')", "key.same"),
        Binding("f6", "decide('not_same')", "key.not_same"),
        Binding("f7", "leave_open", "key.leave_open"),
    ]
    DEFAULT_CSS = """
    Pair #sides { height: 2; } Pair #verdict { height: auto; padding: 1 0 0 0; } Pair #said_of { height: auto; }
    """

    def __init__(self, desk: Desk, pair: PairView) -> None:
        super().__init__()
        self._desk = desk
        self._pair = pair
        self._acting = False

    def body(self) -> ComposeResult:
        """Where either is, the fields, the sum, and what was said before."""
        yield Told(id="sides")
        yield Lines(id="fields")
        yield Told(id="verdict")
        yield Told(id="said_of")

    def on_mount(self) -> None:
        """Opening it is a read of both, which the desk logs."""
        first, second = self._pair.first.subject, self._pair.second.subject
        self.ask(lambda: self._desk.duplicates.pair(first, second), self._show)

    def _show(self, pair: PairView) -> None:
        self._pair = pair
        self.fill()

    def fill(self) -> None:
        """Says it all anew."""
        words, pair = self.words, self._pair
        lines, width = self.query_one("#fields", Lines), self.app.size.width - 2
        laid = widths(lines.room, [FIELD_CELLS, 0, 0, LEVEL_CELLS, WEIGHT_CELLS], 10)
        sides = [
            row(["", *(each(person) for person in (pair.first, pair.second)), "", ""], laid)
            for each in (self._known_from, self._where)
        ]
        self.put("sides", "\n".join(f"  {line}" for line in sides))
        lines.show(rows(pair.first, pair.second, pair.compared, words, lines.room), keep=lines.highlighted)
        self.put("verdict", "\n".join(folded(verdict(pair.compared, words), width)))
        told = ""
        if pair.said:
            at, by = clock(pair.at_ms, self._desk.now_ms(), words), f"{name_of(pair.organisation)} {pair.by}"
            told = f"{words('pair.said', what=words(f'pair_said.{pair.said}'), time=at, by=by)} {pair.reason}"
        self.put("said_of", cut(told.rstrip(), width))

    def _known_from(self, person: PersonView) -> str:
        key = "from_register" if person.resident_only else "from_desk"
        return self.words(f"pair.{key}", town=name_of(person.from_organisation))

    def _where(self, person: PersonView) -> str:
        return where(person, self.words)

    # --- acts

    def action_decide(self, what: str) -> None:
        """Asks how it is known, and says it."""
        question = Choice(
            lambda words: words(f"pair.{what}_question"),
            by_word(*(f"pair_reason.{reason}" for reason in REASONS)),
            title="pair.reason_title",
        )
        self.frame.push_screen(question, lambda reason: self._decided(what, reason) if reason else None)

    def _decided(self, what: str, reason: str) -> None:
        first, second = self._pair.first.subject, self._pair.second.subject
        acts = self._desk.duplicates
        act = acts.same if what == "same" else acts.not_same
        told = self.words(f"pair_reason.{reason}")
        self._act(what, lambda: act(first, second, reason=told))

    def action_leave_open(self) -> None:
        """Goes on waiting; what was decided before is said no more."""
        first, second = self._pair.first.subject, self._pair.second.subject
        acts = self._desk.duplicates
        if self._pair.said in DECIDED:
            self._act("unlinked", lambda: acts.unlink(first, second))
        else:
            self._act("later", lambda: acts.later(first, second))

    def _act(self, what: str, act: Callable[[], Done]) -> None:
        if not self._acting:
            self._acting = True
            self.ask(act, lambda done: self.dismiss((what, done)))

    def refused(self, error: Exception) -> None:
        """Says why; the pair can be spoken of again."""
        self._acting = False
        super().refused(error)
