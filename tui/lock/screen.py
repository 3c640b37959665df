"""The lock (施錠): hides everything, and lets the operator back in or another take over."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from tui.asked import Node
from tui.base import Page, Told, Word
from tui.columns import folded
from tui.fields import Field
from tui.in_hand import mark_in_hand

T = TypeVar("T")
CODE_MAX = 32
PIN_MAX = 12
FIELDS = ("operator", "pin", "new", "again")


class Lock(Page[None]):
    """Shows nothing of any other screen: not who is here, not where, not the standing line. The keys of the screens
    are dead while it stands; what was half typed stays where it is."""

    TITLE_WORD = "lock.title"
    HELP_WORD = "help.lock"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.unlock"),
        Binding("tab", "app.focus_next", "key.next_field"),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("ctrl+y", "hand_over", "key.hand_over"),
        Binding("escape", "anew", "key.anew"),
    ]
    DEFAULT_CSS = """
    Lock #why { height: auto; padding: 1 0; }
    Lock .row { height: 1; margin: 0 0 1 0; }
    Lock .row Word { width: 22; }
    Lock Input { width: 32; }
    Lock .own, Lock .own Word { display: none; }
    Lock.choosing .own, Lock.choosing .own Word { display: block; }
    Lock.nobody .pin, Lock.nobody .pin Word { display: none; }
    """

    def __init__(self, node: Node) -> None:
        super().__init__()
        self._node = node
        self._asking = False
        self._why = "lock.locked"

    def body(self) -> ComposeResult:
        """Why nothing is seen, who it is, and their PIN; where it was lent, one of their own, twice."""
        yield Told(id="why")
        for name in FIELDS:
            kind = "row pin" if name == "pin" else "row own pin" if name in ("new", "again") else "row"
            with Horizontal(classes=kind):
                yield Word(f"lock.{name}")
                field = Field(name, max_length=CODE_MAX if name == "operator" else PIN_MAX)
                field.password = name != "operator"
                yield field

    def _tell_standing(self) -> None:
        """The line that is visible everywhere else is not, here."""

    def _title(self) -> str:
        return self.title_text()

    def fill(self) -> None:
        """Says why, and how to get in."""
        told = self.words(self._why if not self.has_class("nobody") else "lock.curtain")
        self.put("why", "\n".join(folded(told, self.app.size.width - 4)))

    def resumed(self) -> None:
        """The lock has just fallen shut."""
        why = "lock.gone" if self.frame.is_gone else "lock.locked" if self.frame.is_begun else "lock.begin"
        if self.frame.handing_over:
            why = "lock.hand_over"
        self.close(operator=self._node.known_operator(), staffed=self._node.staffed(), why=why)

    def close(self, *, operator: str, staffed: bool, why: str) -> None:
        """The lock falls shut: who was here is asked for, or somebody else; nothing typed before is left in it."""
        self._asking = False
        self._why, hand_over = why, why == "lock.hand_over"
        self.set_class(not staffed, "nobody")
        self.remove_class("choosing")
        for name in FIELDS:
            self.query_one(f"#{name}", Field).value = ""
        first = self.query_one("#operator", Field)
        first.value = "" if hand_over else operator
        first.cursor_position = len(first.value)
        self.say("")
        self.fill()
        asked = first if hand_over or not staffed or not operator else self.query_one("#pin", Field)
        self.set_focus(asked)

    def on_descendant_focus(self) -> None:
        """Another field is in hand."""
        mark_in_hand(self)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes on to the next field that is shown, and from the last one in."""
        shown = [name for name in FIELDS if self._row_is_shown(name)]
        here = shown.index(event.input.id or "")
        if here + 1 < len(shown):
            self.set_focus(self.query_one(f"#{shown[here + 1]}", Field))
        elif not self._asking:
            self._enter()

    def _row_is_shown(self, name: str) -> bool:
        if name == "operator":
            return True
        return not self.has_class("nobody") and (name == "pin" or self.has_class("choosing"))

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Field).value

    def _enter(self) -> None:
        operator, pin = self._value("operator").strip(), self._value("pin")
        if self.has_class("choosing"):
            self._choose(operator, pin, self._value("new"), self._value("again"))
            return
        self._ask(lambda: self._node.sign_in(operator, pin), lambda lent: self._signed_in(operator, lent))

    def _choose(self, operator: str, pin: str, new: str, again: str) -> None:
        """A PIN that a chief lent is not kept: they choose their own, typed twice."""
        if new != again:
            self._clear("new", "again")
            self.set_focus(self.query_one("#new", Field))
            self.say(lambda words: words("lock.not_the_same"))
            return

        def change() -> None:
            self._node.change_pin(operator, pin, new)
            self._node.sign_in(operator, new)

        self._ask(change, lambda _: self._open(operator))

    def _ask(self, question: Callable[[], T], then: Callable[[T], object]) -> None:
        self._asking = True
        self.say(lambda words: words("lock.looking"))
        self.ask(question, then, group="lock")

    def _signed_in(self, operator: str, lent: bool) -> None:
        if lent:
            self._asking = False
            self.add_class("choosing")
            self.say(lambda words: words("lock.choose"))
            self.set_focus(self.query_one("#new", Field))
        else:
            self._open(operator)

    def _open(self, operator: str) -> None:
        self._asking = False
        self._clear("pin", "new", "again")
        self.say("")
        self.frame.unlock(operator)

    def refused(self, error: Exception) -> None:
        """It is not them, or not yet: the PIN is typed anew."""
        self._asking = False
        choosing = self.has_class("choosing")
        self._clear(*(("new", "again") if choosing else ("pin",)))
        self.set_focus(self.query_one("#new" if choosing else "#pin", Field))
        super().refused(error)

    def _clear(self, *names: str) -> None:
        for name in names:
            self.query_one(f"#{name}", Field).value = ""

    def action_hand_over(self) -> None:
        """Somebody else takes over from the one who locked: their code is asked for, lest their PIN be tried for the
        other."""
        if not self._asking:
            self.close(operator="", staffed=not self.has_class("nobody"), why="lock.hand_over")

    def action_anew(self) -> None:
        """Everything typed here goes; what is behind the lock stays as it is."""
        if not self._asking:
            self.close(operator="", staffed=not self.has_class("nobody"), why=self._why)

    def action_help(self) -> None:
        """Said here: a page of help would be another screen."""
        self.say(lambda words: words(self.HELP_WORD))
