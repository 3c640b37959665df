"""The frames of a conversation as values: what wire.py reads and writes, and session.py reasons about."""

from dataclasses import dataclass

from sync.envelope import Parcel
from sync.reasons import Reason

CONTROL = 1
DATA = 2
VIEWS = (CONTROL, DATA)
"""In the order in which they are compared: who has not yet heard of a withdrawal must not offer data."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What each side says first; what the session itself needs of it, and the whole as it came."""

    versions: tuple[int, ...]
    federation: bytes
    roster_version: int
    serialised: bytes
    """The `moyai.v1.Greeting`, for the node to check."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A newer roster than the other side has."""

    signed: bytes


@dataclass(frozen=True, slots=True)
class Hello:
    """Opens the comparison of one view."""

    view: int
    count: int
    root: bytes
    control_root: bytes = b""
    """In the hello of the data view: the root of the control view; else empty."""
    salt: bytes = b""
    """16 bytes where the sketch shall be of salted symbols."""
    whole_ids: bool = False
    """The answer shall list all ids in full: the last resort."""
    pushing: int = 0
    """So many records follow at once."""


@dataclass(frozen=True, slots=True)
class Equal:
    """Nothing is owed either way; in answer to a check, of no view in particular (0)."""

    view: int


@dataclass(frozen=True, slots=True)
class ControlFirst:
    """The control views differ, and come before the data view."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """Symbols of a view's sketch, from `start` on, all of one snapshot."""

    view: int
    snapshot: int
    count: int
    start: int
    symbols: bytes
    """12 bytes each."""
    counts: bytes
    """With the first symbol: 2 bytes for each of the first so many, as the sender likes."""
    last: bool
    """Whether these are the last that were asked for."""


@dataclass(frozen=True, slots=True)
class More:
    """Asks for the symbols from `start` to before `stop`."""

    view: int
    snapshot: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Ids:
    """A part of the ids of a view, in full, ascending."""

    view: int
    whole: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class Records:
    """Records the other side lacks or asked for."""

    view: int
    parcels: tuple[Parcel, ...]
    last: bool
    root: bytes = b""
    """In the last frame of who was called: its root, once it has taken what was pushed."""


@dataclass(frozen=True, slots=True)
class Want:
    """A part of the prefixes of the records wanted."""

    view: int
    prefixes: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one Records frame; what is neither held nor quarantined was turned away."""

    view: int
    held: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Check:
    """Asks whether both views are still equal."""

    root: bytes


@dataclass(frozen=True, slots=True)
class News:
    """There is something new on this side."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A salted hash over all ids of a view."""

    view: int
    salt: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The end."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Unknown:
    """A step of a newer version: ignored."""


OfView = Hello | Equal | Sketch | More | Ids | Records | Want | Taken | Audit
"""Frames that speak of one view."""

Frame = Greeting | Roster | OfView | ControlFirst | Check | News | Goodbye | Unknown
