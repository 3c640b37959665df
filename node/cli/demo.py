"""`moyai demo`: a quake told by four made-up nodes on this machine."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter, validators

from node.cli.options import NO_OPTIONS, Common
from node.errors import FolderNotEmpty, ScreensMissing

SEED: Final = 20240101
RESIDENTS: Final = 20_000
SMALLEST_TOWN: Final = 6_000
"""The story needs so many to find its people among."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the story is to be told."""

    residents: int
    seed: int
    keep: Path | None
    language: str
    is_watched: bool
    """Whether somebody sits there who will want to look at the desk."""


def demo(
    *,
    headless: Annotated[bool, Parameter(negative="")] = False,
    residents: Annotated[int, Parameter(validator=validators.Number(gte=SMALLEST_TOWN))] = RESIDENTS,
    seed: int = SEED,
    keep: Path | None = None,
    common: Common = NO_OPTIONS,
) -> int:
    """Watch three towns and a shelter keep and share made-up evacuees through a quake and a cut line, on this machine;
    then look at the desk.

    Args:
        headless: Never open the desk; the last line is one JSON object.
        residents: How many people live in the town.
        seed: The same seed makes the same town.
        keep: Leave everything in this folder.
    """
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise FolderNotEmpty(directory=str(keep))
    is_watched = not headless and sys.stdin.isatty() and sys.stdout.isatty()
    return _play()(Wish(residents, seed, keep, common.language, is_watched))


def _play() -> Callable[[Wish], int]:
    """The story plugs in from above, as the screens do."""
    found = entry_points(group="moyai.stories", name="demo")
    if not found:
        raise ScreensMissing(screens="demo")
    play: Callable[[Wish], int] = next(iter(found)).load()
    return play
