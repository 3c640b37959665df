"""`moyai coordinate`: the screens of a prefecture or a crisis office."""

from tui.asked import Coordination
from tui.dialogs.help import Help
from tui.dialogs.rooms import Rooms
from tui.frame import LOOK_EVERY_S, Frame
from tui.rooms import Room
from tui.search.screen import SearchAcross
from tui.sending.screen import Sending
from tui.shelters.screen import Shelters
from tui.theme import prefers_light


class CoordinateApp(Frame):
    """Shelters first. A further screen is a folder of its own and a line here."""

    def __init__(
        self, coordination: Coordination, *, language: str, look_every_s: float = LOOK_EVERY_S, light: bool = False
    ) -> None:
        super().__init__(
            coordination,
            [
                Room("shelters", lambda: Shelters(coordination)),
                Room("search", lambda: SearchAcross(coordination)),
                Room("sending", lambda: Sending(coordination)),
            ],
            language=language,
            help_page=Help,
            rooms_page=Rooms,
            look_every_s=look_every_s,
            light=light,
        )


def run(coordination: Coordination, *, lang: str) -> int:
    """Shows the screens until they are left; returns the exit code."""
    app = CoordinateApp(coordination, language=lang, light=prefers_light())
    app.run(mouse=False)
    return app.exit_code()
