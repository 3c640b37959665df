"""`moyai desk`, `coordinate`: the screens. They plug in from above; what can wait is loaded once they are shown."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from shutil import get_terminal_size
from typing import Annotated, Final
from unicodedata import east_asian_width

from cyclopts import Parameter

from node.cli.options import NO_OPTIONS, Common, place_of
from node.cli.speaking import speaking
from node.cli.starting import all_kept, hushed
from node.errors import NoTerminal, ScreensMissing
from node.words import word

TURN_S: Final = 0.001
"""So long a thread is let alone by the others, a fifth of the usual: a letter is painted while it is looked for."""

_LINE_ANEW: Final = "\r\x1b[K"
"""In place of what was typed before the terminal was hushed."""
_ROW_BACK: Final = "\x1b[A\r\x1b[K"
"""One row up, which is emptied."""


def need_terminal() -> None:
    """Screens need somebody to look at them: a script would wait for ever.

    Raises:
        NoTerminal: input or output is not a terminal.
    """
    if not _is_terminal():
        raise NoTerminal


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def desk(*, place: str = "", common: Common = NO_OPTIONS) -> int:
    """Open the screens of a shelter's desk. Everything works without a network, and what waits is sent when it is back.

    Args:
        place: Id of the place the desk stands at. Default: the one of node.toml, or the one last
            chosen on the screens; if there is none, it is asked for.
    """
    need_terminal()
    with (
        _starting(common) as start,
        common.opened(unattended=True, passphrase=start.passphrase) as node,
        speaking(node) as speaker,
    ):
        standing_at = place_of(node, place or node.config.place) if place or node.config.place else b""
        desk_here = node.desk(common.who, place=standing_at, poke=speaker.poke)
        if not standing_at:
            desk_here.use_last_place()
        code = screens_of("desk")(
            desk_here,
            lang=common.language,
            lock_after_minutes=node.config.lock_after_minutes,
            shown=start.then(speaker.begin),
        )
        return start.left(code)


def coordinate(
    *, served: Annotated[bool, Parameter(show=False, negative="")] = False, common: Common = NO_OPTIONS
) -> int:
    """Open the screens of a coordinating office: shelters and their trends, search, who is not found, applications.

    Args:
        served: They are shown in a browser, by `moyai web`, whose operator has signed in.
    """
    with (
        _starting(common) as start,
        common.opened(unattended=not served, passphrase=start.passphrase) as node,
    ):
        node.need_home()
        if not served:
            need_terminal()
        with speaking(node) as speaker:
            code = screens_of("coordinate")(
                node.coordination(common.who, poke=speaker.poke),
                lang=common.language,
                lock_after_minutes=node.config.lock_after_minutes,
                signed_in=served,
                shown=start.then(speaker.begin),
            )
            return start.left(code)


def screens_of(name: str) -> Callable[..., int]:
    """The screens plug in from above: node knows none of them."""
    found = entry_points(group="moyai.screens", name=name)
    if not found:
        raise ScreensMissing(screens=name)
    screens: Callable[..., int] = next(iter(found)).load()
    return screens


@dataclass(frozen=True, slots=True)
class _Start:
    """What is different until the first screen is shown."""

    passphrase: Callable[[], str]
    loaded: Callable[[], None]
    said: str = ""
    """What stands on the terminal since the start; empty: nothing."""

    def left(self, code: int) -> int:
        """The screens were left with this exit code: that they start is said no more. What tells of a fault stands
        below it, and stays."""
        if code == 0:
            _unsay(self.said)
        return code

    def then(self, begin: Callable[[], None]) -> Callable[[], None]:
        """What the screens call when they are shown."""

        def shown() -> None:
            sys.setswitchinterval(TURN_S)
            self.loaded()
            begin()

        return shown


@contextmanager
def _starting(common: Common) -> Iterator[_Start]:
    """From the command to the first screen; where that is in a browser, nobody sits at a terminal of this process."""
    with all_kept() as loaded:
        if not _is_terminal():
            yield _Start(common.passphrase, loaded)
            return
        with hushed() as hush:
            said = f"{common.drill_mark}{word('desk.starting', common.language)}"
            _say(said)

            def passphrase() -> str:
                _unsay(said)
                answer = common.passphrase()
                _say(said)
                return answer

            yield _Start(hush.lifted(passphrase), loaded, said)


def _say(line: str) -> None:
    print(f"{_LINE_ANEW}{line}", flush=True)  # noqa: T201


def _unsay(line: str) -> None:
    """Takes back the last line said, over as many rows as it has filled."""
    cells = sum(2 if east_asian_width(each) in "WF" else 1 for each in line)
    rows = -(-cells // get_terminal_size().columns)
    print(_ROW_BACK * rows, end="", flush=True)  # noqa: T201
