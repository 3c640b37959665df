"""What the forms about a person share: the fields, the one in hand, what to know of it, and what can't be read."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Generic

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantBlur
from textual.screen import ScreenResultType
from textual.widgets import Input

from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.columns import cut
from tui.dialogs.choice import Choice, Telling, by_word
from tui.fields import Field, OneKey
from tui.kana_field import KanaField
from tui.lines import MARK, REFUSED_MARK
from tui.reception.address_field import AddressField
from tui.reception.advice import Advised, advice
from tui.reception.amiss import TESTS, TYPED_CELLS, amiss, told
from tui.reception.prefill import read_readings
from tui.reception.refusal import field_refused
from tui.reception.suggestions import KANA_OF, Suggestions
from tui.reception.typed import SEX, YES_NO, consent_opens, kana
from tui.when import today
from tui.words import Words

ONE_KEY = {"sex": SEX, "share": YES_NO}
WORD_OF = {"sex": "sex_name", "share": "share"}
NOTHING_AMISS: Mapping[str, str] = {}


class PersonForm(Page[ScreenResultType], Generic[ScreenResultType]):
    """A form of the fields of a person. What is typed in them is kept by whoever makes one of it."""

    ROWS: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """The fields, two in a row, in the order they are asked."""
    DEFAULT_CSS = """
    PersonForm .row { height: 1; }
    PersonForm .cell { height: 1; width: 1fr; margin: 0 1 0 0; }
    PersonForm .cell Word { width: 13; }
    PersonForm .cell Field { width: 1fr; }
    PersonForm .cell OneKey { width: 2; margin: 0 1 0 0; }
    PersonForm .told { width: 1fr; height: 1; }
    PersonForm #advice { height: 1fr; color: $quiet; margin: 1 0 0 0; }
    """

    def __init__(self, desk: Desk, start: Mapping[str, str], *, last_address: str = "") -> None:
        super().__init__()
        self._desk = desk
        self._start = start
        self._last_address = last_address
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
        for row in self.ROWS:
            with Horizontal(classes="row"):
                for name in row:
                    with Horizontal(classes="cell"):
                        yield Word(f"form.{name}", classes=f"of_{name}")
                        if name in ONE_KEY:
                            yield OneKey(name, ONE_KEY[name], self._start.get(name, ""))
                            yield Told(id=f"{name}_told", classes="told")
                        else:
                            yield self._made(name, self._start.get(name, ""))
        yield Told(id="advice")

    def _made(self, name: str, value: str) -> Field:
        if name == "address":
            return AddressField(name, value, town=self._desk.organisation_name, last=lambda: self._last_address)
        return KanaField(name, value) if name in KANA_OF.values() else Field(name, value)

    def on_mount(self) -> None:
        """Has the lists of readings read. Textual calls this beside the `on_mount` of the form itself."""
        self.run_worker(read_readings, thread=True, group="lists")

    def fill(self) -> None:
        """Says the answers of the one-key fields, and the advice, anew."""
        for name in self._one_key():
            chosen = ONE_KEY[name].get(self._field(name).value)
            self.put(f"{name}_told", self.words(f"{WORD_OF[name]}.{chosen}" if chosen else f"form.{name}_keys"))
        self._advise()

    def _one_key(self) -> list[str]:
        return [name for name in self._names if name in ONE_KEY]

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(name for row in self.ROWS for name in row)

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def _fields(self) -> dict[str, str]:
        return {name: self._field(name).value for name in self._names}

    # --- moving and typing

    def _take_in_hand(self, name: str) -> None:
        field = self._field(name)
        field.cursor_position = len(field.value)
        field.focus()

    def action_next(self) -> None:
        """Enter goes to the next field; on the last one it stays, for saving has a key of its own."""
        if self.focused is not None and self.focused.id != self._names[-1]:
            self.focus_next(Field)

    def action_before(self) -> None:
        """Goes back to the field before."""
        if self.focused is not None and self.focused.id != self._names[0]:
            self.focus_previous(Field)

    def action_other_reading(self) -> None:
        """Puts the next suggested reading in a kana field; where there is none, goes on to the next field."""
        kana = self.focused
        if not isinstance(kana, KanaField) or not self._suggestions.put_another(kana):
            self.action_next()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keeps what is typed."""
        field = event.input
        if field.id in ONE_KEY:
            self.fill()
        if field.has_focus or field.id in ONE_KEY:
            self._typed_on(field.id)
            self._advise()
        if not self._saving:
            self._keep()

    def _keep(self) -> None:
        """Keeps what is typed."""
        raise NotImplementedError

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
            self._name_left(field.id)
        elif field.id in KANA_OF.values():
            field.value = kana(field.value)
        if field.id is not None and field.id in TESTS:
            self._left.add(field.id)
            if not self._complaint and (self._refused_fields or self._left_amiss()):
                self._say_amiss(self._left_amiss())

    def _name_left(self, name: str) -> None:
        self._suggestions.look(name)

    def _suggested(self, name: str, reading: str) -> None:
        """A reading is about to stand in a field."""

    # --- what is said

    def _advise(self) -> None:
        name = (self.focused.id if self.focused else None) or self._names[0]
        for each in self._names:
            self.query_one(f".of_{each}", Word).mark(self._mark(each, in_hand=each == name))
        self.put("advice", "\n".join(self._advice(name)))

    def _mark(self, name: str, *, in_hand: bool) -> str:
        return REFUSED_MARK if name in self._refused_fields else MARK if in_hand else " " * len(MARK)

    def _advice(self, name: str) -> list[str]:
        about = Advised(
            typed=self._field(name).value if name in self._names else "",
            last_address=self._last_address,
            town=self._desk.organisation_name,
            consent_opens=consent_opens(self._fields()),
            readings=self._suggestions.of(name),
            on=today(self._desk.now_ms()),
            unlisted=self._suggestions.is_unlisted(name),
            width=self.app.size.width - 4,
        )
        return advice(name, about, self.words)

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

    # --- saving

    def _when_meant(self, then: Callable[[], object]) -> None:
        """Goes on with `then` where everything can be read, or is meant as it stands; asks once, and a slip is the
        likelier, so going back is chosen."""
        found = self._amiss()
        unmeant = {name: text for name, text in found.items() if text not in self._meant}
        if not unmeant or "birth" in found:  # of which the desk refuses to make one
            then()
            return

        def answered(answer: str | None) -> None:
            if answer == "as_typed":
                self._meant.update(unmeant.values())
                then()
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

    def refused(self, error: Exception) -> None:
        """Nothing was written: the form stays as it is, with the field the refusal names in hand."""
        self._saving = False
        refused = field_refused(error)
        beside = {name: text for name, text in self._amiss().items() if name != refused}
        self._complain(lambda _words: self.told(error), refused, beside=beside)
