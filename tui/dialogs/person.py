"""A person at a glance: who it is, where, what is held and who said it; and the acts that concern them alone."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.settling import Contradiction
from node.desk.views import Done, FieldView, PersonView
from tui.asked import Desk
from tui.base import Page, Told
from tui.columns import cut, row, widths
from tui.conflicts.contradiction import ContradictionPage
from tui.correction.opening import Correcting
from tui.dialogs.answers import SafetyForm
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.closing import close_case
from tui.dialogs.consents import Consents
from tui.dialogs.history import History
from tui.dialogs.leaving import leave
from tui.dialogs.received import Received
from tui.dialogs.statements import field_text, field_word, says_something
from tui.dialogs.typed_word import TypedWord
from tui.dialogs.undo import undo_last
from tui.lines import Lines
from tui.people import entries, needs, where, whole_address
from tui.towns import name_of
from tui.when import age, clock, today
from tui.words import Words

Read = tuple[PersonView, list[FieldView]]
LETTERS = (("w", "correct"), ("a", "answers"), ("h", "history"), ("r", "received"), ("e", "close"), ("c", "settle"))


class Person(Page[None]):
    """Opened from every list. Opening it is a read, which the desk logs."""

    TITLE_WORD = "person.title"
    HELP_WORD = "help.person"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "consents", "key.consents"),
        Binding("f6", "protect", "key.protect"),
        Binding("f7", "leave", "key.leave"),
        Binding("f8", "undo", "key.undo"),
        Binding("w", "correct", "key.correct"),
        Binding("a", "answers", "key.answers"),
        Binding("h", "history", "key.history"),
        Binding("r", "received", "key.received"),
        Binding("e", "close", "key.close_case"),
        Binding("c", "settle", "key.settle_here"),
        *[Binding(key.upper(), act, show=False) for key, act in LETTERS],
        Binding("delete", "erase", "key.erase"),
    ]
    DEFAULT_CSS = "Person #who { height: 5; }"

    def __init__(self, desk: Desk, subject: bytes) -> None:
        super().__init__()
        self._desk = desk
        self._subject = subject
        self._person: PersonView | None = None
        self._fields: list[FieldView] = []
        self._correcting = Correcting(self, desk, subject, then=self._acted)

    def body(self) -> ComposeResult:
        """Who it is, then every statement held."""
        yield Told(id="who")
        yield Lines(id="fields")

    def on_mount(self) -> None:
        """Reads once."""
        self._read()

    def _read(self) -> None:
        self.ask(lambda: (self._desk.person(self._subject), self._desk.details(self._subject)), self._show)

    def _show(self, read: Read) -> None:
        self._fields = [field for field in read[1] if says_something(field)]
        self._show_person(read[0])

    def _show_person(self, person: PersonView) -> None:
        self._person = person
        self.fill()
        self.show_keys()

    def fill(self) -> None:
        """Says it all anew."""
        if self._person is None:
            return
        now, width = self._desk.now_ms(), self.app.size.width - 2
        told = "\n".join(cut(line, width) for line in person_lines(self._person, now, self.words))
        self.put("who", told)
        lines = self.query_one("#fields", Lines)
        laid = widths(lines.room, [18, 0, 12, 14], 10)
        lines.show([row(_cells(field, now, self.words), laid) for field in self._fields], keep=lines.highlighted)

    def key_words(self) -> list[tuple[str, str]]:
        """To settle is among the keys only where something contradicts itself."""
        hidden = "" if self._person is not None and self._person.conflict else "C"
        return [(key, word) for key, word in super().key_words() if key != hidden]

    def _acted(self, word: str) -> None:
        self.say(lambda words: words(word))
        self.done()
        self._read()

    def action_consents(self) -> None:
        """Consent: given, read aloud, withdrawn."""
        if self._person is not None:
            self.frame.push_screen(
                Consents(self._desk, self._person), lambda changed: self._read() if changed else None
            )

    def action_correct(self) -> None:
        """What was written of them, put right."""
        if self._person is not None:
            self._correcting.begin(self._person.name)

    def action_answers(self) -> None:
        """Whom they let be told."""
        if self._person is not None:
            self.frame.push_screen(
                SafetyForm(self._desk, self._person), lambda said: self._acted("answers.done") if said else None
            )

    def action_history(self) -> None:
        """Where they have been, and what was said when and by whom."""
        if self._person is not None:
            self.frame.push_screen(History(self._desk, self._person))

    def action_received(self) -> None:
        """Who received what of them."""
        if self._person is not None:
            self.frame.push_screen(Received(self._desk, self._person))

    def action_settle(self) -> None:
        """What contradicts itself, side by side: of the line marked, where that is one of several."""
        if self._person is not None and self._person.conflict:
            self.ask(lambda: self._desk.settling.of(self._subject), self._side_by_side)

    def _side_by_side(self, found: list[Contradiction]) -> None:
        number = self.query_one("#fields", Lines).highlighted
        facet = self._fields[number].facet if number is not None and number < len(self._fields) else ""
        marked = [each for each in found if each.facet_word == facet]
        if found:
            self.frame.push_screen(ContradictionPage(self._desk, (marked or found)[0]), self._settled)
        else:
            self.say(lambda words: words("conflicts.none"))

    def _settled(self, done: Done | None) -> None:
        if done is not None:
            self._acted("conflicts.done")

    def action_close(self) -> None:
        """How their case ends."""
        if self._person is not None:
            close_case(self, self._desk, self._person, self._acted)

    def action_leave(self) -> None:
        """They leave, and where to."""
        if self._person is not None:
            leave(self, self._desk, [self._person], lambda _: self._acted("leaving.done_one"))

    def action_undo(self) -> None:
        """Takes back one of the last acts; it may have been about this person, so all is read once more."""
        undo_last(self, self._desk, self._read)

    def news(self) -> None:
        """Another act may have changed what is shown; a read once logged is not logged again for it."""
        if self._person is not None:
            self.ask(lambda: self._desk.person(self._subject), self._show_person, group="person", newest_only=True)

    def action_protect(self) -> None:
        """Hides the person; or, with a word typed, lifts that."""
        person = self._person
        if person is None:
            return
        if person.protected:
            self.frame.push_screen(TypedWord("lift", person.name), self._lift)
        else:
            question = Choice(
                lambda words: words("protect.question", name=person.name),
                by_word("protect.no", "protect.abuse", "protect.stalking", "protect.other"),
                title="protect.title",
            )
            self.frame.push_screen(question, self._protect)

    def _protect(self, ground: str | None) -> None:
        if ground not in (None, "no"):
            told = ground or ""
            self.ask(lambda: self._desk.protect(self._subject, ground=told), lambda _: self._acted("protect.done"))

    def _lift(self, typed: bool | None) -> None:
        if typed:
            self.ask(lambda: self._desk.lift_protection(self._subject), lambda _: self._acted("protect.lifted"))

    def action_erase(self) -> None:
        """Erases the person at their request, after a word was typed."""
        if self._person is not None:
            self.frame.push_screen(TypedWord("erase", self._person.name), self._erase)

    def _erase(self, typed: bool | None) -> None:
        if typed:
            self.ask(lambda: self._desk.erase(self._subject), lambda _: self._erased())

    def _erased(self) -> None:
        self.done()
        self.dismiss(None)


def person_lines(person: PersonView, now_ms: int, words: Words) -> list[str]:
    """Who it is, in four lines. Here, where one person was opened on purpose and it is logged, the place is told."""
    mark = words("mark.protected") if person.protected else ""
    sex = words(f"sex_name.{person.sex}") if person.sex else ""
    years = age(person.birth, today(now_ms))
    lines = [
        "  ".join(part for part in (person.name, person.kana, mark, entries(person, words)) if part),
        "  ".join(
            part for part in (person.birth, words("person.age", age=years) if years else "", sex, person.phone) if part
        ),
        whole_address(person),
    ]
    at = person.place_name if person.stay_state in (1, 2) else ""
    seen = ""
    if person.confirmed_at_ms:
        seen = words("person.seen", time=clock(person.confirmed_at_ms, now_ms, words), by=person.confirmed_by)
    reported = words("closing.reported") if person.death_reported else ""
    lines.append("  ".join(part for part in (at or where(person, words), seen, reported) if part))
    if person.care_codes:
        lines.append(words("household.needs", needs=needs(person, words)))
    return lines


def _cells(field: FieldView, now_ms: int, words: Words) -> list[str]:
    mark = words("mark.conflict") if field.conflict else ""
    organisation = name_of(field.organisation)
    return [
        field_word(field, words),
        mark + field_text(field, words),
        organisation,
        f"{clock(field.at_ms, now_ms, words)} {field.operator}",
    ]
