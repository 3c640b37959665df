"""What a scanner types into the field at reception: a card is read, a wristband opened, a sheet typed in."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from node.desk.scanning import Scanned
from node.errors import CardPartsMixed, ConsentNeedsGuardian
from node.exchange.card_symbols import Gathered
from node.words import reason_sentence
from tui.asked import Desk
from tui.base import Page
from tui.dialogs.choice import Choice, by_word

if TYPE_CHECKING:
    from node.desk.card_reading import CardTaken

GUARDIANS = ("card.mother", "card.father", "card.grandparent", "card.other_guardian")


class Scanning:
    """Takes what was scanned, one symbol after the other."""

    def __init__(
        self, page: Page[None], desk: Desk, *, found: Callable[[bytes], object], sheet: Callable[[str], object]
    ) -> None:
        """`found` opens a person's household; `sheet` the form for a check-in sheet."""
        self._page = page
        self._desk = desk
        self._found = found
        self._sheet = sheet
        self._gathered = Gathered()

    def take(self, kind: Scanned, text: str) -> None:
        """Something was scanned."""
        if kind is Scanned.CARD:
            self._symbol(text)
        elif kind is Scanned.WRISTBAND:
            self._page.ask(lambda: self._desk.cards.wearer(text), self._found)
        else:
            self._page.ask(lambda: self._desk.forms.check(text), self._sheet)

    def _symbol(self, text: str) -> None:
        try:
            packed = self._gathered.add(text)
        except CardPartsMixed as error:
            self._page.say(f"{self._page.told(error)} {self._missing()}")
        except Exception as error:  # noqa: BLE001  whatever was scanned, the screen stays
            self._page.refused(error)
        else:
            if packed is None:
                self._page.say(self._missing())
            else:
                self._read(packed, "")

    def _missing(self) -> str:
        missing = self._gathered.missing
        whole = len(missing) + len(self._gathered.held)
        return self._page.words("card.missing", of=whole, missing=", ".join(map(str, missing)))

    def _read(self, packed: bytes, guardian: str) -> None:
        def question() -> "CardTaken | None":
            try:
                return self._desk.cards.take(packed, guardian_relation=guardian)
            except ConsentNeedsGuardian:
                return None

        self._page.ask(question, lambda taken: self._taken(taken) if taken else self._ask_guardian(packed))

    def _ask_guardian(self, packed: bytes) -> None:
        def answered(answer: str | None) -> None:
            if answer is not None:
                self._read(packed, self._page.words(f"card.{answer}"))

        choice = Choice(lambda words: words("card.guardian"), by_word(*GUARDIANS), title="card.guardian_title")
        self._page.frame.push_screen(choice, answered)

    def _taken(self, taken: "CardTaken") -> None:
        words = self._page.words
        told = words("card.read", town=taken.organisation_name, n=taken.new)
        if taken.turned:
            reasons = dict.fromkeys(reason_sentence(reason, words.language) for _, reason in taken.turned)
            told += " " + words("card.turned", n=len(taken.turned), reasons=" ".join(reasons))
        self._page.done()
        self._found(taken.subject)
        self._page.say(told)
