"""`moyai coordinate`: the screens of a prefecture or a crisis office."""

from collections.abc import Callable

from tui.applications.screen import Applications
from tui.asked import Coordination
from tui.dialogs.help import Help
from tui.dialogs.rooms import Rooms
from tui.frame import LOOK_EVERY_S, Frame
from tui.inquiry.screen import InquiryForm
from tui.lock.latch import LOCK_AFTER_MINUTES
from tui.lock.screen import Lock
from tui.log.screen import Log
from tui.notfound.screen import NotFound
from tui.rooms import Room
from tui.search.screen import SearchAcross
from tui.sending.screen import Sending
from tui.shelters.screen import Shelters
from tui.theme import prefers_light


class CoordinateApp(Frame):
    """Shelters first. A further screen is a folder of its own and a line here."""

    def __init__(
        self,
        coordination: Coordination,
        *,
        language: str,
        lock_after_minutes: int = LOCK_AFTER_MINUTES,
        look_every_s: float = LOOK_EVERY_S,
        light: bool = False,
        signed_in: bool = False,
    ) -> None:
        self._signed_in = signed_in
        super().__init__(
            coordination,
            [
                Room("shelters", lambda: Shelters(coordination)),
                Room("search", lambda: SearchAcross(coordination)),
                Room("sending", lambda: Sending(coordination)),
                Room("notfound", lambda: NotFound(coordination)),
                Room("applications", lambda: Applications(coordination)),
                Room("inquiry", lambda: InquiryForm(coordination)),
                Room("log", lambda: Log(coordination)),
            ],
            language=language,
            help_page=Help,
            rooms_page=Rooms,
            lock_page=lambda: Lock(coordination),
            lock_after_minutes=lock_after_minutes,
            look_every_s=look_every_s,
            light=light,
        )

    def begin(self) -> None:
        """Whoever has signed in before the screens were opened is not asked again at once."""
        super().begin()
        if self._signed_in and self.locked:
            self.unlock(self.node.operator)


def run(
    coordination: Coordination,
    *,
    lang: str,
    lock_after_minutes: int = LOCK_AFTER_MINUTES,
    signed_in: bool = False,
    shown: Callable[[], object],
) -> int:
    """Shows the screens until they are left; returns the exit code. Calls `shown` when the first one is."""
    app = CoordinateApp(
        coordination,
        language=lang,
        lock_after_minutes=lock_after_minutes,
        light=prefers_light(),
        signed_in=signed_in,
    )
    app.when_shown(shown)
    app.run(mouse=False)
    return app.exit_code()
