"""The form for someone new: a name, kana or a description is enough; what is half typed is kept."""

from collections.abc import Mapping
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
from tui.dialogs.choice import Choice, Telling, by_word
from tui.dialogs.place import with_place
from tui.dialogs.turned import Turned, consent
from tui.drafts import Draft
from tui.fields import Field, OneKey
from tui.kana_field import KanaField
from tui.lines import MARK, REFUSED_MARK
from tui.reception.address_field import AddressField
from tui.reception.advice import Advised, advice
from tui.reception.amiss import TESTS, TYPED_CELLS, amiss, told
from tui.reception.known import recognise
from tui.reception.prefill import read_readings, with_readings
from tui.reception.refusal import field_refused
from tui.reception.similar import SOMEONE_NEW, Similar
from tui.reception.suggestions import KANA_OF, Suggestions
from tui.reception.typed import CARRIED, SEX, YES_NO, consent_opens, kana, may_be_a_child, new_person
from tui.when import today
from tui.words import Words

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
IN_HAND = "in_hand"
"""What a draft keeps beside the fields: where the clerk was."""
NOTHING_AMISS: Mapping[str, str] = {}


class NewForm(Page[list[Done]]):
    """Answers everything that was done: one entry for each person saved."""

    TITLE_WORD = "form.title"
    HELP_WORD = "help.form"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "key.next_field", priority=True),
        Binding("f5", "save", "key.save"),
        Binding("f6", "save_and_next", "key.save_and_next"),
        Binding("ctrl+e", "turn", "key.turn", priority=True),
        Binding("down", "other_reading", "key.other_reading"),
        Binding("up", "before", "key.field_before"),
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
        self._given = {} if fields == draft.fields else dict(fields)
        """What stands in the fields without having been typed there; that alone is no draft."""
        self._household = bytes.fromhex(fields.get("household", ""))
        self._last_address = last_address
        self._done: list[Done] = []
        self._suggestions = Suggestions(self, suggested=self._suggested, told=self._advise)
        self._saving = False
        self._complaint = False
        self._refused_fields: set[str] = set()
        self._left: set[str] = set()
        """The fields that were left since something was typed in them: what is amiss there is said."""
        self._meant: set[str] = set()
        """What can't be read and shall be saved all the same."""

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
                            yield self._made(name, self._start.get(name, ""))
        yield Told(id="advice")

    def _made(self, name: str, value: str) -> Field:
        if name == "address":
            return AddressField(name, value, town=self._desk.organisation_name, last=lambda: self._last_address)
        return KanaField(name, value) if name in KANA_OF.values() else Field(name, value)

    def on_mount(self) -> None:
        """Goes on with the field that was in hand, or begins with the first one in which nothing stands yet."""
        self.run_worker(read_readings, thread=True, group="lists")
        for name in ONE_KEY:
            self._field(name).value = self._start.get(name, "")
        for name in KANA_OF:
            if self._field(name).value:
                self._suggestions.look(name)
        if self._start.get(IN_HAND) in NAMES:
            self._take_in_hand(self._start[IN_HAND])
        else:
            self._begin()

    def _begin(self) -> None:
        """The first field that is still to be filled; kana are for a name what it is for them, and come by
        themselves."""
        other = KANA_OF | {kana: name for name, kana in KANA_OF.items()}
        fields = self._fields()
        empty = (name for name in NAMES if not fields[name] and not fields.get(other.get(name, ""), ""))
        self._take_in_hand(next(empty, NAMES[-1]))

    def _take_in_hand(self, name: str) -> None:
        field = self._field(name)
        field.cursor_position = len(field.value)
        field.focus()

    def title_text(self) -> str:
        """Which member of the household this is."""
        if self._done or self._household:
            return self.words("form.title_member", n=len(self._done) + 1)
        return self.words("form.title")

    def fill(self) -> None:
        """Says the answers of the one-key fields, and the advice, anew."""
        for name, word in (("sex", "sex_name"), ("share", "share")):
            chosen = ONE_KEY[name].get(self._field(name).value)
            self.put(f"{name}_told", self.words(f"{word}.{chosen}" if chosen else f"form.{name}_keys"))
        self._advise()

    # --- moving and typing

    def action_next(self) -> None:
        """Enter goes to the next field; on the last one it stays, for saving has a key of its own."""
        if self.focused is not None and self.focused.id != NAMES[-1]:
            self.focus_next(Field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keeps the draft."""
        field = event.input
        if field.id in ONE_KEY:
            self.fill()
        if field.has_focus or field.id in ONE_KEY:
            self._typed_on(field.id)
            self._advise()
        if not self._saving:
            self._keep()

    def _keep(self) -> None:
        """Keeps what is typed, where it is not what is kept: what is put in at the start is in nobody's hand."""
        kept = self._draft.fields
        hand = {IN_HAND: (self.focused.id if self.focused else None) or ""}
        if any(text != kept.get(name, "") for name, text in self._fields().items()):
            self._draft.keep(self._fields() | hand, given=self._given | hand)

    def _complain(self, text: Telling, name: str | None = None, *, beside: Mapping[str, str] = NOTHING_AMISS) -> None:
        """Says what is wrong, and what else is, until something else is typed; the fields it is about are marked, the
        first of them in hand."""
        self._say_amiss(beside, before=text)
        self._complaint = True
        if name is not None:
            self._refused_fields.add(name)
            self._field(name).focus()
        self._advise()

    def _typed_on(self, name: str | None) -> None:
        """What stands in the field in hand is said of it below; of those left before, it stays said."""
        self._left.discard(name or "")
        if self._complaint or name in self._refused_fields:
            self._complaint = False
            self._say_amiss(self._left_amiss())

    def _left_amiss(self) -> dict[str, str]:
        return {name: text for name, text in self._amiss().items() if name in self._left}

    def _say_amiss(self, found: Mapping[str, str], *, before: Telling | None = None) -> None:
        """Says what is amiss and marks where; nobody is stopped for it."""
        self._refused_fields = set(found)

        def telling(words: Words) -> str:
            first = [before(words)] if before else []
            return " ".join([*first, *(told(name, text, words) for name, text in found.items())])

        self.say(telling)

    def _amiss(self) -> dict[str, str]:
        return amiss(self._fields(), today(self._desk.now_ms()))

    def on_one_key_unknown(self, event: OneKey.Unknown) -> None:
        """Says which keys a one-key field takes."""
        self._complain(lambda words: words(f"form.{event.name}_choices"))

    def on_address_field_none_before(self) -> None:
        """Says that there is no last address."""
        self._complain(lambda words: words("form.no_last_address"))

    def on_descendant_focus(self) -> None:
        """Another field is in hand: its advice is shown."""
        self._advise()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """A name was typed: its kana are suggested. Kana were typed: they become katakana, from romaji too. What can't
        be read is said."""
        field = event.widget
        if not isinstance(field, Field) or self._saving:
            return
        if field.id in KANA_OF:
            self._suggestions.look(field.id)
        elif field.id in KANA_OF.values():
            field.value = kana(field.value)
        if field.id is not None and field.id in TESTS:
            self._left.add(field.id)
            if not self._complaint and (self._refused_fields or self._left_amiss()):
                self._say_amiss(self._left_amiss())

    def _suggested(self, name: str, reading: str) -> None:
        self._given[name] = reading

    def action_before(self) -> None:
        """Goes back to the field before."""
        if self.focused is not None and self.focused.id != NAMES[0]:
            self.focus_previous(Field)

    def action_other_reading(self) -> None:
        """Puts the next suggested reading in a kana field; where there is none, goes on to the next field."""
        kana = self.focused
        if not isinstance(kana, KanaField) or not self._suggestions.put_another(kana):
            self.action_next()

    def _advise(self) -> None:
        name = (self.focused.id if self.focused else None) or "family"
        for each in NAMES:
            mark = REFUSED_MARK if each in self._refused_fields else MARK if each == name else "  "
            self.query_one(f".of_{each}", Word).mark(mark)
        about = Advised(
            typed=self._field(name).value if name in NAMES else "",
            last_address=self._last_address,
            town=self._desk.organisation_name,
            consent_opens=consent_opens(self._fields()),
            readings=self._suggestions.of(name),
            on=today(self._desk.now_ms()),
            unlisted=self._suggestions.is_unlisted(name),
            width=self.app.size.width - 4,
        )
        self.put("advice", "\n".join(advice(name, about, self.words)))

    def action_turn(self) -> None:
        """Shows the visitor what they are asked to consent to."""
        by_guardian = may_be_a_child(self._fields(), today(self._desk.now_ms()))
        asked = consent("", None, by_guardian=by_guardian)
        self.frame.push_screen(Turned(asked, self.words, drill=self.frame.node.is_drill))

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
        found = self._amiss()
        unmeant = {name: text for name, text in found.items() if text not in self._meant}
        if unmeant and "birth" not in found:  # of which the desk refuses to make one
            self._ask_what_is_meant(unmeant, then_next)
            return
        self._saving = True
        fields, household = self._fields(), self._household

        def compare() -> tuple[NewPerson, list[Resemblance]]:
            person = new_person(with_readings(fields), household=household)
            return person, self._desk.similar(person)

        self.ask(compare, lambda compared: self._compared(*compared, then_next))

    def _ask_what_is_meant(self, unmeant: Mapping[str, str], then_next: bool) -> None:
        """Asks once whether what can't be read is meant; a slip is the likelier, so going back is chosen."""

        def answered(answer: str | None) -> None:
            if answer == "as_typed":
                self._meant.update(unmeant.values())
                self._save(then_next=then_next)
            else:
                first, *others = unmeant
                beside = {name: unmeant[name] for name in others}
                self._complain(lambda words: told(first, unmeant[first], words), first, beside=beside)

        question = Choice(
            lambda words: "\n".join(
                words("meant.question", typed=cut(text, TYPED_CELLS), told=told(name, text, words))
                for name, text in unmeant.items()
            ),
            by_word("meant.back", "meant.as_typed"),
            title="meant.title",
        )
        self.frame.push_screen(question, answered)

    def _compared(self, person: NewPerson, found: list[Resemblance], then_next: bool) -> None:
        if not found:
            self._register(person, then_next)
            return

        def back() -> None:
            self._saving = False

        def saved(done: Done, household: bytes) -> None:
            self._saved(done, household, then_next)

        def answered(subject: bytes | None) -> None:
            if subject is None:
                back()
            elif subject == SOMEONE_NEW:
                self._register(person, then_next)
            else:
                known = next(each.person for each in found if each.subject == subject)
                recognise(self, self._desk, known, person, then=saved, back=back)

        self.frame.push_screen(Similar(self._desk, found), answered)

    def _register(self, person: NewPerson, then_next: bool) -> None:
        def register() -> tuple[Done, bytes]:
            done = self._desk.register(person)
            return done, self._desk.person(done.subjects[0]).household

        with_place(self, self._desk, lambda: self.ask(register, lambda answer: self._saved(*answer, then_next)))

    def _saved(self, done: Done, household: bytes, then_next: bool) -> None:
        self._done.append(done)
        self.done()
        self._draft.drop()
        if not then_next:
            self.dismiss(self._done)
            return
        self._household = self._household or household
        self._last_address = self._field("address").value
        self._suggestions.forget()
        self._left.clear()
        self._refused_fields.clear()
        for name in NAMES:
            if name not in CARRIED:
                self._field(name).value = ""
        self._given = self._fields()
        self._saving = False
        self.put("title", self._title())
        saved = len(self._done)
        self.say(lambda words: words("form.saved_next", n=saved))
        self._begin()

    def refused(self, error: Exception) -> None:
        """Nothing was written: the form stays as it is, with the field the refusal names in hand."""
        self._saving = False
        refused = field_refused(error)
        beside = {name: text for name, text in self._amiss().items() if name != refused}
        self._complain(lambda _words: self.told(error), refused, beside=beside)

    def left(self) -> list[Done]:
        """What was saved so far; what is half typed stays in the draft."""
        return self._done

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def _fields(self) -> dict[str, str]:
        return {name: self._field(name).value for name in NAMES} | {"household": self._household.hex()}
