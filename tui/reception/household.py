"""A household at the reception: everyone ticked who is not here yet, and Enter checks them in."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.views import Done, PersonView
from tui.asked import Desk
from tui.base import Page, Told, Word
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.person import Person
from tui.dialogs.place import with_place
from tui.lines import Lines
from tui.people import LEFT, TRANSFERRED, names, needs, person_row
from tui.when import clock, today

OUTSIDE = {"home": 1, "car": 2, "tent": 3, "relatives": 4, "hotel": 5, "hospital": 6}


class Household(Page[Done | PersonView | None]):
    """Answers what was done; the person to whose household a member is to be added; or None when it was left."""

    TITLE_WORD = "household.title"
    HELP_WORD = "help.household"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "check_in", "key.check_in", priority=True),
        Binding("space", "tick", "key.tick", priority=True),
        Binding("f5", "add", "key.add_member"),
        Binding("f6", "person", "key.person"),
        Binding("f7", "outside", "key.outside"),
    ]
    DEFAULT_CSS = "Household #remarks { height: 4; color: $quiet; } Household Lines { height: 1fr; }"

    def __init__(self, desk: Desk, subject: bytes) -> None:
        super().__init__()
        self._desk = desk
        self._subject = subject
        self._members: list[PersonView] = []
        self._ticked: set[bytes] = set()
        self._asked_already = False

    def body(self) -> ComposeResult:
        """The members, and what to know of the one marked."""
        yield Word("household.prompt")
        yield Lines(id="members")
        yield Told(id="remarks")

    def on_mount(self) -> None:
        """Asks for the household at once."""
        self.ask(lambda: self._desk.household(self._subject), self._arrived)

    def _arrived(self, members: list[PersonView]) -> None:
        first = not self._members
        self._members = members
        if first:
            self._ticked = {each.subject for each in members if _comes(each)}
        self.fill()
        if first and any(map(_has_left, members)):
            self.say(lambda words: words("household.some_left"))
        elif first and not self._ticked:
            self.say(lambda words: words("household.all_here"))
        if self._asked_already:
            self._asked_already = False
            self.action_check_in()

    def resumed(self) -> None:
        """Something may have been done to one of them meanwhile."""
        if self._members:
            self.ask(lambda: self._desk.household(self._subject), self._arrived, group="household", newest_only=True)

    def fill(self) -> None:
        """The members with their ticks."""
        lines = self.query_one("#members", Lines)
        on = today(self._desk.now_ms())
        told = [
            person_row(
                each,
                on,
                self.words,
                lines.room,
                town=each.municipality_name,
                tick="[x]" if self._is_ticked(each) else "[ ]",
            )
            for each in self._members
        ]
        lines.show(told, keep=lines.highlighted)
        self._remark()

    def _is_ticked(self, member: PersonView) -> bool:
        return member.subject in self._ticked

    def on_option_list_option_highlighted(self) -> None:
        """Another member is marked."""
        self._remark()

    def _remark(self) -> None:
        member = self._marked()
        remarks: list[str] = []
        if member is not None:
            words = self.words
            if member.protected:
                remarks.append(words("household.protected"))
            elif member.stay_state in (1, 2) and not member.here and member.place_name:
                since = clock(member.since_ms, self._desk.now_ms(), words)
                remarks.append(words("household.elsewhere", place=member.place_name, since=since))
            if member.care_codes:
                remarks.append(words("household.needs", needs=needs(member, words)))
        self.put("remarks", "\n".join(remarks))

    def _marked(self) -> PersonView | None:
        number = self.query_one("#members", Lines).highlighted
        return None if number is None or number >= len(self._members) else self._members[number]

    def _chosen(self) -> Sequence[bytes]:
        return [each.subject for each in self._members if each.subject in self._ticked]

    def action_tick(self) -> None:
        """Ticks the marked member, or takes the tick away."""
        member = self._marked()
        if member is not None:
            self._ticked ^= {member.subject}
            self.fill()

    def action_check_in(self) -> None:
        """Checks in everyone ticked. Pressed before the household is known, it waits for it."""
        if not self._members:
            self._asked_already = True
        elif not self._ticked:
            self.say(lambda words: words("household.nobody"))
        else:
            chosen = self._chosen()
            with_place(self, self._desk, lambda: self.ask(lambda: self._desk.check_in(chosen), self.dismiss))

    def action_outside(self) -> None:
        """Checks in those who stay outside of the shelter: in a car, in a tent, at home."""
        if not self._ticked:
            self.say(lambda words: words("household.nobody"))
            return
        told = names([each for each in self._members if each.subject in self._ticked], self.words)
        question = Choice(
            lambda words: words("household.outside", names=told, town=self._desk.organisation_name),
            by_word(*(f"outside_kind.{kind}" for kind in OUTSIDE)),
            title="household.outside_title",
        )
        self.frame.push_screen(question, self._outside)

    def _outside(self, kind: str | None) -> None:
        if kind is not None:
            chosen, outside = self._chosen(), OUTSIDE[kind]
            self.ask(lambda: self._desk.check_in(chosen, outside=outside), self.dismiss)

    def action_add(self) -> None:
        """Goes on to the form, for someone of this household who is not on the list."""
        if self._members:
            self.dismiss(self._members[0])

    def action_person(self) -> None:
        """Opens the person marked."""
        member = self._marked()
        if member is not None:
            self.frame.push_screen(Person(self._desk, member.subject))


def _comes(member: PersonView) -> bool:
    """Whether they are ticked from the start: who is here needs no check-in, and who left may have stayed away."""
    return not member.here and member.closed != "died" and not _has_left(member)


def _has_left(member: PersonView) -> bool:
    """Whether the last that is known of them is that they left; not so who is expected here."""
    return member.stay_state in (LEFT, TRANSFERRED) and not member.here and not member.expected
