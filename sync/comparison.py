"""One comparison of one view and the exchange that follows from it, from either side. Pure.

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

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from sync.effects import Among, LoadIds, LoadStanding, LoadSymbols, LoadView, LoadWaiting, MarkAgreed, Reckon, Send
from sync.envelope import ID_BYTES, PREFIX_BYTES
from sync.errors import LimitPassed, ProtocolBroken
from sync.frames import CONTROL, DATA, ControlFirst, Equal, Hello, Ids, More, Records, Sketch, Want
from sync.handing import Handing, Taking
from sync.limits import IDS_PER_VIEW_MAX, PARCELS_PER_FRAME_MAX
from sync.ports import Snapshot, Standing, Waiting
from sync.reconcile import (
    IDS_PER_PART,
    NONE,
    SALT_BYTES,
    Difference,
    Listing,
    Naming,
    as_bytes,
    as_symbols,
    checked_part,
    parts_of,
    prefix_of,
    salted_name,
)
from sync.roots import ROOT_BYTES
from sync.sketch import KEPT_CELLS, Symbols
from sync.sketching import SketchAnswerer, SketchAsker, drawn
from sync.steps import Line, Scans, Steps, TalliedCounts

WANTS_PER_PART = 8_192
"""Names in a Want we send: 64 KiB."""

PUSHED_AHEAD_MOST = PARCELS_PER_FRAME_MAX
"""Records sent along with a hello: above that the few bytes of a sketch are worth asking first."""


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


class Answerer:
    """One comparison, from the side that was called."""

    def __init__(self, hello: Hello, table: Table) -> None:
        self._hello = hello
        self._view = hello.view
        self._table = table
        self._line = table.line

    def answer(self, control: ControlRoots) -> Steps[bytes]:
        """Answer the hello, take what comes, hand over what is wanted. Returns our root as the other side knows it, or
        nothing where it does not."""
        hello = self._hello
        self._check()
        if hello.pushing:
            yield from self._taking().take(hello.pushing)
        if self._view == DATA:
            standing: Standing = yield LoadStanding(CONTROL)
            if not control.settled(standing.root, hello.control_root):
                yield Send(ControlFirst())
                return b""
        if hello.salt or hello.whole_ids:
            self._table.counts.looked_closer += 1
        snapshot: Snapshot = yield LoadView(self._view)
        if (hello.count, hello.root) == (snapshot.count, snapshot.root) and not hello.whole_ids:
            yield Send(Equal(self._view))
            yield from self._table.mark_agreed(self._view, snapshot.root)
            return snapshot.root
        ahead = yield from self._ahead(snapshot)
        if ahead is not None:
            return (yield from self._hand(ahead))
        return (yield from self._by_names(snapshot))

    def _check(self) -> None:
        hello = self._hello
        if hello.count > IDS_PER_VIEW_MAX:
            raise LimitPassed(limit="IDS_PER_VIEW_MAX", got=hello.count)
        if hello.pushing > PUSHED_AHEAD_MOST:
            raise LimitPassed(limit="PARCELS_PER_FRAME_MAX", got=hello.pushing)
        if len(hello.root) != ROOT_BYTES or len(hello.control_root) != (ROOT_BYTES if self._view == DATA else 0):
            raise ProtocolBroken(rule="root of 16 bytes", got=len(hello.root))
        if len(hello.salt) not in {0, SALT_BYTES} or (hello.salt and hello.whole_ids):
            raise ProtocolBroken(rule="salt", got=len(hello.salt))

    def _ahead(self, snapshot: Snapshot) -> Steps[Symbols | None]:
        """What the asker lacks, where that is known without its saying so: everything, or just what waits for it."""
        hello = self._hello
        if hello.salt or hello.whole_ids or self._view in self._table.sent_ahead:
            return None
        if not hello.count:
            self._table.scans.take()
            self._table.sent_ahead.add(self._view)
            return np.unique((yield LoadSymbols(self._view)))
        more = snapshot.count - hello.count
        if more <= 0:
            return None
        if more > KEPT_CELLS:
            self._table.scans.take()
        waiting: Waiting | None = yield LoadWaiting(self._view, more)
        if waiting is None or len(waiting.prefixes) != more or waiting.root != hello.root:
            return None
        self._table.sent_ahead.add(self._view)
        return waiting.prefixes

    def _by_names(self, snapshot: Snapshot) -> Steps[bytes]:
        """Let the asker find the difference; then take its records, and hand over what it wants."""
        salted = answerer = None
        if self._hello.whole_ids:
            yield from self._list_ids()
        else:
            drawing = yield from drawn(self._view, snapshot, self._hello.salt, self._table.scans)
            salted = drawing.salted
            answerer = SketchAnswerer(drawing, self._table.snapshots)
            yield from answerer.begin(self._hello.count)
        while True:
            frame = yield from self._line.hear()
            if isinstance(frame, More) and answerer is not None:
                yield from answerer.more(frame)
                continue
            self._line.put_back(frame)
            if isinstance(frame, Hello):
                return b""  # the asker could not decode, and asks in another way
            break
        yield from self._taking().take(self._hello.count)
        wanted = yield from self._wanted(answerer.count if answerer else snapshot.count)
        if salted is None:
            return (yield from self._hand(wanted[(yield Among(self._view, wanted))]))
        names, salt = set(wanted.tolist()), self._hello.salt
        # One that begins like a wanted one is none that was asked for.
        return (yield from self._hand(salted.prefixes_of(wanted), lambda id_: salted_name(salt, id_) in names))

    def _list_ids(self) -> Steps[None]:
        self._table.scans.take()
        whole: bytes = yield LoadIds(self._view)
        for part, last in parts_of(whole, IDS_PER_PART * ID_BYTES):
            yield Send(Ids(self._view, part, last))

    def _wanted(self, count_max: int) -> Steps[Symbols]:
        """The names the asker wants: ours, or what it has given up since it said hello. Whatever is not of the view is
        not answered, so that nobody can try out ids."""
        count_max += self._hello.count
        parts: list[bytes] = []
        count = 0
        last = False
        while not last:
            frame = yield from self._line.expect(Want, self._view)
            count += checked_part(frame.prefixes, PREFIX_BYTES, last=frame.last)
            if count > count_max:
                raise ProtocolBroken(rule="wants what there is", got=count)
            parts.append(frame.prefixes)
            last = frame.last
        return np.unique(as_symbols(b"".join(parts)))

    def _hand(self, prefixes: Symbols, only: Callable[[bytes], bool] | None = None) -> Steps[bytes]:
        handing = Handing(self._view, self._line, self._table.counts)
        yield from handing.send(prefixes, with_root=True, only=only)
        yield from handing.await_all()
        return handing.root

    def _taking(self) -> Taking:
        return Taking(self._view, self._line, self._table.counts)
