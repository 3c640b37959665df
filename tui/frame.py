"""The application around the screens: the language, the screens' keys, and how things stand, asked once a second."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import extract_tb
from typing import Any, ClassVar
from weakref import WeakSet

from rich.segment import Segments
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widget import AwaitMount
from textual.worker import get_current_worker

from node.desk.views import StandingLine
from node.words import reason_sentence
from tui.acting import Acting
from tui.asked import Node
from tui.asker import Asker
from tui.lock.latch import LOCK_AFTER_MINUTES
from tui.rooms import Room
from tui.stylesheet import OnceRead
from tui.sweeping import Sweeper
from tui.theme import DRILL_THEMES, THEMES
from tui.thin import thin
from tui.turns import InTurn
from tui.when import MINUTE_MS
from tui.words import LANGUAGES, Words

DONE, OUR_FAULT = 0, 70
"""Exit codes, as the command line documents them."""
LOOK_EVERY_S = 1.0
NEAR = 3
"""How many rooms have a key of their own; the others are one key further away."""
FRAMES_TOLD = 6
TYPING_PAUSE_S = 0.08
AHEAD_AFTER_S = 0.3
"""How long after a screen was shown for the first time the next one is made ahead."""
SETTLED_S = 0.005
"""How long after another screen was asked for nothing is painted: what is there already needs no longer."""


class PlainBar(ScrollBarRender):
    """A scroll bar without block characters, whose width terminals in Japan disagree on."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class Looked(Message):
    """What the node said of itself."""

    def __init__(self, changed: int, standing: StandingLine, *, staffed: bool, gone: str = "") -> None:
        self.changed = changed
        self.standing = standing
        self.staffed = staffed
        self.gone = gone
        """Who was at the keyboard and no longer works here."""
        super().__init__()


