"""Roster (名簿): one list at a time, chosen by one key; what is done to those ticked is done to all of them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.views import Done, PersonView
from tui.asked import Desk
from tui.base import Page, Told
from tui.dialogs.leaving import leave
from tui.dialogs.person import Person
from tui.dialogs.undo import undo_last
from tui.lines import Lines
from tui.people import OUT, last_seen, needs, roster_row
from tui.reception.household import Household
from tui.when import today

WHICH = ("here", "out", "unconfirmed", "care", "expected", "left")
PAGE = 200
"""People asked for at once; more are asked for when the mark reaches the end."""
WIDE_DIGITS = {"１": 0, "２": 1, "３": 2, "４": 3, "５": 4, "６": 5}


class Roster(Page[None]):
    """Who is here, out for now, not seen since yesterday, in need of care, on the way, gone."""

    MAIN = True
    TITLE_WORD = "roster.title"
    HELP_WORD = "help.roster"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "key.person"),
        Binding("space", "tick", "key.tick", priority=True),
        Binding("f5", "out_or_back", "key.out_or_back"),
        Binding("f6", "seen", "key.seen"),
        Binding("f7", "leave", "key.leave"),
        Binding("f8", "undo", "key.undo"),
        Binding("escape", "untick", "key.untick"),
        *[Binding(str(number + 1), f"which({number})", show=False) for number in range(len(WHICH))],
        Binding("left", "beside(-1)", show=False),
        Binding("right", "beside(1)", show=False),
    ]
    DEFAULT_CSS = "Roster #which { height: 1; margin: 0 0 0 0; } Roster #count { height: 1; color: $quiet; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._which = WHICH[0]
        self._people: list[PersonView] = []
        self._ticked: set[bytes] = set()
        self._complete = False

    def body(self) -> ComposeResult:
        """The lists by their keys, how many are on this one, the list."""
        yield Told(id="which")
        yield Told(id="count")
        yield Lines(id="people")

    def news(self) -> None:
        """Asks for the list anew, as far as it was shown."""
        which, limit = self._which, max(PAGE, len(self._people))
        self.ask(
            lambda: (which, self._desk.roster(which=which, limit=limit)), self._show, group="roster", newest_only=True
        )

    def _show(self, answer: tuple[str, list[PersonView]]) -> None:
        which, people = answer
        if which == self._which:
            marked = self._marked()
            self._complete = len(people) < max(PAGE, len(self._people))
            self._people = people
            self._ticked &= {each.subject for each in people}
            self._lay_out(marked)

    def fill(self) -> None:
        """The list, its marks, and which it is."""
        self._lay_out(self._marked())

    def _tell_which(self) -> None:
        words = self.words
        told = [f"{number + 1}{words(f'roster.{which}')}" for number, which in enumerate(WHICH)]
        marked = [f"[{text}]" if WHICH[number] == self._which else f" {text} " for number, text in enumerate(told)]
        self.put("which", " ".join(marked))
        count = words("roster.count" if self._complete else "roster.count_more", n=len(self._people))
        if self._ticked:
            count += words("roster.ticked", n=len(self._ticked))
        self.put("count", count)

    def _lay_out(self, marked: PersonView | None) -> None:
        """The mark stays with its person, whoever comes in above them; where they are gone, with their line."""
        self._tell_which()
        words, on, lines = self.words, today(self._desk.now_ms()), self.query_one("#people", Lines)
        now, rows = self._desk.now_ms(), []
        for each in self._people:
            tick = "[x]" if each.subject in self._ticked else "[ ]"
            note = needs(each, words) if self._which == "care" else last_seen(each, now, words)
            rows.append(roster_row(each, note, on, words, lines.room, tick=tick))
        lines.show(rows, keep=line_of(marked, self._people, lines.highlighted))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """At the end of what was asked for, asks for more."""
        if not self._complete and event.option_index == len(self._people) - 1:
            which, offset = self._which, len(self._people)
            self.ask(
                lambda: (which, self._desk.roster(which=which, limit=PAGE, offset=offset)),
                self._more,
                group="roster",
                newest_only=True,
            )

    def _more(self, answer: tuple[str, list[PersonView]]) -> None:
        which, people = answer
        if which == self._which:
            self._complete = len(people) < PAGE
            self._people += people
            self.fill()

    def action_which(self, number: int) -> None:
        """Another list."""
        self._which = WHICH[number]
        self._people, self._complete = [], True
        self._ticked.clear()
        self.query_one("#people", Lines).highlighted = None
        self.fill()
        self.news()

    def action_beside(self, by: int) -> None:
        """The list beside this one."""
        self.action_which((WHICH.index(self._which) + by) % len(WHICH))

    def on_key(self, event: events.Key) -> None:
        """A digit typed through an input method is a digit too."""
        if event.character in WIDE_DIGITS:
            self.action_which(WIDE_DIGITS[event.character])

    # --- acts

    def _marked(self) -> PersonView | None:
        number = self.query_one("#people", Lines).highlighted
        return None if number is None or number >= len(self._people) else self._people[number]

    def _chosen(self) -> list[PersonView]:
        """Those ticked; the one marked where none is."""
        ticked = [each for each in self._people if each.subject in self._ticked]
        marked = self._marked()
        return ticked or ([marked] if marked is not None else [])

    def action_tick(self) -> None:
        """Ticks the person marked, or takes the tick away, and goes down."""
        marked = self._marked()
        if marked is not None:
            self._ticked ^= {marked.subject}
            self.fill()
            self.query_one("#people", Lines).action_cursor_down()

    def action_untick(self) -> None:
        """Takes all ticks away."""
        self._ticked.clear()
        self.fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Opens the person; of those on their way, the household, to check it in."""
        subject = self._people[event.option_index].subject
        if self._which == "expected":
            self.frame.push_screen(Household(self._desk, subject), self._arrived)
        else:
            self.frame.push_screen(Person(self._desk, subject))

    def _arrived(self, answer: Done | PersonView | None) -> None:
        if isinstance(answer, Done):
            self._acted("roster.arrived", answer)

    def action_out_or_back(self) -> None:
        """Those here go out for now; those who are out are back."""
        chosen = self._chosen()
        out = [each.subject for each in chosen if each.stay_state == OUT]
        here = [each.subject for each in chosen if each.stay_state != OUT]
        if out:
            self.ask(lambda: self._desk.back(out), lambda done: self._acted("roster.back_done", done))
        if here:
            self.ask(lambda: self._desk.out(here), lambda done: self._acted("roster.out_done", done))

    def action_seen(self) -> None:
        """They were seen here, now."""
        subjects = [each.subject for each in self._chosen()]
        if subjects:
            self.ask(lambda: self._desk.seen(subjects), lambda done: self._acted("roster.seen_done", done))

    def action_leave(self) -> None:
        """They leave, and where to."""
        chosen = self._chosen()
        if chosen:
            leave(self, self._desk, chosen, lambda done: self._acted("roster.leave_done", done))

    def action_undo(self) -> None:
        """Takes back one of the last acts."""
        undo_last(self, self._desk)

    def _acted(self, word: str, done: Done) -> None:
        self.say(lambda words: words(word, n=len(done.subjects)))
        self._ticked.clear()
        self.done()
        self.news()


def line_of(marked: PersonView | None, people: Sequence[PersonView], before: int | None) -> int | None:
    """Where the one marked stands now; the line they stood in, where they are no longer among these people."""
    subjects = [each.subject for each in people]
    return subjects.index(marked.subject) if marked is not None and marked.subject in subjects else before
