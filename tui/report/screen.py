"""Status (避難所状況): how this shelter stands, headcounts filled in from the roster; one key says "as before"."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from node.desk.reporting import Counted
from node.desk.views import Done
from node.errors import FieldRefused
from node.people.facets import Status
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.columns import folded
from tui.dialogs.place import with_place
from tui.drafts import Draft
from tui.fields import Field, OneKey
from tui.lines import MARK, REFUSED_MARK
from tui.report.typed import COUNTS, LETTERS, OPENING, SUPPLY, fields_of, status_of
from tui.when import ago

ROWS = (
    ("observed", "opening"),
    ("headcount", "households"),
    ("men", "women"),
    ("sex_unknown", "outside_people"),
    ("water", "food"),
    ("communications",),
    ("text",),
)
ONE_KEY = {"opening": OPENING, "water": SUPPLY, "food": SUPPLY}
WORD_OF = {"opening": "opening_word", "water": "supply_word", "food": "supply_word"}
NAMES = tuple(name for row in ROWS for name in row)


class Report(Page[None]):
    """A form that is always filled in already; what is changed in it and not saved is kept."""

    MAIN = True
    TITLE_WORD = "report.title"
    HELP_WORD = "help.report"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "key.next_field", priority=True),
        Binding("f5", "save", "key.save"),
        Binding("f6", "same", "key.same_again"),
        Binding("f7", "fresh", "key.from_roster"),
        Binding("escape", "nothing", show=False),
    ]
    DEFAULT_CSS = """
    Report .row { height: 1; }
    Report .cell { height: 1; width: 1fr; margin: 0 1 0 0; }
    Report .cell Word { width: 16; }
    Report .cell Field { width: 1fr; }
    Report .cell OneKey { width: 2; margin: 0 1 0 0; }
    Report .told { width: 1fr; height: 1; }
    Report #last { height: auto; padding: 0 0 1 0; }
    Report #advice { height: 1fr; color: $quiet; margin: 1 0 0 0; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._draft: Draft | None = None
        self._draft_place = b""
        self._last: Status | None = None
        self._counted: Counted | None = None
        self._shown = False
        self._refused_field: str | None = None

    def body(self) -> ComposeResult:
        """When something was last reported, the fields, what to know of the one in hand."""
        yield Told(id="last")
        for row in ROWS:
            with Horizontal(classes="row"):
                for name in row:
                    with Horizontal(classes="cell"):
                        yield Word(f"report.{name}", classes=f"of_{name}")
                        if name in ONE_KEY:
                            yield OneKey(name, ONE_KEY[name])
                            yield Told(id=f"{name}_told", classes="told")
                        else:
                            yield Field(name, max_length=2_000 if name == "text" else 12)
        yield Told(id="advice")

    def news(self) -> None:
        """Asks how it stood last and what the roster comes to; what is half typed stays as it is."""
        place = self._desk.place
        key = f"status:{place.hex()}"

        def ask() -> tuple[Status | None, Counted | None, dict[str, str] | None]:
            if not place:  # nothing is of no place: the roster of all places is no shelter's
                return None, None, self._desk.draft(key)
            return self._desk.reports.last(), self._desk.reports.counted(), self._desk.draft(key)

        self.ask(ask, lambda found: self._show(place, key, *found), group="report", newest_only=True)

    def _show(
        self, place: bytes, key: str, last: Status | None, counted: Counted | None, half: dict[str, str] | None
    ) -> None:
        self._last, self._counted, self._shown = last, counted, True
        begun = fields_of(last, counted, self._desk.now_ms())
        if self._draft is None or self._draft_place != place:
            before = self._draft if self._draft_place == b"" else None
            self._draft, self._draft_place = Draft(self, self._desk, key), place
            self._draft.found(half)
            if before is not None and before.fields and not half:
                # It was typed before anybody said where: it is of the place that was chosen then.
                self._draft.keep({**begun, **before.fields}, given=begun)
                before.drop()
            elif half:
                self.say(lambda words: words("report.half_typed"))
        self._put(self._draft.fields or begun)
        self.fill()

    def _put(self, fields: dict[str, str]) -> None:
        for name in NAMES:
            field = self._field(name)
            if field.value != fields.get(name, ""):
                with field.prevent(Input.Changed):
                    field.value = fields.get(name, "")
                    field.cursor_position = len(field.value)

    def fill(self) -> None:
        """Says the answers of the one-key fields, when it was reported last, and the advice."""
        words = self.words
        for name, keys in ONE_KEY.items():
            chosen = keys.get(self._field(name).value)
            word = words(f"{WORD_OF[name]}.{chosen}") if chosen else words(f"{WORD_OF[name]}.keys")
            self.put(f"{name}_told", word)
        if self._counted is None and self._shown:
            self.put("last", "\n".join(folded(words("report.no_place"), self.app.size.width - 4)))
        elif self._counted is not None:
            told = (
                words("report.never")
                if self._last is None
                else words("report.last", ago=ago(self._last.observed_at_ms, self._desk.now_ms(), words))
            )
            roster = words("report.roster", n=self._counted.headcount, households=self._counted.households)
            self.put("last", f"{told}  {roster}")
        self._advise()

    def on_descendant_focus(self) -> None:
        """Another field is in hand."""
        self._advise()

    def _advise(self) -> None:
        name = self.focused.id if self.focused is not None and self.focused.id in NAMES else "observed"
        for each in NAMES:
            mark = REFUSED_MARK if each == self._refused_field else MARK if each == name else "  "
            self.query_one(f".of_{each}", Word).mark(mark)
        told = self.words(advice_word(name))
        if name == "communications":
            chosen = [letter for letter in LETTERS if letter in self._field(name).value.lower()]
            comma = self.words("list.comma")
            told += "\n" + comma.join(self.words(f"communication.{LETTERS[letter]}") for letter in chosen)
        self.put("advice", "\n".join(folded(told, self.app.size.width - 4)))

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Keeps what is half typed."""
        if self._refused_field is not None:
            self._refused_field = None
            self.say("")
        if self._draft is not None:
            self._draft.keep(self._fields())
        self.fill()

    def on_one_key_unknown(self, event: OneKey.Unknown) -> None:
        """Says which keys a one-key field takes."""
        self._complain(event.name)

    def action_next(self) -> None:
        """Enter goes to the next field; saving has a key of its own."""
        if self.focused is not None and self.focused.id != NAMES[-1]:
            self.focus_next(Field)

    # --- acts

    def action_save(self) -> None:
        """Writes the state down as it was seen."""
        if self._stands_nowhere():
            return
        try:
            status = status_of(self._fields(), self._desk.now_ms())
        except FieldRefused as refused:
            self._complain(str(refused.details["field"]))
        else:
            self.ask(lambda: self._desk.reports.report(status), self._reported)

    def action_same(self) -> None:
        """As before, seen now."""
        if self._stands_nowhere():
            return
        self.ask(self._desk.reports.same_again, self._reported)

    def _stands_nowhere(self) -> bool:
        """Where no shelter was chosen, asks which; nothing is reported before its figures were seen."""
        if self._desk.place:
            return False
        with_place(self, self._desk, self._stands, needed="report.place_needed")
        return True

    def _stands(self) -> None:
        self.say(lambda words: words("report.filled"))
        self.news()

    def action_fresh(self) -> None:
        """Gives up what is half typed: the roster's figures and the last report again."""
        if self._draft is not None and self._shown:
            self._draft.drop()
            self._put(fields_of(self._last, self._counted, self._desk.now_ms()))
            self.say("")
            self.fill()

    def _reported(self, _done: Done) -> None:
        if self._draft is not None:
            self._draft.drop()
        self.say(lambda words: words("report.saved"))
        self.done()
        self.news()

    def _complain(self, name: str) -> None:
        self._refused_field = name
        self._field(name).focus()
        self.say(lambda words: words(advice_word(name)))
        self._advise()

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def _fields(self) -> dict[str, str]:
        return {name: self._field(name).value for name in NAMES}


def advice_word(name: str) -> str:
    """The word that says what to know of a field."""
    return f"report_advice.{name if name not in COUNTS else 'count'}"
