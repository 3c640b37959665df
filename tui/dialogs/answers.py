"""The three choices of the safety form, as the person says them: one key each."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from node.desk.answers import Choices
from node.desk.views import PersonView
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.columns import folded
from tui.dialogs.turned import Turned, easy
from tui.fields import Field, OneKey
from tui.in_hand import mark_in_hand

ASKED = ("kin", "acquaintances", "anyone")
YES_NO = {"y": "y", "1": "y", "n": "n", "2": "n"}


class SafetyForm(Page[bool]):
    """Answers True once the choices are written down. An empty one was not asked."""

    TITLE_WORD = "answers.title"
    HELP_WORD = "help.answers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "turn", "key.turn", priority=True),
        Binding("enter", "next", "key.next_field", priority=True),
        Binding("f5", "save", "key.save"),
    ]
    DEFAULT_CSS = """
    SafetyForm #prompt { height: auto; padding: 0 0 1 0; }
    SafetyForm .row { height: 1; }
    SafetyForm .row Word { width: 34; }
    SafetyForm .row OneKey { width: 2; margin: 0 1 0 0; }
    SafetyForm .told { width: 1fr; height: 1; }
    SafetyForm #unasked { height: auto; color: $quiet; margin: 1 0 0 0; }
    """

    def __init__(self, desk: Desk, person: PersonView) -> None:
        super().__init__()
        self._desk = desk
        self._person = person

    def title_text(self) -> str:
        """Whose choices."""
        return f"{self.words('answers.title')}  {self._person.name}"

    def body(self) -> ComposeResult:
        """What to ask, a field for each choice, what counts where nothing was asked."""
        yield Told(id="prompt")
        for name in ASKED:
            with Horizontal(classes="row"):
                yield Word(f"answers.{name}")
                yield OneKey(name, YES_NO)
                yield Told(id=f"{name}_told", classes="told")
        yield Told(id="unasked")

    def on_mount(self) -> None:
        """Asks what was chosen so far."""
        self.ask(lambda: self._desk.answers.of(self._person.subject), self._show)

    def _show(self, choices: Choices) -> None:
        for name in ASKED:
            chosen = getattr(choices, name)
            self._field(name).value = "" if chosen is None else "y" if chosen else "n"
        self.fill()

    def fill(self) -> None:
        """Says the question and the choices."""
        width = self.app.size.width - 4
        self.put("prompt", "\n".join(folded(self.words("answers.prompt"), width)))
        self.put("unasked", "\n".join(folded(self.words("answers.unasked"), width)))
        for name in ASKED:
            chosen = YES_NO.get(self._field(name).value)
            self.put(f"{name}_told", self.words(f"answers.{chosen}" if chosen else "answers.keys"))

    def on_descendant_focus(self) -> None:
        """Another field is in hand."""
        mark_in_hand(self)

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Says the choice in words."""
        self.say("")
        self.fill()

    def on_one_key_unknown(self, _event: OneKey.Unknown) -> None:
        """Says which keys there are."""
        self.say(lambda words: words("answers.keys"))

    def action_next(self) -> None:
        """The next choice."""
        self.focus_next(Field)

    def action_turn(self) -> None:
        """Shows the person the three choices."""
        asked = ("answers", *(f"answer_{name}" for name in ASKED), "unasked")
        self.frame.push_screen(Turned([easy(key) for key in asked], self.words, drill=self.frame.node.is_drill))

    def action_save(self) -> None:
        """Writes the choices down."""
        said = {"y": True, "n": False}
        kin, acquaintances, anyone = (said.get(YES_NO.get(self._field(name).value, "")) for name in ASKED)
        choices = Choices(kin, acquaintances, anyone)
        self.ask(lambda: self._desk.answers.say(self._person.subject, choices), lambda _: self.dismiss(True))

    def left(self) -> bool:
        """Left without saving."""
        return False

    def _field(self, name: str) -> OneKey:
        return self.query_one(f"#{name}", OneKey)
