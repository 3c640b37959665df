"""What a session asks of whoever drives it: one effect at a time, each with the result it wants back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.envelope import Parcel
from sync.frames import Frame
from sync.reasons import Reason


@dataclass(frozen=True, slots=True)
class Send:
    """Send a frame; wants nothing back."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Receive:
    """Wants the peer's next frame back, or None where its side has ended."""


@dataclass(frozen=True, slots=True)
class ReadRoster:
    """Wants our signed roster back, as bytes."""


@dataclass(frozen=True, slots=True)
class TakeRoster:
    """The peer offers a newer roster: check it, keep it; wants nothing back."""

    signed: bytes


@dataclass(frozen=True, slots=True)
class CheckGreeting:
    """Check who the peer says it is; wants nothing back. Nothing but rosters moves before."""

    greeting: bytes


@dataclass(frozen=True, slots=True)
class LoadView:
    """Wants a `Snapshot` of the view back."""

    view: int


@dataclass(frozen=True, slots=True)
class FetchParcels:
    """Begin to fetch the records with these prefixes, most urgent first; wants the first `Batch` back."""

    view: int
    prefixes: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class FetchMore:
    """Wants the next `Batch` of the fetch that was begun."""


@dataclass(frozen=True, slots=True)
class TakeParcels:
    """Take the peer's parcels; wants a `Tally` back, once they are durable."""

    view: int
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class MarkPassed:
    """The peer has these durably; wants nothing back."""

    view: int
    ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Parcels for one frame; empty only where it is the last."""

    parcels: tuple[Parcel, ...]
    last: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What one conversation moved."""

    sent: int = 0
    received: int = 0
    new: int = 0
    """Of those received, how many were not known here before."""
    withheld: int = 0
    """Records that were in the view but could no longer go when they were to be sent."""
    quarantined_here: int = 0
    quarantined_there: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a conversation ended."""

    reason: str
    """"DONE", or why not: one of `Reason`, or our own error's reason."""
    said_by_peer: bool
    """Whether it was the peer who gave the reason."""
    counts: Counts

    @property
    def done(self) -> bool:
        """Whether both views were compared to the end."""
        return self.reason == Reason.DONE


@dataclass(frozen=True, slots=True)
class Finished:
    """The last effect: nothing is wanted any more."""

    outcome: Outcome


Effect = (
    Send
    | Receive
    | ReadRoster
    | TakeRoster
    | CheckGreeting
    | LoadView
    | FetchParcels
    | FetchMore
    | TakeParcels
    | MarkPassed
    | Finished
)
