"""The form for someone new: a name, kana or a description is enough; what is half typed is kept."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from node.desk.resemblance import Resemblance
from node.desk.views import Done, NewPerson
from tui.asked import Desk
from tui.dialogs.place import with_place
from tui.dialogs.turned import Turned, consent
from tui.drafts import Draft
from tui.reception.known import recognise
from tui.reception.person_form import PersonForm
from tui.reception.prefill import with_readings
from tui.reception.similar import SOMEONE_NEW, Similar
from tui.reception.suggestions import KANA_OF
from tui.reception.typed import CARRIED, may_be_a_child, new_person
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
NAMES = tuple(name for row in ROWS for name in row)
IN_HAND = "in_hand"
"""What a draft keeps beside the fields: where the clerk was."""


class NewForm(PersonForm[list[Done]]):
    """Answers everything that was done: one entry for each person saved."""

    TITLE_WORD = "form.title"
    HELP_WORD = "help.form"
    ROWS = ROWS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "key.next_field", priority=True),
        Binding("f5", "save", "key.save"),
        Binding("f6", "save_and_next", "key.save_and_next"),
        Binding("ctrl+e", "turn", "key.turn", priority=True),
        Binding("down", "other_reading", "key.other_reading"),
        Binding("up", "before", "key.field_before"),
    ]

    def __init__(
        self, desk: Desk, draft: Draft, fields: dict[str, str], *, last_address: str = "", sheet: str = ""
    ) -> None:
        """`sheet` is the number of the check-in sheet whose first person is typed, as it is printed."""
        super().__init__(desk, fields, last_address=last_address)
        self._sheet = sheet
        self._draft = draft
        self._given = {} if fields == draft.fields else dict(fields)
        """What stands in the fields without having been typed there; that alone is no draft."""
        self._household = bytes.fromhex(fields.get("household", ""))
        self._done: list[Done] = []

    def on_mount(self) -> None:
        """Goes on with the field that was in hand, or begins with the first one in which nothing stands yet."""
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

    def title_text(self) -> str:
        """Which member of the household this is, or from which sheet."""
        if self._done or self._household:
            return self.words("form.title_member", n=len(self._done) + 1)
        return self.words("form.title_sheet", number=self._sheet) if self._sheet else self.words("form.title")

    # --- moving and typing

    def _keep(self) -> None:
        """Keeps what is typed, where it is not what is kept: what is put in at the start is in nobody's hand."""
        kept = self._draft.fields
        hand = {IN_HAND: (self.focused.id if self.focused else None) or ""}
        if any(text != kept.get(name, "") for name, text in self._fields().items()):
            self._draft.keep(self._fields() | hand, given=self._given | hand)

    def _suggested(self, name: str, reading: str) -> None:
        self._given[name] = reading

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
        self._when_meant(lambda: self._compare(then_next))

    def _compare(self, then_next: bool) -> None:
        self._saving = True
        fields, household = self._fields(), self._household

        def compare() -> tuple[NewPerson, list[Resemblance]]:
            person = new_person(with_readings(fields), household=household)
            return person, self._desk.similar(person)

        self.ask(compare, lambda compared: self._compared(*compared, then_next))

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

    def left(self) -> list[Done]:
        """What was saved so far; what is half typed stays in the draft."""
        return self._done

    def _fields(self) -> dict[str, str]:
        return super()._fields() | {"household": self._household.hex()}
