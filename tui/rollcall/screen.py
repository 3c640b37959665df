"""Roll call (点呼): down the list, space for who is seen; it goes on where it was left, whoever sits down."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.roll_calls import RollCall
from node.desk.views import Done, PersonView
from tui.asked import Desk
from tui.base import Page, Told
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.leaving import leave
from tui.dialogs.person import Person
from tui.dialogs.undo import undo_last
from tui.lines import Lines
from tui.people import last_seen, roster_row
from tui.when import clock, today


class RollCallScreen(Page[None]):
    """Everybody of the place, households together; the mark stands on the next one nobody has seen yet."""

    MAIN = True
    TITLE_WORD = "rollcall.title"
    HELP_WORD = "help.rollcall"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "seen", "key.seen", priority=True),
        Binding("enter", "nothing", "key.person"),
        Binding("f5", "begin", "key.begin_roll_call"),
        Binding("f6", "unseen", "key.only_unseen"),
        Binding("f7", "leave", "key.leave"),
        Binding("f8", "undo", "key.undo"),
        Binding("escape", "nothing", show=False),
    ]
    DEFAULT_CSS = "RollCallScreen #count { height: auto; color: $ink; padding: 0 0 1 0; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._call: RollCall | None = None
        self._known = False
        """Whether the desk has said if one is under way."""
        self._only_unseen = False
        self._anew = True
        """Whether the mark goes to the first unseen when the list is shown: the room was just entered."""
        self._row: int | None = None
        """Which row the mark goes to when the list is laid out; None: it stays where it is."""

    def body(self) -> ComposeResult:
        """Since when, how many of how many, and the list."""
        yield Told(id="count")
        yield Lines(id="people")

    def on_screen_suspend(self) -> None:
        """Who comes back from another room goes on where it was left; from a question, with the one marked."""
        self._anew = self._anew or self.frame.current_mode != "rollcall"

    def news(self) -> None:
        """Asks for the roll call anew."""
        self.ask(self._desk.roll_calls.under_way, self._show, group="rollcall", newest_only=True)

    def _show(self, call: RollCall | None, *, seen: bool = False) -> None:
        marked = None if self._anew else self._marked()
        self._call, self._known, self._anew = call, True, False
        self._lay_out(marked, seen=seen)
        self.show_keys()

    def _lay_out(self, marked: PersonView | None, *, seen: bool = False) -> None:
        if self._call is not None:
            before = self.query_one("#people", Lines).highlighted
            self._row = row_after(self._call, self._people, marked, before, seen=seen)
        self.fill()

    def key_words(self) -> list[tuple[str, str]]:
        """While a roll call is under way, its key says that it begins a new one."""
        anew = self.words("key.roll_call_anew")
        return [(key, anew if key == "F5" and self._call is not None else word) for key, word in super().key_words()]

    @property
    def _people(self) -> list[PersonView]:
        if self._call is None:
            return []
        return [each for each in self._call.people if not (self._only_unseen and self._call.is_seen(each))]

    def fill(self) -> None:
        """The roll call, its figures and marks."""
        call, words, now = self._call, self.words, self._desk.now_ms()
        self.put("count", self._count())
        lines, on = self.query_one("#people", Lines), today(now)
        people, keep = self._people, lines.highlighted if self._row is None else self._row
        self._row = None
        rows: list[str | None] = [
            roster_row(
                each,
                last_seen(each, now, words),
                on,
                words,
                lines.room,
                tick="[x]" if call is not None and call.is_seen(each) else "[ ]",
            )
            for each in people
        ]
        lines.show(rows, keep=keep)

    def _count(self) -> str:
        call, words, now = self._call, self.words, self._desk.now_ms()
        if call is None:
            return words("rollcall.none")
        if not call.people:
            return words("rollcall.nobody")
        begun = words("rollcall.begun", time=clock(call.begun_ms, now, words), by=call.begun_by)
        left = len(call.people) - call.seen
        told = words("rollcall.seen", n=call.seen, of=len(call.people))
        return f"{begun}  {told}  {words('rollcall.left', n=left) if left else words('rollcall.all')}"

    def _marked(self) -> PersonView | None:
        number = self.query_one("#people", Lines).highlighted
        people = self._people
        return None if number is None or number >= len(people) else people[number]

    # --- acts

    def action_begin(self) -> None:
        """A new roll call: nobody counts as seen yet. Where one is under way it is asked first."""
        if not self._known:
            self.ask(self._desk.roll_calls.under_way, self._begin_after)
        else:
            self._begin_after(self._call)

    def _begin_after(self, call: RollCall | None) -> None:
        if call is None or not call.seen:
            self._begin()
            return
        question = Choice(
            lambda words: words("roll_call_anew.question", n=call.seen, of=len(call.people)),
            by_word("roll_call_anew.no", "roll_call_anew.yes"),
            title="rollcall.title",
        )
        self.frame.push_screen(question, lambda answer: self._begin() if answer == "yes" else None)

    def _begin(self) -> None:
        self._only_unseen, self._anew = False, True
        self.ask(self._desk.roll_calls.begin, self._begun)

    def _begun(self, call: RollCall) -> None:
        self._show(call)
        self.say(lambda words: words("rollcall.has_begun", n=len(call.people)))

    def action_seen(self) -> None:
        """The one marked was seen here now."""
        marked = self._marked()
        if self._call is None:
            self.say(lambda words: words("rollcall.none"))
        elif marked is not None:
            self.ask(lambda: self._desk.roll_calls.seen(marked)[1], self._seen)

    def _seen(self, person: PersonView) -> None:
        """The list is not asked for again: each look at a whole roster is logged, and a key is not one."""
        self.say(lambda words: words("rollcall.seen_one", name=person.name))
        if self._call is not None:
            self._show(self._call.with_one(person), seen=True)
        self.done()

    def action_unseen(self) -> None:
        """Only those nobody has seen yet, or everybody again."""
        marked = self._marked()
        self._only_unseen = not self._only_unseen
        self._lay_out(marked)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Opens the person."""
        self.frame.push_screen(Person(self._desk, self._people[event.option_index].subject))

    def action_leave(self) -> None:
        """The one marked has left, and where to."""
        marked = self._marked()
        if marked is not None:
            leave(self, self._desk, [marked], self._left)

    def _left(self, done: Done) -> None:
        self.say(lambda words: words("roster.leave_done", n=len(done.subjects)))
        self.done()
        self.news()

    def action_undo(self) -> None:
        """Takes back one of the last acts."""
        undo_last(self, self._desk)


def row_after(
    call: RollCall, people: list[PersonView], marked: PersonView | None, before: int | None, *, seen: bool
) -> int:
    """The row for the mark: it stays with the one marked, wherever they stand now. Once they were `seen`, or are not
    shown any more, it goes on to the next unseen below, and never back up: those who were passed over are not here."""
    rows = {each.subject: number for number, each in enumerate(people)}
    stands = rows.get(marked.subject) if marked is not None else None
    if stands is not None and not seen:
        return stands
    places = {each.subject: number for number, each in enumerate(call.people)}
    if marked is not None and marked.subject not in places:
        return before or 0
    reached = places[marked.subject] if marked is not None else -1
    below = (rows[each.subject] for each in people if places[each.subject] > reached and not call.is_seen(each))
    return next(below, stands if stands is not None else before or 0)