class Frame(InTurn):
    """Holds the screens, one mode each, so that a half-typed form outlives a look at another screen."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,ctrl+o", "rooms", "key.rooms", show=False),
        Binding("ctrl+r", "repaint", "key.repaint", show=False),
        Binding("ctrl+t", "other_theme", "key.light", show=False),
        Binding("f9", "other_language", "key.language", show=False),
        Binding("ctrl+q", "quit", "key.quit", show=False, priority=True),
    ]

    language: reactive[str] = reactive(LANGUAGES[0], init=False)
    standing: reactive[StandingLine | None] = reactive[StandingLine | None](None, init=False)
    changed: reactive[int] = reactive(0, init=False)
    """Changes whenever what the screens show may have changed."""

    def __init__(
        self,
        node: Node,
        rooms: Sequence[Room],
        *,
        language: str,
        help_page: Callable[[str, list[tuple[str, str]]], Screen[None]],
        rooms_page: Callable[[Sequence[Room]], Screen[str | None]],
        lock_page: Callable[[], Screen[None]],
        lock_after_minutes: int = LOCK_AFTER_MINUTES,
        look_every_s: float = LOOK_EVERY_S,
        typing_pause_s: float = TYPING_PAUSE_S,
        light: bool = False,
    ) -> None:
        super().__init__()
        self.stylesheet = OnceRead(variables=self.get_css_variables())
        self.driver_class = thin(self.driver_class)
        self.node = node
        self.rooms = rooms
        self.help_page = help_page
        self._rooms_page = rooms_page
        self._rooms_shown: Screen[str | None] | None = None
        self._help_shown: Screen[None] | None = None
        self.asker = Asker()
        self._is_left = False
        """The screens are being closed: none is made any more."""
        self.words = Words(language)
        self.set_reactive(Frame.language, self.words.language)
        self.typing_pause_s = typing_pause_s
        self.look_every_s = look_every_s
        self._minute = -1
        self._sweeper = Sweeper()
        self._shown: Callable[[], object] | None = None
        self._seen: WeakSet[Screen[Any]] = WeakSet()
        """The screens that have been shown once: until then nothing is in them that could take a key."""
        self._last_changed: int | None = None
        self.animation_level = "none"
        ScrollBar.renderer = PlainBar
        self._themes = DRILL_THEMES if node.is_drill else THEMES
        for theme in self._themes:
            self.register_theme(theme)
        self.theme = self._themes[int(light)].name
        self.latch(lock_page, lock_after_minutes)
        for room in rooms:
            self.add_mode(room.word, room.make)
        for key, room in self.near():
            self.bind(key.lower(), f"switch_mode('{room.word}')", description=f"{room.word}.title", show=False)

    def on_mount(self) -> None:
        """Opens the first screen and begins to look."""
        self.begin()
        self.set_interval(self.look_every_s, self.look)
        self.set_interval(self.look_every_s, self.lock_when_idle)
        self.look()

    async def _shutdown(self) -> None:
        self._is_left = True
        await super()._shutdown()

    def on_unmount(self) -> None:
        """Asks nothing more."""
        self.asker.close()

    def when_shown(self, shown: Callable[[], object]) -> None:
        """Has this called as soon as the first screen is shown."""
        self._shown = shown

    def first_shown(self, screen: Screen[Any]) -> None:
        """A screen is shown: the first time, it takes what was typed before it was there, unless it is a question."""
        self.call_later(self.go_on)
        if screen in self._seen:
            return
        if getattr(screen, "ASKS", False):
            self.forget_typed()
        self._seen.add(screen)
        self.set_timer(AHEAD_AFTER_S, self.make_ahead)
        shown, self._shown = self._shown, None
        if shown is not None:
            shown()
            # Else whoever is told of the first error waits until all their sentences are read.
            self.run_worker(lambda: reason_sentence("UNKNOWN", self.language), thread=True, group="words")

    def takes_keys(self) -> bool:
        """Whether what is typed goes to what is in front: not to a screen of which nothing is there yet."""
        if not self.screen_stack or not self._seen:
            return False
        # What is no page of ours, such as a symbol to scan, tells nothing when it is shown, and has nothing half made.
        return self.screen in self._seen or not hasattr(self.screen, "frame")

    def is_acting(self) -> bool:
        """Whether the page in front is under way to another one."""
        return isinstance(self.screen, Acting) and self.screen.is_acting

    def let_go(self) -> None:
        """The page in front is not waited for any longer."""
        if isinstance(self.screen, Acting):
            self.screen.let_go()

    def scanned_in_vain(self) -> None:
        """Says where symbols are read, and that nothing was done."""
        say = getattr(self.screen, "say", None)
        if say is not None:
            say(lambda words: words("scan.elsewhere"))

    def delay_update(self, delay: float = SETTLED_S) -> None:
        """In place of Textual's twentieth of a second, half of the time in which another screen is to be there."""
        super().delay_update(delay)

    def make_ahead(self) -> None:
        """Makes the next room with a key of its own, so that whoever goes there first does not wait for it."""
        unmade = [room for _, room in self.near() if room.word not in self._screen_stacks]
        if unmade and not self.locked and not self._is_left:
            self._init_mode(unmade[0].word)
            self.set_timer(AHEAD_AFTER_S, self.make_ahead)

    def near(self) -> list[tuple[str, Room]]:
        """The rooms with a key of their own, and that key."""
        return [(f"F{number + 2}", room) for number, room in enumerate(self.rooms[:NEAR])]

    def far(self) -> Sequence[Room]:
        """The rooms behind the list of rooms."""
        return self.rooms[NEAR:]

    def action_rooms(self) -> None:
        """Shows the list of rooms, and goes where the choice is."""

        def chosen(word: str | None) -> None:
            if word is not None:
                self.switch_mode(word)

        if self.far() and self.screen is not self._rooms_shown:
            self._rooms_shown = self._rooms_page(self.far())
            self.push_screen(self._rooms_shown, chosen)

    def show_help(self, word: str, keys: list[tuple[str, str]]) -> None:
        """Shows what a screen is for, and its keys."""
        self._help_shown = self.help_page(word, keys)
        self.push_screen(self._help_shown)

    def switch_mode(self, mode: str) -> AwaitMount:
        """Goes to a room. The list of rooms and the help are left: they would stand there at the next visit, and take
        what is typed."""
        for passing in (self._rooms_shown, self._help_shown):
            if passing is not None and self.screen_stack and self.screen is passing:
                self.pop_screen()
        return super().switch_mode(mode)

    def look(self, *, again: bool = False) -> None:
        """Asks in a worker how things stand: `again` after an act, else only where something changed."""
        if self.is_idle:
            self._sweeper.sweep()
        last = None if again else self._last_changed
        minute = self.node.now_ms() // MINUTE_MS
        self.run_worker(lambda: self._ask(last, minute), thread=True, group="look", exclusive=True)

    def _ask(self, last: int | None, minute: int) -> None:
        worker = get_current_worker()
        try:
            changed = self.node.changed()
            if changed == last and minute == self._minute:
                return
            standing, staffed = self.node.standing(), self.node.staffed()
            gone = "" if self.node.known_operator() else standing.operator
        except Exception:  # noqa: BLE001  a look that fails is looked again; what is typed must not be lost for it
            return
        if not worker.is_cancelled:
            self._minute = minute
            self.post_message(Looked(changed, standing, staffed=staffed, gone=gone))

    def exit_code(self) -> int:
        """What the command ends in once the screens are left: done, or a fault of ours."""
        return OUR_FAULT if self.return_code else DONE

    def on_looked(self, looked: Looked) -> None:
        """Hands on what the node said."""
        self._last_changed = looked.changed
        self.lock_when_staffed(looked.staffed)
        self.lock_when_gone(looked.gone)
        # Logged reads change the ledger too: were lists asked anew for that, two desks would keep each other asking.
        if looked.standing != self.standing:
            self.standing = looked.standing
            self.changed += 1

    def action_other_language(self) -> None:
        """Speaks the other language at once, on every screen."""
        following = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]
        self.words = Words(following)
        self.language = following

    def action_repaint(self) -> None:
        """Paints everything anew: something else has written on this terminal."""
        forget = getattr(self._driver, "forget", None)
        if forget is not None:
            forget()
        self.refresh(layout=True)

    def action_other_theme(self) -> None:
        """From dark to light, and back."""
        following = next(theme for theme in self._themes if theme.name != self.theme)
        self.theme = following.name

    def _fatal_error(self) -> None:
        """In place of Textual's own, which prints every value at hand: of a fault, only its kind and where it was."""
        fault = sys.exc_info()[1]
        places = (
            [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(fault.__traceback__)]
            if fault
            else []
        )
        told = reason_sentence("UNKNOWN", self.language)
        text = Text(f"{told}\n{type(fault).__name__}: {' > '.join(places[-FRAMES_TOLD:])}")
        self._exit_renderables.append(Segments(self.console.render(text)))
        self._close_messages_no_wait()

    def action_help_quit(self) -> None:
        """Ctrl+C does nothing: what a hand does by habit must not close a reception."""
