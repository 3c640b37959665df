"""The frames of a conversation as values: what wire.py reads and writes, and session.py reasons about."""

from dataclasses import dataclass

from sync.envelope import PREFIX_BYTES, Parcel
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
    id_bytes: int = PREFIX_BYTES


@dataclass(frozen=True, slots=True)
class Equal:
    """Nothing is owed either way."""

    view: int


@dataclass(frozen=True, slots=True)
class Ids:
    """A part of the ids of a view, ascending."""

    view: int
    prefixes: bytes
    last: bool


@dataclass(frozen=True, slots=True)
class Records:
    """Records the other side lacks or asked for."""

    view: int
    parcels: tuple[Parcel, ...]
    last: bool


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
class Goodbye:
    """The end."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Unknown:
    """A step of a newer version: ignored."""


Frame = Greeting | Roster | Hello | Equal | Ids | Records | Want | Taken | Goodbye | Unknown
