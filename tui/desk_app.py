"""`moyai desk`: the screens of a shelter's clerk."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from node.desk.views import PlaceView
from tui.asked import Desk
from tui.base import Page
from tui.card.screen import CardScreen
from tui.conflicts.screen import Conflicts
from tui.dialogs.help import Help
from tui.dialogs.place import Places
from tui.dialogs.rooms import Rooms
from tui.duplicates.screen import DuplicatesScreen
from tui.forms.screen import FormsScreen
from tui.frame import LOOK_EVERY_S, TYPING_PAUSE_S, Frame
from tui.inquiry.screen import InquiryForm
from tui.lock.latch import LOCK_AFTER_MINUTES
from tui.lock.screen import Lock
from tui.log.screen import Log
from tui.reception.screen import Reception
from tui.report.screen import Report
from tui.rollcall.screen import RollCallScreen
from tui.rooms import Room
from tui.roster.screen import Roster
from tui.sending.screen import Sending
from tui.theme import prefers_light


class DeskApp(Frame):
    """Reception first. A further screen is a folder of its own and a line here."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+p", "place", "place.title", show=False)]

    def __init__(
        self,
        desk: Desk,
        *,
        language: str,
        lock_after_minutes: int = LOCK_AFTER_MINUTES,
        look_every_s: float = LOOK_EVERY_S,
        typing_pause_s: float = TYPING_PAUSE_S,
        light: bool = False,
    ) -> None:
        rooms = [
            Room("reception", lambda: Reception(desk)),
            Room("roster", lambda: Roster(desk)),
            Room("sending", lambda: Sending(desk)),
            Room("rollcall", lambda: RollCallScreen(desk)),
            Room("report", lambda: Report(desk)),
            Room("card", lambda: CardScreen(desk)),
            Room("forms", lambda: FormsScreen(desk)),
            Room("duplicates", lambda: DuplicatesScreen(desk)),
            Room("conflicts", lambda: Conflicts(desk)),
            Room("inquiry", lambda: InquiryForm(desk)),
            Room("log", lambda: Log(desk)),
        ]
        super().__init__(
            desk,
            rooms,
            language=language,
            help_page=Help,
            rooms_page=Rooms,
            lock_page=lambda: Lock(desk),
            lock_after_minutes=lock_after_minutes,
            look_every_s=look_every_s,
            typing_pause_s=typing_pause_s,
            light=light,
        )
        self._desk = desk
        self._will_ask = not desk.place

    def takes_keys(self) -> bool:
        """What is typed while it starts is for the question where we are, if there is one."""
        return not self._will_ask and super().takes_keys()

    def on_mount(self) -> None:
        """Asks where we are, if nobody has said so yet."""
        if self._will_ask:
            self.call_after_refresh(self._ask_place)

    def _ask_place(self) -> None:
        self.ask_place()
        self._will_ask = False
        self.call_later(self.go_on)

    def action_place(self) -> None:
        """Another place, from a main screen: a desk that moves, or one that was set up at a wrong one."""
        if isinstance(self.screen, Page) and self.screen.MAIN:
            self.ask_place()

    def ask_place(self) -> None:
        """Asks where we are, and stands there."""

        def chosen(place: PlaceView | None) -> None:
            if place is not None:
                self.run_worker(lambda: self._use(place.subject), thread=True)

        self.push_screen(Places(self._desk), chosen)

    def _use(self, place: bytes) -> None:
        self._desk.use_place(place)
        self.call_from_thread(self.look, again=True)


def run(desk: Desk, *, lang: str, lock_after_minutes: int = LOCK_AFTER_MINUTES, shown: Callable[[], object]) -> int:
    """Shows the screens until they are left; returns the exit code. Calls `shown` when the first one is."""
    app = DeskApp(desk, language=lang, lock_after_minutes=lock_after_minutes, light=prefers_light())
    app.when_shown(shown)
    app.run(mouse=False)
    return app.exit_code()
