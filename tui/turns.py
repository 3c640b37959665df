"""Hands keys on in the order they were typed in: what one does is done before the next one is looked at.

Textual puts keys into the queue of whatever is in hand, but does at once what a screen has a key for. In a burst, from
a scanner or a line that stalled, Enter would overtake the letters before it, and letters the Tab before them.
"""

from collections import deque
from typing import Any, Final

from textual import events
from textual.message import Message
from textual.timer import Timer

from tui.fields import Field, OneKey
from tui.lock.latch import Latch
from tui.scans import BURST_S, is_digit, scan_at_the_head

ROUNDS: Final = 2
"""A key is answered where it arrives; that answer, such as "submitted", goes up to the screen behind it."""
LOST_S: Final = 0.1
"""What was left with the key, such as a dialog closed by it, says nothing any more."""
HELD_S: Final = 1.0
"""How long keys wait for what the last one began: an act that never ends must not lock the keyboard."""


class Passed(Message):
    """Goes up behind a key from where the key went: all before it is done."""

    def __init__(self, number: int, rounds: int) -> None:
        self.number = number
        self.rounds = rounds
        super().__init__()


class InTurn(Latch):
    """Takes keys when something is there for them, one by one; letters for a field of words as fast as they come."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._typed: deque[events.Key | events.Paste] = deque()
        """What nothing has taken yet, in order."""
        self._number = 0
        self._lost: Timer | None = None
        """Runs while a key is on its way."""
        self._letters = False
        """Whether letters may still be on their way."""
        self.held_s = HELD_S
        self._patience: Timer | None = None
        """Runs while keys wait for what is still to come."""
        self._burst: Timer | None = None
        """Runs while more digits may follow that came with nothing in hand to take them."""

    @property
    def is_under_way(self) -> bool:
        """Whether a key is, or waits for another one."""
        return self._lost is not None or bool(self._typed and self.takes_keys())

    def takes_keys(self) -> bool:
        """Whether there is something in front to take them."""
        return True

    def is_acting(self) -> bool:
        """Whether what is in front is under way to something else, for which they are meant."""
        return False

    def let_go(self) -> None:
        """What is in front takes them after all."""

    def forget_typed(self) -> None:
        """What was typed and nothing has taken yet was meant for something else."""
        self._typed.clear()

    def scanned_in_vain(self) -> None:
        """A symbol was scanned where nothing takes one; none of its digits was an answer."""

    async def on_event(self, event: events.Event) -> None:
        """Keeps what is typed until it is its turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.extend(_apart(event))
            if is_digit(event) and not isinstance(self.focused, Field):
                self._await_a_burst()
            await self.go_on()
        else:
            await super().on_event(event)

    async def go_on(self) -> None:
        """Hands on what was typed, as far as it may be now."""
        while self._typed and self._lost is None and self.takes_keys() and not self._waits():
            if self._is_of_a_burst():
                return
            if self._is_letter(self._typed[0]):
                self._letters = True
                await super().on_event(self._typed.popleft())
            elif self._letters:
                self._letters = False
                await self._wait(1)
            else:
                await super().on_event(self._typed.popleft())
                await self._wait(ROUNDS)

    def _await_a_burst(self) -> None:
        """A digit may be an answer, or the first of a symbol: that is known as soon as no other follows."""
        if self._burst is not None:
            self._burst.stop()
        self._burst = self.set_timer(BURST_S, self._burst_is_over)

    async def _burst_is_over(self) -> None:
        self._burst = None
        if not isinstance(self.focused, Field) and (scanned := scan_at_the_head(self._typed)):
            for _ in range(scanned):
                self._typed.popleft()
            self.scanned_in_vain()
        await self.go_on()

    def _is_of_a_burst(self) -> bool:
        return self._burst is not None and is_digit(self._typed[0]) and not isinstance(self.focused, Field)

    def _waits(self) -> bool:
        """Whether what was typed waits for what is still to come; not for longer than anybody would."""
        acting = self.is_acting()
        if acting and self._patience is None:
            self._patience = self.set_timer(self.held_s, self._come_to_an_end)
        elif not acting and self._patience is not None:
            self._patience.stop()
            self._patience = None
        return acting

    async def _come_to_an_end(self) -> None:
        self._patience = None
        self.let_go()
        await self.go_on()

    def _is_letter(self, event: events.Key | events.Paste) -> bool:
        into = self.focused
        is_word = isinstance(into, Field) and not isinstance(into, OneKey)
        return is_word and isinstance(event, events.Key) and event.is_printable and event.key != "question_mark"

    async def _wait(self, rounds: int) -> None:
        """Until all that is under way is done."""
        if not self.screen_stack:
            return
        self._number += 1
        number = self._number
        self._lost = self.set_timer(LOST_S, lambda: self._come(number))
        (self.focused or self.screen).post_message(Passed(number, rounds))

    async def on_passed(self, passed: Passed) -> None:
        """What was under way is done, or has been answered and the answer is under way."""
        passed.stop()
        if passed.number != self._number or self._lost is None:
            return
        if passed.rounds > 1:
            self._lost.stop()
            await self._wait(passed.rounds - 1)
        else:
            await self._come(passed.number)

    async def _come(self, number: int) -> None:
        if number == self._number and self._lost is not None:
            self._lost.stop()
            self._lost = None
            await self.go_on()


def _apart(event: events.Key | events.Paste) -> list[events.Key | events.Paste]:
    """Escape and the letter typed behind it: where both come at once, they are read as that letter with Alt, which no
    screen has a use for."""
    if isinstance(event, events.Key) and event.key.startswith("alt+") and event.character and event.is_printable:
        return [events.Key("escape", "\x1b"), events.Key(event.key.rpartition("+")[2], event.character)]
    return [event]
