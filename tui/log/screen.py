"""Log (記録): who looked, who received, by day or by person; whether it holds; a person's own list to hand out."""

from datetime import date, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.log_lines import WHICH, LogLine, act_word, basis_word, facets_word, recipient_word, whom_word, why_word
from node.desk.pin_recovery import Recovered
from node.desk.reading_log import PAGE, ChainView
from node.desk.views import PersonView
from node.words import desk_word
from tui.asked import ReadsLog
from tui.base import Answer, Page, Told
from tui.columns import packed, row, widths
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.to_file import ToFile, ask_where
from tui.dialogs.whom import Whom
from tui.lines import Lines
from tui.when import clock, local, today
from tui.whole import Whole
from tui.words import Words


class Log(Page[None]):
    """One day, newest first; or, of one person, everything. Looking is logged: it is asked for once, not once a
    second."""

    MAIN = True
    TITLE_WORD = "log.title"
    HELP_WORD = "help.log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "day(-1)", "key.day_before"),
        Binding("right", "day(1)", "key.day_after"),
        Binding("enter", "nothing", "key.of_person"),
        Binding("f5", "chain", "key.check_chain"),
        Binding("f6", "whom", "key.find_person"),
        Binding("f7", "own_list", "key.own_list"),
        Binding("f8", "acknowledge", "key.acknowledge_pin"),
        Binding("escape", "by_day", "key.by_day"),
        *[Binding(str(number + 1), f"which({number})", show=False) for number in range(len(WHICH))],
    ]
    DEFAULT_CSS = "Log #which { height: auto; } Log #count { height: 1; color: $quiet; } Log #detail { min-height: 4; }"

    def __init__(self, desk: ReadsLog) -> None:
        super().__init__()
        self._desk = desk
        self._which = WHICH[0]
        self._day: date | None = None
        self._subject: bytes | None = None
        self._whose = ""
        self._lines: list[LogLine] = []
        self._asked = False
        self._answered = False
        """Whether the desk has answered; it may have refused."""
        self._complete = True
        self._pin: Recovered | None = None
        """A PIN that was given anew from outside, where it is for this operator to say that they know of it."""

    def body(self) -> ComposeResult:
        """The lists by their keys, the day or the person, the entries, and the marked one in full."""
        yield Told(id="which")
        yield Told(id="count")
        yield Lines(id="entries")
        yield Whole(id="detail")

    def news(self) -> None:
        """Asks for entries when the screen is opened first; after that only for another day, list or person."""
        if not self._asked:
            self._look()
        self.ask(self._desk.pin_recovery.mine_to_acknowledge, self._waits, group="pin", newest_only=True)

    def _waits(self, pin: Recovered | None) -> None:
        self._pin = pin
        self.show_keys()

    def key_words(self) -> list[tuple[str, str]]:
        """To acknowledge is among the keys only where something waits for that."""
        hidden = "" if self._pin is not None else "F8"
        return [(key, word) for key, word in super().key_words() if key != hidden]

    @property
    def _on(self) -> date:
        return self._day or today(self._desk.now_ms())

    def _look(self, before: int | None = None) -> None:
        self._asked = True
        log, which, subject, on = self._desk.reading_log, self._which, self._subject, self._on
        asked = (which, subject, on)

        def look() -> list[LogLine]:
            if subject is not None:
                return log.about(subject, which=which)
            return log.day(on, which=which, before=before)

        self.ask(look, lambda lines: self._show(asked, lines, more=before is not None), group="log", newest_only=True)

    def _show(self, asked: tuple[str, bytes | None, date], lines: list[LogLine], *, more: bool) -> None:
        if asked != (self._which, self._subject, self._on):
            return
        self._answered = True
        self._complete = self._subject is not None or len(lines) < PAGE
        self._lines = [*self._lines, *lines] if more else lines
        self.fill()

    def fill(self) -> None:
        """The list, and the marked entry."""
        words, width = self.words, self.app.size.width - 2
        told = [f"{number + 1}{words(f'log.{which}')}" for number, which in enumerate(WHICH)]
        marked = [f"[{text}]" if WHICH[number] == self._which else f" {text} " for number, text in enumerate(told)]
        self.put("which", "\n".join(packed(marked, width)))
        on = self._on
        what = self._whose if self._subject is not None else words("log.day", year=on.year, month=on.month, day=on.day)
        count = words("log.count" if self._complete else "log.count_more", n=len(self._lines))
        self.put("count", f"{what}  {count}" if self._answered else what)
        lines = self.query_one("#entries", Lines)
        laid = widths(lines.room, [11 if self._subject is not None else 5, 10, 22, 0], 10)
        lines.show([row(self._cells(line), laid) for line in self._lines], keep=lines.highlighted)
        self._tell_detail()

    def _cells(self, line: LogLine) -> list[str]:
        language, at = self.words.language, local(line.at_ms)
        time = f"{at.hour}:{at.minute:02d}"
        if self._subject is not None:
            time = f"{at.month}/{at.day} {time}"
        mark = self.words("mark.protected") if line.protected else ""
        whom = f"{mark}{whom_word(line, language)}" if self._subject is None else facets_word(line, language)
        return [time, line.operator, act_word(line, language), f"{whom} {recipient_word(line, language)}".strip()]

    def _marked(self) -> LogLine | None:
        number = self.query_one("#entries", Lines).highlighted
        return None if number is None or number >= len(self._lines) else self._lines[number]

    def _tell_detail(self) -> None:
        """The marked entry in full: who did what about whom, what of the person, on what ground, what for."""
        line, language = self._marked(), self.words.language
        if line is None:
            self.query_one("#detail", Whole).show(
                [] if self._lines or not self._answered else [self.words("log.nothing")]
            )
            return
        whom = whom_word(line, language) if self._subject is None else ""
        parts = [
            ("by", line.operator),
            ("act", act_word(line, language)),
            ("whom", whom),
            ("facets", facets_word(line, language)),
            ("to", recipient_word(line, language)),
            ("basis", basis_word(line.basis, language)),
            ("why", why_word(line.purpose, language)),
            ("number", str(line.number)),
        ]
        self.query_one("#detail", Whole).show([f"{self.words(f'log.{name}')}: {text}" for name, text in parts if text])

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another entry is marked; at the end of what was asked for, more is asked for."""
        self._tell_detail()
        if not self._complete and self._lines and event.option_index == len(self._lines) - 1:
            self._look(before=self._lines[-1].number)

    # --- which

    def _anew(self) -> None:
        self._lines, self._complete, self._asked, self._answered = [], True, False, False
        self.query_one("#entries", Lines).highlighted = None
        self.say("")
        self.fill()
        self._look()

    def action_which(self, number: int) -> None:
        """Another list."""
        self._which = WHICH[number]
        self._anew()

    def action_day(self, by: int) -> None:
        """The day before or after; not beyond today."""
        if self._subject is None and self._on + timedelta(days=by) <= today(self._desk.now_ms()):
            self._day = self._on + timedelta(days=by)
            self._anew()

    def action_by_day(self) -> None:
        """From one person back to the day."""
        if self._subject is not None:
            self._subject, self._whose = None, ""
            self._anew()

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Everything about the person of the marked entry."""
        line = self._marked()
        if line is not None and line.subject is not None and self._subject is None:
            self._of(line.subject, whom_word(line, self.words.language))

    def _of(self, subject: bytes, name: str) -> None:
        self._subject, self._whose, self._which = subject, name, WHICH[0]
        self._anew()

    def action_whom(self) -> None:
        """Everything about a person looked for."""

        def chosen(person: PersonView | None) -> None:
            if person is not None:
                self._of(person.subject, person.name)

        self.frame.push_screen(Whom(self._desk, purpose="request"), chosen)

    # --- acts

    def action_own_list(self) -> None:
        """The list of the person shown or marked, to hand to them."""
        line = self._marked()
        subject = self._subject or (line.subject if line is not None else None)
        if subject is None:
            self.say(lambda words: words("log.whose_list"))
            return
        language = self.words.language
        ask_where(
            self,
            lambda: ToFile(self._desk),
            lambda path: self._desk.write_own_list(subject, language, path),
            self._written,
        )

    def _written(self, path: str) -> None:
        self.say(lambda words: words("to_file.written", path=path))

    def action_acknowledge(self) -> None:
        """Says that one knows of a PIN that was given anew, once that was confirmed."""
        pin, now = self._pin, self._desk.now_ms()
        if pin is None:
            return

        def question(words: Words) -> str:
            return words("log_pin.question", operator=pin.code, by=pin.by, at=clock(pin.at_ms, now, words))

        answers = by_word("log_pin.no", "log_pin.yes")
        self.frame.push_screen(Choice(question, answers, title="log_pin.title"), self._acknowledge)

    def _acknowledge(self, answer: str | None) -> None:
        if answer == "yes":
            self.ask(self._desk.pin_recovery.acknowledge, self._acknowledged)

    def _acknowledged(self, pin: Recovered) -> None:
        self.say(lambda words: words("log_pin.done", operator=pin.code))
        self._waits(None)
        self.done()

    def action_chain(self) -> None:
        """Walks the chain, and says how far it is."""
        self.say(lambda words: words("log.checking", percent=0))
        told = [0]

        def progress(done: int, whole: int) -> None:
            tenths = done * 10 // whole
            if tenths > told[0]:
                told[0] = tenths
                self.post_message(Answer(lambda: self.say(lambda words: words("log.checking", percent=tenths * 10))))

        self.ask(lambda: self._desk.reading_log.chain(progress), self._checked)

    def _checked(self, chain: ChainView) -> None:
        self.say(lambda words: chain_told(chain, words.language))


def chain_told(chain: ChainView, language: str) -> str:
    """How far the log holds, and who keeps a copy of its end."""
    told = [
        desk_word(
            "log_chain.holds" if chain.holds else "log_chain.broken",
            language,
            entries=chain.entries,
            entry=chain.broken_at or 0,
        ),
        desk_word("log_chain.witnessed" if chain.witnesses else "log_chain.alone", language, peers=chain.witnesses),
    ]
    if chain.contradicted:
        told.append(desk_word("log_chain.contradicted", language, organisations=", ".join(chain.contradicted)))
    return " ".join(told)
