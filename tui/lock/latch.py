"""The application as far as it can be locked: by a key, by idle minutes, at the start; and opened by an operator."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import AwaitMount

from tui.asked import Node
from tui.rooms import Room
from tui.when import MINUTE_MS

LOCK = "lock"
"""The mode of the lock: a screen of its own, behind which the others stay as they are."""
LOCK_AFTER_MINUTES = 10
IDLE_MS = 150
ALIVE_WHILE_LOCKED = frozenset({"other_language", "other_theme", "repaint", "focus_next", "focus_previous"})
"""The keys of the application that are not dead behind the lock."""


class Latch(App[int]):
    """Knows who is in front of the screens. The same operator finds everything as it was; another finds new screens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "lock", "key.lock", show=False, priority=True),
        Binding("ctrl+y", "hand_over", "key.hand_over", show=False, priority=True),
    ]

    node: Node
    rooms: Sequence[Room]

    def latch(self, lock_page: Callable[[], Screen[None]], lock_after_minutes: int) -> None:
        """Adds the lock; 0 minutes: it never falls shut by itself."""
        self.add_mode(LOCK, lock_page)
        self._lock_after_ms = lock_after_minutes * MINUTE_MS
        self._touched_ms = self.node.now_ms()
        self._came_from = ""
        self._in_front = ""
        """Whose screens these are; empty: nobody's yet."""
        self._held: list[Callable[[], object]] = []
        self.handing_over = False
        self.is_gone = False
        """Whether who was in front no longer works here."""
        self._staffed = False
        """Whether the staff were known when last looked."""

    def begin(self) -> None:
        """Opens the first screen; where the staff are known, once one of them has signed in."""
        self._came_from = self.rooms[0].word
        self._staffed = self.node.staffed()
        if self._staffed:
            self.switch_mode(LOCK)
        else:
            self._in_front = self.node.operator
            self.switch_mode(self._came_from)

    @property
    def is_begun(self) -> bool:
        """Whether there is a screen behind the lock."""
        return any(room.word in self._screen_stacks for room in self.rooms)

    @property
    def locked(self) -> bool:
        """Whether nothing is seen."""
        return self.current_mode == LOCK

    @property
    def is_idle(self) -> bool:
        """Whether nobody has typed for a moment."""
        return self.node.now_ms() - self._touched_ms > IDLE_MS

    def action_lock(self) -> None:
        """Hides everything."""
        self._shut(hand_over=False)

    def action_hand_over(self) -> None:
        """Hides everything, and asks for who takes over."""
        self._shut(hand_over=True)

    def _shut(self, *, hand_over: bool) -> None:
        if self.locked:
            return
        self._came_from, self.handing_over = self.current_mode, hand_over
        self.switch_mode(LOCK)
        self.run_worker(self.node.note_lock, thread=True, group="lock", exit_on_error=False)

    def unlock(self, operator: str) -> None:
        """They have signed in. What was behind the lock is shown to whom it belongs."""
        held, self._held = self._held, []
        if self._in_front not in ("", operator):
            held = []
            self._came_from = self.rooms[0].word
            for room in self.rooms:
                self.remove_mode(room.word)
                self.add_mode(room.word, room.make)
        self._in_front, self.handing_over, self.is_gone = operator, False, False
        self._touched_ms = self.node.now_ms()
        self.switch_mode(self._came_from)
        for push in held:
            push()
        self.look(again=True)

    def look(self, *, again: bool = False) -> None:
        """Asks how things stand. See `Frame`."""

    def lock_when_staffed(self, staffed: bool) -> None:
        """Asks who sits here once the first of the staff were added; what is half typed stays behind the lock, and is
        theirs who sign in: until then it was nobody's."""
        first, self._staffed = staffed and not self._staffed, staffed
        if first and self.locked:
            self._in_front = ""
            self.screen.post_message(events.ScreenResume())
        elif first:
            self._in_front = ""
            self._shut(hand_over=False)

    def lock_when_gone(self, operator: str) -> None:
        """Falls shut for who was retired while they sat here: nothing more is shown or written under their code."""
        if operator and operator == self._in_front and not self.locked:
            self.is_gone = True
            self._shut(hand_over=False)

    def lock_when_idle(self) -> None:
        """Falls shut when no key was pressed for so long; a clock that was put back begins anew."""
        now = self.node.now_ms()
        self._touched_ms = min(self._touched_ms, now)
        if self._lock_after_ms and now - self._touched_ms >= self._lock_after_ms:
            self._shut(hand_over=False)

    async def on_event(self, event: events.Event) -> None:
        """Notes that somebody is there."""
        if isinstance(event, events.Key | events.Paste | events.MouseEvent):
            self._touched_ms = self.node.now_ms()
        await super().on_event(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Behind the lock the keys of the screens are dead, leaving among them."""
        if self.locked and action.rpartition(".")[2] not in ALIVE_WHILE_LOCKED:
            return False
        return super().check_action(action, parameters)

    def push_screen(self, *arguments: Any, **named: Any) -> Any:
        """Behind the lock nothing is opened: an answer that opens a screen waits until its operator is back."""
        if self.locked:
            self._held.append(partial(self.push_screen, *arguments, **named))
            return AwaitMount(self.screen, [])
        return super().push_screen(*arguments, **named)
