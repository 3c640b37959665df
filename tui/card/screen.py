"""Card (避難者カード): for somebody who moves on, on paper, as a picture for their telephone, or on this screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.views import PersonView
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.card.symbols import Symbols
from tui.columns import folded
from tui.dialogs.choice import Choice
from tui.dialogs.turned import Turned, easy
from tui.fields import Field
from tui.lines import Lines
from tui.people import person_row
from tui.when import today

if TYPE_CHECKING:
    from node.desk.cards import CardMade

SHOWN = 20
EXTRAS: tuple[tuple[str, ...], ...] = ((), ("condition",), ("condition", "medical"), ("belongings",))
"""What is offered beyond the usual: nothing first, for whoever finds the card can read it."""


class CardScreen(Page[None]):
    """One field to find the person, as at reception; what is made for them by its key."""

    MAIN = True
    TITLE_WORD = "card.title"
    HELP_WORD = "help.card"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("enter", "nothing", "key.card_print"),
        Binding("f5", "print", "key.card_print", show=False),
        Binding("f6", "picture", "key.card_picture"),
        Binding("f7", "show", "key.card_show"),
        Binding("f8", "wristband", "key.card_wristband"),
        Binding("ctrl+e", "turn", "key.turn", priority=True),
        Binding("escape", "anew", "key.anew"),
    ]
    DEFAULT_CSS = """
    CardScreen .prompt { margin: 1 0 0 0; }
    CardScreen #search { margin: 0 0 1 0; }
    CardScreen #heard { height: auto; color: $quiet; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._hits: list[PersonView] = []
        self._answered = ""

    def body(self) -> ComposeResult:
        """The field and who was found."""
        yield Word("card.prompt", classes="prompt")
        yield Field("search")
        yield Told(id="heard")
        yield Lines(id="hits")

    def on_mount(self) -> None:
        """The field keeps the focus."""
        self.query_one("#hits", Lines).can_focus = False

    # --- finding

    def on_input_changed(self) -> None:
        """Looks for what is typed."""
        text = self.query_one("#search", Field).value.strip()
        if text:
            self.say("")
            self.ask(lambda: (text, self._desk.find(text, limit=SHOWN)), self._found, group="find", newest_only=True)
        else:
            self._found(("", []))

    def _found(self, answer: tuple[str, list[PersonView]]) -> None:
        if answer[0] == self.query_one("#search", Field).value.strip():
            self._answered, self._hits = answer[0], [one for one in answer[1] if not one.resident_only]
            self.query_one("#hits", Lines).highlighted = None
            self.fill()

    def fill(self) -> None:
        """Who was found; who was never checked in has nothing to carry."""
        lines, on = self.query_one("#hits", Lines), today(self._desk.now_ms())
        town = self._desk.organisation_name
        told = [person_row(each, on, self.words, lines.room, town=town) for each in self._hits]
        lines.show(told, keep=lines.highlighted)
        heard = self.words("card.nobody") if self._answered and not self._hits else ""
        self.put("heard", "\n".join(folded(heard, self.app.size.width - 4)))

    def action_move(self, by: int) -> None:
        """Moves the mark; the field keeps the focus."""
        lines = self.query_one("#hits", Lines)
        if lines.option_count:
            lines.highlighted = max(0, min(lines.option_count - 1, (lines.highlighted or 0) + by))

    def action_anew(self) -> None:
        """The next key typed replaces what stands in the field."""
        self.query_one("#search", Field).action_select_all()

    def on_input_submitted(self) -> None:
        """Enter prints the card."""
        self.action_print()

    # --- making

    def action_print(self) -> None:
        """The card for the printer."""
        self._make(lambda card: self._save("evacuee-card.pdf", lambda: self._desk.printing.card(card)))

    def action_picture(self) -> None:
        """The card as a picture."""
        self._make(lambda card: self._save("evacuee-card.png", lambda: self._desk.printing.card_picture(card)))

    def action_show(self) -> None:
        """The card on this screen."""
        self._make(lambda card: self.frame.push_screen(Symbols(card, self.words, drill=self.frame.node.is_drill)))

    def action_wristband(self) -> None:
        """The wristband for the printer."""
        person = self._chosen()
        if person is not None:
            self._save("wristband.pdf", lambda: self._desk.printing.wristbands([person.subject]))

    def action_turn(self) -> None:
        """Shows what a card is for, what it says of who shows it, and asks what else shall be on it."""
        from node.desk.card_reading import DAYS_MAX  # noqa: PLC0415 -- takes long to load, and is seldom needed

        told = [easy("card_how"), easy("card_consent"), easy("card_lost", days=DAYS_MAX), easy("card_extra")]
        self.frame.push_screen(Turned(told, self.words, drill=self.frame.node.is_drill))

    def _chosen(self) -> PersonView | None:
        number = self.query_one("#hits", Lines).highlighted
        if number is None or number >= len(self._hits):
            self.say(lambda words: words("card.choose"))
            return None
        return self._hits[number]

    def _make(self, then: "Callable[[CardMade], object]") -> None:
        """Asks what else shall be on it, then makes it."""
        person = self._chosen()
        if person is None:
            return

        def answered(answer: str | None) -> None:
            if answer is not None:
                wished = EXTRAS[int(answer)]
                self.ask(lambda: self._desk.cards.make(person.subject, wished=wished), then)

        answers = [(str(number), lambda words, n=number: words(f"card.extra_{n}")) for number in range(len(EXTRAS))]
        self.frame.push_screen(
            Choice(lambda words: words("card.extra", name=person.name), answers, title="card.title"), answered
        )

    def _save(self, name: str, drawn: Callable[[], bytes]) -> None:
        self.say(lambda words: words("card.making"))
        self.ask(lambda: self._desk.printing.save(name, drawn()), self._saved)

    def _saved(self, path: str) -> None:
        self.done()
        self.say(lambda words: words("card.saved", file=path))
