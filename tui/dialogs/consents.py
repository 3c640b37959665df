"""The consents of one person: in force or withdrawn, who holds something on them, who has confirmed the erasing."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.views import ConsentView, PersonView
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.columns import folded, row, widths
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.read_aloud import ReadAloud
from tui.lines import Lines
from tui.towns import name_of
from tui.when import clock
from tui.words import Words


class Consents(Page[bool]):
    """Given, shown, withdrawn. Answers whether anything was."""

    TITLE_WORD = "consents.title"
    HELP_WORD = "help.consents"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "give", "key.give_consent"),
        Binding("f6", "receipt", "key.consent_receipt"),
        Binding("f7", "withdraw", "key.withdraw"),
    ]
    DEFAULT_CSS = "Consents #covers { height: 2; color: $quiet; }"

    def __init__(self, desk: Desk, person: PersonView) -> None:
        super().__init__()
        self._desk = desk
        self._person = person
        self._consents: list[ConsentView] = []
        self._changed = False

    def left(self) -> bool:
        """Whether what is held of the person is another now."""
        return self._changed

    def title_text(self) -> str:
        """Whose consents."""
        return f"{self.words('consents.title')}  {self._person.name}"

    def body(self) -> ComposeResult:
        """One line each."""
        yield Word("consents.prompt")
        yield Lines(id="consents")
        yield Told(id="covers")

    def on_mount(self) -> None:
        """Asks at once."""
        self.news()

    def news(self) -> None:
        """A confirmation may have come."""
        self.ask(lambda: self._desk.consents(self._person.subject), self._show, group="consents", newest_only=True)

    def _show(self, consents: list[ConsentView]) -> None:
        self._consents = consents
        self.fill()
        if not consents:
            self.say(lambda words: words("consents.none"))

    def fill(self) -> None:
        """To whom, what, and how it stands."""
        lines = self.query_one("#consents", Lines)
        laid = widths(lines.room, [22, 0, 30], 10)
        now = self._desk.now_ms()
        lines.show([row(consent_cells(each, now, self.words), laid) for each in self._consents], keep=lines.highlighted)

        self._tell_covers()

    def on_option_list_option_highlighted(self) -> None:
        """Another consent is marked."""
        self._tell_covers()

    def _tell_covers(self) -> None:
        number = self.query_one("#consents", Lines).highlighted
        told = ""
        if number is not None and number < len(self._consents):
            told = self.words("consents.covers", facets=covers(self._consents[number], self.words))
        self.put("covers", "\n".join(folded(told, self.app.size.width - 4)))

    def action_give(self) -> None:
        """Reads the wording aloud, then writes the consent down."""
        self.frame.push_screen(ReadAloud(self._desk, self._person), self._given)

    def _given(self, given: bool | None) -> None:
        if given:
            self._did("consents.given")

    def action_receipt(self) -> None:
        """Writes what the person has consented to for the printer, for them to take along."""
        if not self._consents:
            self.say(lambda words: words("consents.none"))
            return
        printing, subject = self._desk.printing, self._person.subject
        self.say(lambda words: words("card.making"))
        self.ask(lambda: printing.save("consent-receipt.pdf", printing.receipt(subject)), self._printed)

    def _printed(self, path: str) -> None:
        self.say(lambda words: words("card.saved", file=path))

    def action_withdraw(self) -> None:
        """Withdraws the consent marked, after asking; No is chosen."""
        number = self.query_one("#consents", Lines).highlighted
        if number is None or number >= len(self._consents):
            self.say(lambda words: words("consents.none"))
            return
        consent = self._consents[number]
        if consent.withdrawn_at_ms is not None:
            self.say(lambda words: words("consents.already"))
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.ask(
                    lambda: self._desk.withdraw_consent(self._person.subject, consent.slot),
                    lambda _: self._did("consents.withdrawn"),
                )

        question = Choice(
            lambda words: words("withdraw.question", to=to_whom(consent, words)),
            by_word("withdraw.no", "withdraw.yes"),
            title="withdraw.title",
        )
        self.frame.push_screen(question, answered)

    def _did(self, word: str) -> None:
        self._changed = True
        self.say(lambda words: words(word))
        self.done()
        self.news()


def consent_cells(consent: ConsentView, now_ms: int, words: Words) -> list[str]:
    """To whom, which facets, how it stands."""
    facets = covers(consent, words)
    if consent.withdrawn_at_ms is not None:
        stands = words("consents.state_withdrawn")
        if consent.holders:
            left = sum(consent.awaited.values())
            stands = words(
                "consents.state_partly" if left else "consents.state_erased",
                n=len(consent.confirmed),
                m=len(consent.holders),
                left=left,
            )
    elif consent.until_ms is not None and consent.until_ms < now_ms:
        stands = words("consents.state_over")
    elif not consent.counts:
        stands = words("consents.state_not_counting")
    elif consent.until_ms is not None:
        stands = words("consents.state_until", time=clock(consent.until_ms, now_ms, words))
    else:
        stands = words("consents.state_in_force")
    return [to_whom(consent, words), facets, stands]


def covers(consent: ConsentView, words: Words) -> str:
    """Which facets it covers."""
    return words("list.comma").join(words.either(f"facet.{facet}", facet) for facet in consent.facets)


def to_whom(consent: ConsentView, words: Words) -> str:
    """Whom it names."""
    if consent.all_local_governments:
        return words("consents.all")
    return words("list.comma").join(name_of(code) for code in consent.organisations) or words("consents.nobody")
