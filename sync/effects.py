"""What a session asks of whoever drives it: one effect at a time, each with the result it wants back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from sync.envelope import Parcel
from sync.frames import Frame
from sync.reasons import Reason
from sync.sketch import Symbols


@dataclass(frozen=True, slots=True)
class Send:
    """Send a frame; wants nothing back."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Receive:
    """Wants the peer's next frame back, or None where its side has ended."""


class Woken(Enum):
    """Why a rest ended without a frame."""

    NEWS = "news"
    """Something was written here."""
    TIME = "time"
    """The rest is over."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Everything is settled for now. Wants a frame back, None where the peer's side has ended, or `Woken`."""

    seconds: float | None
    """How long at most; None: until something comes."""
    outcome: "Outcome"
    """How things stand now."""


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
class LoadStanding:
    """Wants the `Standing` of the view back: its number and root."""

    view: int


@dataclass(frozen=True, slots=True)
class LoadView:
    """Wants a `Snapshot` of the view back: number, root, and the symbols that are kept."""

    view: int


@dataclass(frozen=True, slots=True)
class LoadSymbols:
    """Wants the prefixes of all ids of the view back, from one scan."""

    view: int


@dataclass(frozen=True, slots=True)
class LoadIds:
    """Wants all ids of the view back, ascending, one after another, from one scan."""

    view: int


@dataclass(frozen=True, slots=True)
class LoadWaiting:
    """Wants a `Waiting` back: what waits for the peer; None where that is more than `most`."""

    view: int
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """Wants to know which of these prefixes are the view's: an array of truth values."""

    view: int
    symbols: Symbols


@dataclass(frozen=True, slots=True)
class MarkAgreed:
    """Both sides' views were found to have this root; wants to know whether ours still has it."""

    view: int
    root: bytes


@dataclass(frozen=True, slots=True)
class AskAuditDue:
    """Wants to know whether all ids are to be compared with this peer once more."""


@dataclass(frozen=True, slots=True)
class NoteAudited:
    """All ids of the view were compared, and were the same or not; wants nothing back."""

    view: int
    equal: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reckon:
    """Wants the result of this act back: pure, and long enough at a million records that nothing should wait for it."""

    act: Callable[[], object]


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
    to_send: int = 0
    """How many records this side was found to owe since the conversation began, those sent among them: for a progress
    bar."""
    to_come: int = 0
    """How many the other side was found to owe since it began, those received among them."""
    looked_closer: int = 0
    """How often a sketch contradicted itself or told too little, so that ids were named in another way."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a conversation ended."""

    reason: str
    """"DONE", or why not: one of `Reason`, or our own error's reason."""
    said_by_peer: bool
    """Whether it was the peer who gave the reason."""
    counts: Counts
    bytes_per_second: int | None = None
    """What the line was seen to carry."""

    @property
    def done(self) -> bool:
        """Whether both views were compared to the end."""
        return self.reason == Reason.DONE


@dataclass(frozen=True, slots=True)
class Finished:
    """The last effect: nothing is wanted any more."""

    outcome: Outcome


OfNode = (
    ReadRoster
    | TakeRoster
    | CheckGreeting
    | LoadStanding
    | LoadView
    | LoadSymbols
    | LoadIds
    | LoadWaiting
    | Among
    | FetchParcels
    | FetchMore
    | TakeParcels
    | MarkPassed
    | MarkAgreed
    | AskAuditDue
    | NoteAudited
    | Reckon
)
"""What the node's ports answer."""

Effect = Send | Receive | Rest | OfNode | Finished
