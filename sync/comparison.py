"""One comparison of one view and the exchange that follows from it; here from the side that dialled. Pure.

Asker                                     Answerer
HELLO count, root                     →
(RECORDS pushed ahead … last          →)
                                      ←   EQUAL; or CONTROL_FIRST; or SKETCH … last; or IDS … last; or, where what waits
                                          here is just what the asker lacks, RECORDS … last at once
MORE                                  →   (as often as it takes)
                                      ←   SKETCH … last
RECORDS … last, WANT … last           →   (each Records frame with records in it is answered by TAKEN)
                                      ←   TAKEN …, RECORDS … last with the root
TAKEN …                               →

Equal roots are the proof, whatever came before. Every comparison speaks of snapshots of its own, so records written
meanwhile simply belong to the next one. What was tried once in a turn is not tried again: a record that the other side
sets aside in quarantine, or that may no longer go, must not be moved in circles. Where such records are all that is
left, the view is settled as far as it can be.
"""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from sync.effects import LoadIds, LoadStanding, LoadView, LoadWaiting, Reckon, Send
from sync.envelope import PREFIX_BYTES
from sync.errors import ProtocolBroken
from sync.frames import DATA, ControlFirst, Equal, Hello, Ids, Records, Sketch, Want
from sync.handing import Handing, Taking
from sync.limits import IDS_PER_VIEW_MAX
from sync.ports import Snapshot, Standing, Waiting
from sync.reconcile import (
    NONE,
    SALT_BYTES,
    Difference,
    Listing,
    Naming,
    as_bytes,
    parts_of,
    prefix_of,
    salted_name,
)
from sync.sketch import Symbols
from sync.sketching import SketchAsker, drawn
from sync.steps import Steps
from sync.table import PUSHED_AHEAD_MOST, Table

WANTS_PER_PART = 8_192
"""Names in a Want we send: 64 KiB."""


class Next(Enum):
    """What follows from a comparison."""

    SETTLED = "settled"
    AGAIN = "again"
    STUCK = "stuck"
    """A difference is left that could not be moved."""
    CONTROL_FIRST = "control first"


@dataclass(slots=True, eq=False)
class Dealings:
    """What the asker remembers of one view from comparison to comparison."""

    rounds: int = 0
    root: bytes = b""
    """Ours at the end of the last comparison."""
    equal: bool = False
    """Theirs was the same when the views were compared last."""
    both_know: bool = False
    """The other side knows that as well."""
    naming: Naming = Naming.PREFIX
    offered: Symbols = field(default_factory=lambda: NONE)
    """Sent in this turn, or meant to be."""
    asked: Symbols = field(default_factory=lambda: NONE)
    """Asked for in this turn."""
    accounted: Symbols = field(default_factory=lambda: NONE)
    """Of both, those that may stay a difference: set aside or turned away by either side, or withheld."""
    refused: Symbols = field(default_factory=lambda: NONE)
    """Sent in an earlier turn and not held there: not to be sent again with every hello."""

    def note_refused(self, prefixes: Symbols) -> None:
        """These were withheld, or are not held by the other side."""
        self.accounted = np.union1d(self.accounted, prefixes)
        self.refused = np.union1d(self.refused, prefixes)

    def look_closer(self) -> None:
        """Name ids in the next way; what was tried under other names may be tried again."""
        self.naming = Naming(self.naming + 1)
        self.offered = self.asked = self.accounted = NONE

    def new_turn(self) -> None:
        """Everything may be tried again."""
        self.rounds = 0
        self.naming = Naming.PREFIX
        self.offered = self.asked = self.accounted = NONE


