"""The form for someone new: a name, kana or a description is enough; what is half typed is kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import DescendantBlur
from textual.widgets import Input

from node.desk.resemblance import Resemblance
from node.desk.views import Done, NewPerson
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.columns import cut
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.place import with_place
from tui.drafts import Draft
from tui.fields import Field, OneKey
from tui.lines import MARK, REFUSED_MARK
from tui.reception.advice import Advised, advice
from tui.reception.prefill import readings, with_readings
from tui.reception.refusal import field_refused
from tui.reception.similar import SOMEONE_NEW, Similar
from tui.reception.typed import CARRIED, SEX, YES_NO, consent_opens, is_unread, kana, new_person
from tui.when import today

ROWS = (
    ("family", "given"),
    ("family_kana", "given_kana"),
    ("birth", "sex"),
    ("address",),
    ("phone", "care"),
    ("share", "guardian"),
    ("description",),
    ("age", "found"),
)
"""The fields, two in a row, in the order they are asked."""
ONE_KEY = {"sex": SEX, "share": YES_NO}
NAMES = tuple(name for row in ROWS for name in row)
KANA_OF = {"family": "family_kana", "given": "given_kana"}
SAME_AS_LAST, THIS_TOWN = "=", "."
ASKED_ABOUT_CELLS = 30


class NewForm(Page[list[Done]]):
    """Answers everything that was done: one entry for each person saved."""

    TITLE_WORD = "form.title"
    HELP_WORD = "help.form"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "key.next_field", priority=True),
        Binding("f5", "save", "key.save"),
        Binding("f6", "save_and_next", "key.save_and_next"),
        Binding("down", "other_reading", "key.other_reading"),
    ]
    DEFAULT_CSS = """
    NewForm .row { height: 1; }
    NewForm .cell { height: 1; width: 1fr; margin: 0 1 0 0; }
    NewForm .cell Word { width: 13; }
    NewForm .cell Field { width: 1fr; }
    NewForm .cell OneKey { width: 2; margin: 0 1 0 0; }
    NewForm .told { width: 1fr; height: 1; }
    NewForm #advice { height: 1fr; color: $quiet; margin: 1 0 0 0; }
    """

    def __init__(self, desk: Desk, draft: Draft, fields: dict[str, str], *, last_address: str = "") -> None:
        super().__init__()
        self._desk = desk
        self._draft = draft
        self._start = fields
        self._household = bytes.fromhex(fields.get("household", ""))
        self._last_address = last_address
        self._done: list[Done] = []
        self._readings: dict[str, tuple[str, ...]] = {}
        self._saving = False
        self._complaint = False
        self._refused_field: str | None = None
        self._meant: set[str] = set()
        """What is no reading and shall be saved all the same."""

    def body(self) -> ComposeResult:
        """The fields, and below them what to know of the one in hand."""
        for row in ROWS:
            with Horizontal(classes="row"):
                for name in row:
                    with Horizontal(classes="cell"):
                        yield Word(f"form.{name}", classes=f"of_{name}")
                        if name in ONE_KEY:
                            yield OneKey(name, ONE_KEY[name])
                            yield Told(id=f"{name}_told", classes="told")
                        else:
                            yield Field(name, self._start.get(name, ""))
        yield Told(id="advice")

    def on_mount(self) -> None:
        """Begins with the first field in which nothing stands yet."""
        for name in ONE_KEY:
            self._field(name).value = self._start.get(name, "")
        self._begin()

    def _begin(self) -> None:
        first = "given" if self._field("family").value or self._field("family_kana").value else "family"
        self._field(first).focus()

    def title_text(self) -> str:
        """Which member of the household this is."""
        if self._done or self._household:
            return self.words("form.title_member", n=len(self._done) + 1)
        return self.words("form.title")

    def fill(self) -> None:
        """Says the answers of the one-key fields, and the advice, anew."""
        for name, word in (("sex", "sex_name"), ("share", "share")):
            chosen = ONE_KEY[name].get(self._field(name).value)
            told = self.words(f"{word}.{chosen}") if chosen else self.words(f"form.{name}_keys")
            self.put(f"{name}_told", told)
        self._advise()

    # --- moving and typing

    def action_next(self) -> None:
        """Enter goes to the next field; on the last one it stays, for saving has a key of its own."""
        if self.focused is not None and self.focused.id != NAMES[-1]:
            self.focus_next(Field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keeps the draft; carries the last address over where a single key asks for it."""
        field = event.input
        if field.id == "address" and event.value in (SAME_AS_LAST, THIS_TOWN):
            field.value = self._last_address if event.value == SAME_AS_LAST else self._desk.organisation_name
            field.cursor_position = len(field.value)
            if event.value == SAME_AS_LAST and field.value:
                self.focus_next(Field)
            return
        if field.id in ONE_KEY:
            self.fill()
        if field.has_focus or field.id in ONE_KEY:
            self._typed_on()
            self._advise()
        if not self._saving:
            self._draft.keep(self._fields())

    def _complain(self, text: str, name: str | None = None) -> None:
        """Says what is wrong, until something else is typed; the field it is about is marked and in hand."""
        self.say(text)
        self._complaint, self._refused_field = True, name
        if name is not None:
            self._field(name).focus()
        self._advise()

    def _typed_on(self) -> None:
        if self._complaint:
            self.say("")
            self._complaint, self._refused_field = False, None

    def on_one_key_unknown(self, event: OneKey.Unknown) -> None:
        """Says which keys a one-key field takes."""
        self._complain(self.words(f"form.{event.name}_choices"))

    def on_descendant_focus(self) -> None:
        """Another field is in hand: its advice is shown."""
        self._advise()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """A name was typed: its kana are suggested. Kana were typed: they become katakana, from romaji too."""
        field = event.widget
        if not isinstance(field, Field):
            return
        if field.id in KANA_OF:
            self._suggest(field.id)
        elif field.id in KANA_OF.values():
            field.value = kana(field.value)

    def _suggest(self, name: str) -> None:
        typed, woman = (
            self._field(name).value.strip(),
            {"1": False, "2": True}.get(SEX.get(self._field("sex").value, "")),
        )
        self.ask(
            lambda: (name, typed, readings(name, typed, woman=woman)),
            self._suggested,
            group=f"readings_{name}",
            newest_only=True,
        )

    def _suggested(self, found: tuple[str, str, tuple[str, ...]]) -> None:
        name, typed, suggestions = found
        kana = self._field(KANA_OF[name])
        suggested_before = self._readings.get(kana.id or "", ())
        self._readings[kana.id or ""] = suggestions
        if (
            suggestions
            and typed == self._field(name).value.strip()
            and (not kana.value or kana.value in suggested_before)
        ):
            kana.value = suggestions[0]
            kana.cursor_position = len(kana.value)
        self._advise()

    def action_other_reading(self) -> None:
        """Puts the next suggested reading in a kana field."""
        field = self.focused
        suggestions = self._readings.get(field.id or "", ()) if isinstance(field, Field) else ()
        if isinstance(field, Field) and suggestions:
            number = suggestions.index(field.value) + 1 if field.value in suggestions else 0
            field.value = suggestions[number % len(suggestions)]
            field.cursor_position = len(field.value)

    def _advise(self) -> None:
        name = (self.focused.id if self.focused else None) or "family"
        for each in NAMES:
            mark = REFUSED_MARK if each == self._refused_field else MARK if each == name else "  "
            self.query_one(f".of_{each}", Word).mark(mark)
        about = Advised(
            typed=self._field(name).value if name in NAMES else "",
            last_address=self._last_address,
            town=self._desk.organisation_name,
            consent_opens=consent_opens(self._fields()),
            readings=self._readings.get(name, ()),
            on=today(self._desk.now_ms()),
            width=self.app.size.width - 4,
        )
        self.put("advice", "\n".join(advice(name, about, self.words)))

    # --- saving

    def action_save(self) -> None:
        """Saves and goes back to the reception."""
        self._save(then_next=False)

    def action_save_and_next(self) -> None:
        """Saves and goes on with another member of the household."""
        self._save(then_next=True)

    def _save(self, *, then_next: bool) -> None:
        if self._saving:
            return
        for name in KANA_OF.values():
            if is_unread(self._field(name).value) and self._field(name).value not in self._meant:
                self._ask_about_kana(name, then_next)
                return
        self._saving = True
        fields, household = self._fields(), self._household

        def compare() -> tuple[NewPerson, list[Resemblance]]:
            person = new_person(with_readings(fields), household=household)
            return person, self._desk.similar(person)

        self.ask(compare, lambda compared: self._compared(*compared, then_next))

    def _ask_about_kana(self, name: str, then_next: bool) -> None:
        """Asks once whether what is no reading is meant; a slip is the likelier, so going back is chosen."""
        typed = self._field(name).value

        def answered(answer: str | None) -> None:
            if answer == "as_typed":
                self._meant.add(typed)
                self._save(then_next=then_next)
            else:
                self._complain(self.words("advice.kana_unread"), name)

        question = Choice(
            lambda words: words("kana.question", field=words(f"form.{name}"), typed=cut(typed, ASKED_ABOUT_CELLS)),
            by_word("kana.back", "kana.as_typed"),
            title="kana.title",
        )
        self.frame.push_screen(question, answered)

    def _compared(self, person: NewPerson, found: list[Resemblance], then_next: bool) -> None:
        if not found:
            self._register(person, then_next)
            return

        def answered(subject: bytes | None) -> None:
            if subject is None:
                self._saving = False
            elif subject == SOMEONE_NEW:
                self._register(person, then_next)
            else:
                desk = self._desk
                with_place(
                    self,
                    desk,
                    lambda: self._act(lambda: (desk.check_in([subject]), desk.person(subject).household), then_next),
                )

        self.frame.push_screen(Similar(self._desk, found), answered)

    def _register(self, person: NewPerson, then_next: bool) -> None:
        def register() -> tuple[Done, bytes]:
            done = self._desk.register(person)
            return done, self._desk.person(done.subjects[0]).household

        with_place(self, self._desk, lambda: self._act(register, then_next))

    def _act(self, act: Callable[[], tuple[Done, bytes]], then_next: bool) -> None:
        self.ask(act, lambda answer: self._saved(*answer, then_next))

    def _saved(self, done: Done, household: bytes, then_next: bool) -> None:
        if not consent_opens(self._fields()):
            done = replace(done, warnings=(*done.warnings, "AGE_UNKNOWN"))
        self._done.append(done)
        self.done()
        self._draft.drop()
        if not then_next:
            self.dismiss(self._done)
            return
        self._household = household
        self._last_address = self._field("address").value
        self._readings.clear()
        for name in NAMES:
            if name not in CARRIED:
                self._field(name).value = ""
        self._saving = False
        self.put("title", self._title())
        saved = len(self._done)
        self.say(lambda words: words("form.saved_next", n=saved))
        self._begin()

    def refused(self, error: Exception) -> None:
        """Nothing was written: the form stays as it is, with the field the refusal names in hand."""
        self._saving = False
        self._complain(self.told(error), field_refused(error))

    def left(self) -> list[Done]:
        """What was saved so far; what is half typed stays in the draft."""
        return self._done

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def _fields(self) -> dict[str, str]:
        return {name: self._field(name).value for name in NAMES} | {"household": self._household.hex()}
