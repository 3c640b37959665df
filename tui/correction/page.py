"""The form for a correction: what is held, to be typed over; only what was changed is written."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.views import Done, NewPerson
from node.errors import SettledMeanwhile
from node.reference.codes import care_word
from tui.asked import Desk
from tui.base import Word
from tui.columns import folded
from tui.correction.typed import changes, correction, fields_of, kept
from tui.drafts import Draft
from tui.reception.person_form import PersonForm
from tui.reception.typed import care_codes

CHANGED, UNCHANGED = "*", " "


class Correction(PersonForm[Done | None]):
    """Answers what was written; None where it is left, and what was typed is kept."""

    TITLE_WORD = "correction.title"
    HELP_WORD = "help.correction"
    ROWS = (
        ("family", "given"),
        ("family_kana", "given_kana"),
        ("birth", "sex"),
        ("address",),
        ("phone", "care"),
        ("description",),
        ("age", "found"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "key.next_field", priority=True),
        Binding("f5", "save", "key.correct"),
        Binding("down", "other_reading", "key.other_reading"),
        Binding("up", "before", "key.field_before"),
    ]
    DEFAULT_CSS = """
    Correction .cell { margin: 0; }
    Correction .cell Word { width: 14; }
    Correction .prompt { margin: 0 0 1 0; }
    """

    def __init__(
        self, desk: Desk, subject: bytes, held: NewPerson, draft: Draft, *, name: str, half: Mapping[str, str]
    ) -> None:
        """`half` are the fields that were changed when the form was left."""
        before = fields_of(held)
        super().__init__(desk, before | dict(half))
        self._subject = subject
        self._held = held
        self._before = before
        self._draft = draft
        self._about = name

    def body(self) -> ComposeResult:
        """What the mark means, and the fields."""
        yield Word("correction.prompt", classes="prompt")
        yield from super().body()

    def on_mount(self) -> None:
        """Begins with the first field that was changed, or the first there is."""
        self._take_in_hand(next(iter(self._changes()), self._names[0]))

    def title_text(self) -> str:
        """Whom it is about."""
        return self.words("correction.title_of", name=self._about)

    def _changes(self) -> dict[str, str]:
        return changes(self._before, self._fields())

    def _keep(self) -> None:
        self._draft.keep(kept(self._changes()))

    def _mark(self, name: str, *, in_hand: bool) -> str:
        """The form's own, and whether something else stands there than is held."""
        return super()._mark(name, in_hand=in_hand) + (CHANGED if name in self._changes() else UNCHANGED)

    def _advice(self, name: str) -> list[str]:
        """Of a field that was changed, what is held as well."""
        if name not in self._changes():
            return super()._advice(name)
        before = self._in_words(name, self._before[name]) or self.words("correction.empty")
        told = self.words("correction.before", before=before)
        return [*folded(told, self.app.size.width - 4), *super()._advice(name)]

    def _in_words(self, name: str, text: str) -> str:
        """What stood in a field, letters and keys by what they stand for."""
        words = self.words
        if name == "care":
            return words("list.comma").join(care_word(code, words.language) for code in care_codes(text))
        return words(f"sex_name.{text}") if name == "sex" and text else text

    def _name_left(self, name: str) -> None:
        """Kana are suggested for a name that was changed: what stands is nobody's to fill up."""
        if name in self._changes():
            super()._name_left(name)

    def _amiss(self) -> dict[str, str]:
        """What was not touched may be what nobody could type here."""
        changed = self._changes()
        return {name: text for name, text in super()._amiss().items() if name in changed}

    # --- saving

    def action_save(self) -> None:
        """Writes what was changed."""
        if self._saving:
            return
        changed, fields = self._changes(), self._fields()
        if not changed:
            self.say(lambda words: words("correction.nothing"))
        elif "age" in changed and fields["age"] and fields["birth"]:
            self._complain(lambda words: words("correction.birth_goes_before"), "age")
        else:
            self._when_meant(self._correct)

    def _correct(self) -> None:
        self._saving = True
        held, changed = self._held, self._changes()
        self.ask(
            lambda: self._desk.amending.correct(self._subject, held, correction(held, changed)),
            self._corrected,
        )

    def _corrected(self, done: Done) -> None:
        self._draft.drop()
        if done.records:
            self.dismiss(done)
            return
        self._saving = False
        self.say(lambda words: words("correction.nothing"))

    def refused(self, error: Exception) -> None:
        """The form stays as it is; where somebody else wrote meanwhile, upon what stands now."""
        super().refused(error)
        if isinstance(error, SettledMeanwhile):
            self.ask(lambda: self._desk.amending.held(self._subject), self._stands_anew)

    def _stands_anew(self, held: NewPerson) -> None:
        changed = self._changes()
        self._held, self._before = held, fields_of(held)
        for name, text in self._before.items():
            if name not in changed:
                self._field(name).value = text
        self._complain(lambda words: words("correction.meanwhile"))
