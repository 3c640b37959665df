"""The exchange by hand, from a keyboard: what waits goes onto a stick, what came on one is read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from node.desk.post import Post
from node.desk.views import CarriedView
from node.errors import NotEnrolled

if TYPE_CHECKING:
    from node.bundles.carrying import Read, Written

Progress = Callable[[int, int], None]

MEDIA: Final = ("/run/media", "/media", "/Volumes")
"""Where Linux and macOS show what is plugged in, each user's apart or all together."""


def nobody(_done: int, _total: int) -> None:
    """Tells nobody how far it is."""


class Carrier(Protocol):
    """What writes and reads bundles."""

    def write(self, to: str, target: Path, *, operator: str, progress: Progress) -> "Written":
        """Write a bundle for "ORG" or "ORG/NODE"."""
        ...

    def read(self, files: list[Path], *, operator: str, progress: Progress) -> "Read":
        """Read one bundle."""
        ...

    def read_all(self, folder: Path, *, operator: str, progress: Progress) -> "list[Read]":
        """Read all that lie in a folder."""
        ...


def write(
    post: Post, carrier: Callable[[], Carrier] | None, organisation: str, node: bytes, path: str, *, progress: Progress
) -> list[CarriedView]:
    """Write what waits for a peer. Raises NotEnrolled where this node is in no federation, and what a bundle raises."""
    to = f"{organisation}/{node.hex()}" if post.is_home and organisation == post.organisation else organisation
    done = _carrier(carrier).write(to, _path(path), operator=post.operator, progress=progress)
    return [
        CarriedView(
            organisation_name=post.neighbours.called(organisation, done.node or node),
            files=tuple(str(file) for file in done.files),
            records=done.records,
            is_greeting=not done.node,
        )
    ]


def read(post: Post, carrier: Callable[[], Carrier] | None, path: str, *, progress: Progress) -> list[CarriedView]:
    """Read a bundle, or all in a folder. Raises as `write`."""
    from node.bundles.reading import is_folder  # noqa: PLC0415 -- takes long to load, and is seldom needed

    named = _path(path)
    if is_folder(named):
        done = _carrier(carrier).read_all(named, operator=post.operator, progress=progress)
    else:
        done = [_carrier(carrier).read([named], operator=post.operator, progress=progress)]
    return [
        CarriedView(
            organisation_name=post.neighbours.called(one.organisation, one.node),
            records=one.records,
            new=one.new,
            arrived=one.arrived,
            waiting=one.waiting,
        )
        for one in done
    ]


def stick(media: tuple[str, ...] = MEDIA) -> str:
    """The folder of a stick that is plugged in, the first where there are several; empty: none."""
    for parent in (Path(one) for one in media):
        shown = [folder for folder in sorted(parent.glob("*")) if folder.is_dir()]
        inside = [below for folder in shown for below in sorted(folder.glob("*")) if below.is_mount()]
        for folder in (*inside, *(one for one in shown if one.is_mount())):
            if os.access(folder, os.W_OK):
                return str(folder)
    return ""


def _carrier(carrier: Callable[[], Carrier] | None) -> Carrier:
    if carrier is None:
        raise NotEnrolled(what="roster")
    return carrier()


def _path(typed: str) -> Path:
    return Path(typed.strip()).expanduser()
