"""Asking for a consent: the wording to read aloud, to whom, for how long, and the guardian of a child."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from node.desk.consents import SHARED_BY_DEFAULT
from node.desk.views import Done, PersonView
from node.errors import ConsentInForce
from node.paper.readings import without_readings
from node.people.ages import age_on
from node.release.age import AGE_OF_CONSENT
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.columns import folded
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.turned import Sentence, Turned, consent
from tui.fields import Field
from tui.in_hand import mark_in_hand
from tui.towns import name_of, towns_like
from tui.when import DAY_MS, today

PURPOSE = "relief"


class ReadAloud(Page[bool]):
    """Answers True once the consent is written down. Enter never gives it: that takes a key of its own."""

    TITLE_WORD = "read_aloud.title"
    HELP_WORD = "help.read_aloud"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "give", "key.gave_consent"),
        Binding("ctrl+e", "turn", "key.turn", priority=True),
    ]
    DEFAULT_CSS = """
    ReadAloud #wording { height: auto; margin: 1 0; padding: 0 2; background: $field-paper; }
    ReadAloud .row { height: 1; }
    ReadAloud .row Word { width: 26; }
    ReadAloud .row Field { width: 1fr; }
    ReadAloud #to_told { height: 1; color: $quiet; }
    """

    def __init__(self, desk: Desk, person: PersonView) -> None:
        super().__init__()
        self._desk = desk
        self._person = person
        self._codes: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        """The wording, then what may be narrowed."""
        yield Word("read_aloud.prompt")
        yield Told(id="wording")
        for name in ("to", "days", "guardian"):
            with Horizontal(classes="row"):
                yield Word(f"read_aloud.{name}")
                yield Field(name, restrict=r"[0-9]*" if name == "days" else None)
        yield Told(id="to_told")

    def fill(self) -> None:
        """The wording in the language spoken, with what is typed of whom and how long."""
        japanese = self.words.language == "ja"
        told = [without_readings(sentence) if japanese else english for sentence, english in self._sentences()]
        self.put("wording", "\n".join(folded(" ".join(told), self.app.size.width - 6)))

    def _sentences(self) -> list[Sentence]:
        named = bool(self.query_one("#to", Field).value.strip())
        town = name_of(self._codes[0]) if named and self._codes else ""
        days = self.query_one("#days", Field).value
        return consent(town, int(days) if days else None, by_guardian=self._may_be_a_child())

    def _may_be_a_child(self) -> bool:
        age = age_on(self._person.birth, today(self._desk.now_ms()))
        return age is None or age < AGE_OF_CONSENT

    def action_turn(self) -> None:
        """Shows the person the wording."""
        self.frame.push_screen(Turned(self._sentences(), self.words, drill=self.frame.node.is_drill))

    def on_descendant_focus(self) -> None:
        """Another field is in hand."""
        mark_in_hand(self)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Finds the town named; an empty field means all local governments."""
        self.fill()
        if event.input.id == "to":
            text = event.value.strip()
            self.ask(lambda: [town.code for town in towns_like(text)][:1], self._named, group="to", newest_only=True)

    def _named(self, codes: list[str]) -> None:
        self._codes = tuple(codes)
        told = self.words("read_aloud.to_all")
        if self.query_one("#to", Field).value.strip():
            told = self.words("read_aloud.to_none")
            for code in codes:
                name = next(town.name for town in towns_like(code))
                told = self.words("read_aloud.to_town", town=name)
        self.put("to_told", told)
        self.fill()

    def on_input_submitted(self) -> None:
        """Enter goes to the next field."""
        self.focus_next(Field)

    def action_give(self) -> None:
        """The person has said yes."""
        named = bool(self.query_one("#to", Field).value.strip())
        if named and not self._codes:
            self.say(lambda words: words("read_aloud.to_none"))
            return
        days = self.query_one("#days", Field).value
        until = self._desk.now_ms() + int(days) * DAY_MS if days else None
        guardian = self.query_one("#guardian", Field).value.strip()

        def give() -> Done:
            return self._desk.give_consent(
                self._person.subject,
                organisations=self._codes if named else (),
                all_local_governments=not named,
                facets=SHARED_BY_DEFAULT,
                purpose=PURPOSE,
                until_ms=until,
                guardian_relation=guardian,
            )

        self.ask(give, lambda _: self.dismiss(True))

    def refused(self, error: Exception) -> None:
        """The same is in force already: that it is left as it is, is the answer chosen."""
        if not isinstance(error, ConsentInForce):
            super().refused(error)
            return

        def answered(answer: str | None) -> None:
            if answer == "leave":
                self.dismiss(False)

        since = str(error.details["since"])
        question = Choice(
            lambda words: words("in_force.question", since=since),
            by_word("in_force.leave", "in_force.change"),
            title="in_force.title",
        )
        self.frame.push_screen(question, answered)

    def left(self) -> bool:
        """Left without a yes."""
        return False
