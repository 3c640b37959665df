"""Reception (受付): one field; hits while typing; Enter opens the household, Enter again checks it in."""

import asyncio
import math
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from node.desk.scanning import Scanned, scanned
from node.desk.views import Done, PersonView
from node.exchange.card_symbols import PART_DIGITS_MAX
from node.exchange.form_number import printed
from node.people.kana_typed import without_half_syllable
from node.words import reason_sentence
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.card.scanning import Scanning
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.person import Person
from tui.dialogs.undo import undo_last
from tui.drafts import NEW_PERSON, Draft
from tui.fields import Field
from tui.lines import Lines
from tui.people import person_row
from tui.reception.form import NewForm
from tui.reception.household import Household
from tui.reception.prefill import prefill
from tui.reception.sheets import SheetsBack
from tui.when import today
from tui.words import Words

SHOWN = 20
"""Hits shown at most; one more is asked for, to know whether there are more."""


class Reception(Page[None]):
    """The first screen of the desk."""

    MAIN = True
    TITLE_WORD = "reception.title"
    HELP_WORD = "help.reception"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.check_in"),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("f5", "new", "key.new_person"),
        Binding("f6", "person", "key.person"),
        Binding("f8", "undo", "key.undo"),
        Binding("escape", "anew", "key.anew"),
    ]
    DEFAULT_CSS = """
    Reception .prompt { margin: 1 0 0 0; }
    Reception #search { margin: 0 0 1 0; }
    Reception #heard { height: 1; color: $quiet; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._draft = Draft(self, desk, NEW_PERSON)
        self._hits: list[PersonView] = []
        self._more = False
        self._answered = ""
        self._go_on_when_answered = False
        self._pause: Timer | None = None
        self._typed_at = -math.inf
        self._last_address = ""
        self._scanning = Scanning(self, desk, found=self._open_household, sheet=self._open_sheet)
        self._sheet = ""
        self._is_given_up = False
        self._number = ""
        """Of a sheet, as it was typed, until it is found."""

    def body(self) -> ComposeResult:
        """The field, what was understood, and who was found."""
        yield Word("reception.prompt", classes="prompt")
        yield Field("search", max_length=PART_DIGITS_MAX)
        yield Told(id="heard")
        yield Lines(id="hits")

    def on_mount(self) -> None:
        """Offers the form that was half typed when the lid was closed."""
        self.query_one("#hits", Lines).can_focus = False
        field = self.query_one("#search", Field)
        self.watch(field, "value", self._typed, init=False)
        self.watch(field, "selection", self._given_up, init=False)
        self.ask(lambda: self._desk.draft(NEW_PERSON), self._offer_draft, group="draft")
        self.call_after_refresh(self._make_ready)

    def _make_ready(self) -> None:
        """While nobody types yet: else the first key would wait for it."""
        self.run_worker(self._desk.make_ready, thread=True, group="ready", exit_on_error=False)

    def _offer_draft(self, fields: dict[str, str] | None) -> None:
        self._draft.found(fields)
        if fields:
            self._open_form(fields)

    @property
    def _text(self) -> str:
        """What is looked for; a word that is shown as chosen is the one that the next key replaces, and counts no
        more."""
        field = self.query_one("#search", Field)
        return "" if field.value and field.selected_text == field.value else field.value.strip()

    # --- finding

    def _typed(self) -> None:
        """Looks for what is typed, while the letter itself is painted; what was said of the person before is over."""
        if self._pause is not None:
            self._pause.stop()
        self._go_on_when_answered = False
        if self._text:
            self.say("")
        if not self._text:
            self._found(("", []))
        elif self._types_on():
            self._pause = self.set_timer(self.frame.typing_pause_s, self._find)
        else:
            self._find()

    def _given_up(self) -> None:
        """The word was chosen to be typed anew, or is wanted again after all."""
        given_up = not self._text
        if given_up != self._is_given_up:
            self._is_given_up = given_up
            self._typed()

    def _types_on(self) -> bool:
        """Whether keys come faster than anybody types, from a scanner or over a line that stalled: only the last of
        them is worth a search. The first one after a pause is looked for at once."""
        now = asyncio.get_running_loop().time()
        since, self._typed_at = now - self._typed_at, now
        return since < self.frame.typing_pause_s

    def _find(self) -> None:
        text = self._text
        if text and scanned(text) is Scanned.NOTHING:
            self.ask_at_once(lambda: (text, self._people(text)), self._found)

    def _people(self, text: str) -> list[PersonView]:
        """Whom the desk finds; while a syllable is half typed, whom it finds without it."""
        whole = without_half_syllable(text)
        found = self._desk.find(text, limit=SHOWN + 1)
        return found or (self._desk.find(whole, limit=SHOWN + 1) if whole not in (text, "") else [])

    def _found(self, answer: tuple[str, list[PersonView]]) -> None:
        text, hits = answer
        if text != self._text:
            return
        self._answered = text
        self._take(hits)
        self.query_one("#hits", Lines).highlighted = None
        self.fill()
        if self._go_on_when_answered:
            self._go_on_when_answered = False
            self._go_on()

    def _take(self, hits: list[PersonView]) -> None:
        self._hits, self._more = hits[:SHOWN], len(hits) > SHOWN

    def fill(self) -> None:
        """The hits, that there are more, or that there are none."""
        lines = self.query_one("#hits", Lines)
        on, words, room, town = today(self._desk.now_ms()), self.words, lines.room, self._desk.organisation_name
        told = [person_row(each, on, words, room, town=town) for each in self._hits]
        lines.show(told, keep=lines.highlighted)
        heard = ""
        if self._answered:
            key = "found_more" if self._more else "found" if self._hits else "not_found"
            heard = self.words(f"reception.{key}", n=len(self._hits))
        self.put("heard", heard)

    def resumed(self) -> None:
        """Those found may have come in meanwhile."""
        if self._answered and self._answered == self._text:
            text = self._text
            self.ask(lambda: (text, self._people(text)), self._refreshed, group="find", newest_only=True)

    def _refreshed(self, answer: tuple[str, list[PersonView]]) -> None:
        if answer[0] == self._text:
            self._take(answer[1])
            self.fill()

    # --- going on

    def action_move(self, by: int) -> None:
        """Moves the mark among the hits; the field keeps the focus."""
        lines = self.query_one("#hits", Lines)
        if lines.option_count:
            lines.highlighted = max(0, min(lines.option_count - 1, (lines.highlighted or 0) + by))

    def on_input_submitted(self) -> None:
        """Goes on with the hit marked. A scanner's Enter comes before the answer: it waits for it."""
        kind = scanned(self._text)
        if not self._text:
            self.say(lambda words: words("reception.type"))
        elif kind is not Scanned.NOTHING:
            text = self._text
            self.query_one("#search", Field).value = ""
            self._number = text if kind is Scanned.FORM else ""
            self._scanning.take(kind, text)
        elif self._answered == self._text:
            self._go_on()
        else:
            self._go_on_when_answered = True

    def _go_on(self) -> None:
        hit = self._marked()
        if hit is None:
            self.action_new()
        else:
            self._open_household(hit.subject)

    @property
    def is_acting(self) -> bool:
        """Also while Enter waits for the answer that it goes on with."""
        return super().is_acting or self._go_on_when_answered

    def let_go(self) -> None:
        """What is typed from now on is looked for in place of it."""
        super().let_go()
        self._go_on_when_answered = False

    def refused(self, error: Exception) -> None:
        """There is nothing to go on with either. A number that was typed is there again, and the next key or scan
        replaces it."""
        field, number, self._number = self.query_one("#search", Field), self._number, ""
        if number and not field.value:
            field.value = number
            field.action_select_all()
        super().refused(error)
        self._go_on_when_answered = False
        self.acted()

    def _open_household(self, subject: bytes) -> None:
        self.frame.push_screen(Household(self._desk, subject), self._checked_in)

    def _open_sheet(self, number: str) -> None:
        """The form for a check-in sheet that came back."""
        self._sheet, self._number = number, ""
        self.say(lambda words: words("card.sheet", number=printed(number)))
        self._open_form({})

    def _marked(self) -> PersonView | None:
        number = self.query_one("#hits", Lines).highlighted
        return self._hits[number] if number is not None and number < len(self._hits) else None

    def _checked_in(self, answer: Done | PersonView | None) -> None:
        if isinstance(answer, Done):
            self._tell([answer])
        elif isinstance(answer, PersonView):
            self._last_address = answer.address
            fields = {
                "family": answer.family_name,
                "family_kana": answer.kana.partition(" ")[0],
                "address": answer.address,
                "household": answer.household.hex(),
            }
            self._open_form(fields)

    def _tell(self, done: list[Done]) -> None:
        """Says what was done and empties the field for the next in the queue."""
        if not done:
            return
        people = sum(len(each.subjects) for each in done)
        warnings = tuple(dict.fromkeys(warning for each in done for warning in each.warnings))

        def told(words: Words) -> str:
            remarks = (_warning(reason, words) for reason in warnings)
            return " ".join((words("reception.checked_in", n=people), *remarks))

        self.say(told)
        self.query_one("#search", Field).value = ""
        self.done()

    # --- someone new

    def action_new(self) -> None:
        """Opens the form, with what was typed in the field where it belongs."""
        typed = self._text
        self.ask(lambda: prefill(typed, today(self._desk.now_ms())) if typed else {}, self._open_form)

    def _open_form(self, fields: dict[str, str]) -> None:
        if not self._draft.fields:
            self._show_form(fields)
            return
        half = self._draft.fields
        told = " ".join(half.get(name, "") for name in ("family", "given", "family_kana", "given_kana", "description"))

        def answered(answer: str | None) -> None:
            if answer == "go_on":
                self._show_form(half)
            elif answer == "anew":
                self._draft.drop()
                self._show_form({} if fields == half else fields)

        question = Choice(
            lambda words: words("draft.question", name=" ".join(told.split()) or words("draft.nameless")),
            by_word("draft.go_on", "draft.anew", "draft.later"),
            title="draft.title",
        )
        self.frame.push_screen(question, answered)

    def _show_form(self, fields: dict[str, str]) -> None:
        sheet = printed(self._sheet) if self._sheet else ""
        form = NewForm(self._desk, self._draft, fields, last_address=self._last_address, sheet=sheet)
        self.frame.push_screen(form, self._registered)

    def _registered(self, done: list[Done] | None) -> None:
        self._tell(done or [])
        if self._draft.fields:
            self.say(lambda words: words("draft.kept"))
        sheet, self._sheet = self._sheet, ""
        if done and sheet:
            SheetsBack(self, self._desk, sheet, [each.subjects[0] for each in done]).begin()
        if done:
            subject = done[-1].subjects[0]
            self.ask(lambda: self._desk.person(subject).address, self._remember_address, group="address")

    def _remember_address(self, address: str) -> None:
        self._last_address = address or self._last_address

    # --- the rest

    def action_person(self) -> None:
        """Opens the person marked."""
        hit = self._marked()
        if hit is not None:
            self.frame.push_screen(Person(self._desk, hit.subject))

    def action_undo(self) -> None:
        """Takes back one of the last acts."""
        undo_last(self, self._desk)

    def action_anew(self) -> None:
        """The next key typed replaces what stands in the field, which counts as gone; until then it can be had back by
        going to one of its ends."""
        self.query_one("#search", Field).action_select_all()


def _warning(reason: str, words: Words) -> str:
    """A remark that never refuses, such as that the place is over its capacity."""
    key = f"warning.{reason}"
    return words(key) if words.has(key) else reason_sentence(reason, words.language)
