"""What the parts of a conversation share: the line, the counts, and what was said of the views so far. Pure."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sync.effects import MarkAgreed
from sync.limits import PARCELS_PER_FRAME_MAX
from sync.steps import Line, Scans, Steps, TalliedCounts

PUSHED_AHEAD_MOST = PARCELS_PER_FRAME_MAX
"""Records sent along with a hello: above that the few bytes of a sketch are worth asking first."""


@dataclass(slots=True, eq=False)
class Table:
    """What both sides of a comparison share with the conversation it is part of."""

    line: Line
    counts: TalliedCounts
    scans: Scans
    entropy: Callable[[int], bytes]
    sent_ahead: set[int] = field(default_factory=set)
    """Views of which everything that waited was sent unasked in this turn: what is still owed is found by names."""
    snapshots: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    """Their numbers, so that no symbols of two are ever mixed."""
    agreed: dict[int, bytes] = field(default_factory=dict)
    """Of each view, the root at which everything was marked passed last: a check that finds nothing writes nothing."""

    def mark_agreed(self, view: int, root: bytes) -> Steps[None]:
        """Both sides are known to have this root."""
        if self.agreed.get(view) != root and (yield MarkAgreed(view, root)):
            self.agreed[view] = root


@dataclass(slots=True)
class ControlRoots:
    """What the side that was called remembers of the control views: while they differ as they did, data may be spoken
    of; where either has changed, they come first."""

    compared: bool = False
    """They were compared since data was spoken of last."""
    ours: bytes = b""
    """As the other side knows it: what was written since brings control back at the next hello for data, not at this,
    so that data does not starve behind a control view that never rests."""
    theirs: bytes = b""

    def have_been_compared(self, ours: bytes) -> None:
        """The other side was told that ours is this."""
        self.compared, self.ours = True, ours

    def settled(self, ours: bytes, theirs: bytes) -> bool:
        """Whether data may be spoken of, the control roots being these."""
        if ours == theirs:
            self.compared, self.ours, self.theirs = False, ours, theirs
        elif self.compared:
            self.compared, self.theirs = False, theirs
            return True
        return (ours, theirs) == (self.ours, self.theirs)