class Asker:
    """One comparison, from the side that dialled."""

    def __init__(self, view: int, dealings: Dealings, table: Table) -> None:
        self._view = view
        self._dealings = dealings
        self._table = table
        self._line = table.line
        self._salt = table.entropy(SALT_BYTES) if dealings.naming is Naming.SALTED else b""
        self._count = 0

    def compare(self, *, control_root: bytes = b"", push_ahead: bool = False) -> Steps[Next]:
        """One comparison and what follows from it.

        Args:
            control_root: of our control view, where the data view is compared.
            push_ahead: send what is known to be new to the other side along with the hello.
        """
        self._dealings.rounds += 1
        snapshot: Snapshot = yield LoadView(self._view)
        self._count = snapshot.count
        self._dealings.root = snapshot.root
        self._dealings.equal = self._dealings.both_know = False
        handing = Handing(self._view, self._line, self._table.counts)
        yield from self._say_hello(snapshot, control_root, handing, push_ahead=push_ahead)
        match (yield from self._line.hear()):
            case Equal(view) if view == self._view:
                self._dealings.both_know = True
                return (yield from self._agreed(snapshot.root))
            case ControlFirst() if self._view == DATA:
                return Next.CONTROL_FIRST
            case Records() as records:
                self._line.put_back(records)
                return (yield from self._take_ahead())
            case Sketch() as sketch if sketch.view == self._view and self._dealings.naming is not Naming.WHOLE:
                drawing = yield from drawn(self._view, snapshot, self._salt, self._table.scans)
                difference = yield from SketchAsker(drawing, self._line).difference(sketch)
                return (yield from self._follow(difference))
            case Ids() as ids if ids.view == self._view and self._dealings.naming is Naming.WHOLE:
                return (yield from self._follow((yield from self._hear_ids(ids))))
            case other:
                raise ProtocolBroken(expected="EQUAL, SKETCH or RECORDS", got=type(other).__name__)

    def _say_hello(self, snapshot: Snapshot, control_root: bytes, handing: Handing, *, push_ahead: bool) -> Steps[None]:
        ahead = NONE
        if push_ahead:
            waiting: Waiting | None = yield LoadWaiting(self._view, PUSHED_AHEAD_MOST)
            tried = np.union1d(self._dealings.offered, self._dealings.refused)
            ahead = NONE if waiting is None else np.setdiff1d(waiting.prefixes, tried)
        whole = self._dealings.naming is Naming.WHOLE
        yield Send(Hello(self._view, snapshot.count, snapshot.root, control_root, self._salt, whole, len(ahead)))
        if len(ahead):
            yield from handing.send(ahead)
            yield from handing.await_all()
            self._dealings.offered = np.union1d(self._dealings.offered, ahead)
            self._dealings.note_refused(handing.unkept())

    def _take_ahead(self) -> Steps[Next]:
        """The other side knows what we lack, and has sent it."""
        taking = Taking(self._view, self._line, self._table.counts)
        yield from taking.take(IDS_PER_VIEW_MAX)
        self._dealings.asked = np.union1d(self._dealings.asked, taking.seen())
        self._dealings.accounted = np.union1d(self._dealings.accounted, taking.unkept())
        return (yield from self._proved(taking)) or Next.AGAIN

    def _follow(self, difference: Difference | None) -> Steps[Next]:
        """Exchange what differs, and see what that has come to."""
        dealings = self._dealings
        if difference is None:
            return self._look_closer()
        # What was written since hello said how many there are belongs to the next comparison.
        tried = np.union1d(dealings.offered, dealings.refused)
        push = np.setdiff1d(difference.here, tried)[: self._count]
        want = np.setdiff1d(difference.there, dealings.asked)
        taking = yield from self._exchange(push, want)
        proved = yield from self._proved(taking)
        if proved is not None:
            return proved
        if len(push) or len(want):
            return Next.AGAIN
        left = np.union1d(difference.here, difference.there)
        if len(left) or dealings.naming is Naming.WHOLE:
            accounted = np.union1d(dealings.accounted, dealings.refused)
            return Next.SETTLED if np.isin(left, accounted).all() else Next.STUCK
        return self._look_closer()  # the roots differ and the names do not

    def _look_closer(self) -> Next:
        self._dealings.look_closer()
        self._table.counts.looked_closer += 1
        return Next.AGAIN

    def _proved(self, taking: Taking) -> Steps[Next | None]:
        """Settled where our root is now what theirs is said to be."""
        now: Standing = yield LoadStanding(self._view)
        self._dealings.root = now.root
        return (yield from self._agreed(now.root)) if taking.root == now.root else None

    def _agreed(self, root: bytes) -> Steps[Next]:
        self._dealings.equal = True
        yield from self._table.mark_agreed(self._view, root)
        return Next.SETTLED

    def _hear_ids(self, first: Ids) -> Steps[Difference]:
        self._table.scans.take()
        listing = Listing((yield LoadIds(self._view)))
        frame = first
        listing.hear(frame.whole, last=frame.last)
        while not frame.last:
            frame = yield from self._line.expect(Ids, self._view)
            listing.hear(frame.whole, last=frame.last)
        difference: Difference = yield Reckon(listing.difference)
        return difference

    def _exchange(self, push: Symbols, want: Symbols) -> Steps[Taking]:
        dealings, counts = self._dealings, self._table.counts
        counts.to_come += len(want)
        handing = Handing(self._view, self._line, counts)
        yield from handing.send(push)
        for part, last in parts_of(as_bytes(want), WANTS_PER_PART * PREFIX_BYTES):
            yield Send(Want(self._view, part, last))
        yield from handing.await_all()
        taking = Taking(self._view, self._line, counts)
        yield from taking.take(len(want), only=want, name_of=self._name_of)
        dealings.offered = np.union1d(dealings.offered, push)
        dealings.asked = np.union1d(dealings.asked, want)
        withheld_there = np.setdiff1d(want, taking.seen())
        dealings.note_refused(handing.unkept())
        for one in (taking.unkept(), withheld_there):
            dealings.accounted = np.union1d(dealings.accounted, one)
        return taking

    def _name_of(self, record_id: bytes) -> int:
        return salted_name(self._salt, record_id) if self._salt else prefix_of(record_id)
