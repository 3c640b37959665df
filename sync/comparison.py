"""One comparison of one view and the exchange that follows from it, from either side. Pure.

Asker                               Answerer
HELLO count, root               →
                                ←   EQUAL, and that was all; or IDS … last
RECORDS … last, WANT … last     →   (each Records frame with records in it is answered by TAKEN, once they are durable)
                                ←   TAKEN …, RECORDS … last
TAKEN …                         →

Every comparison speaks of snapshots of its own, so records written meanwhile simply belong to the next one. What was
tried once in a conversation is not tried again: a record that the other side sets aside in quarantine, or that may no
longer go, must not be moved in circles. Where such records are all that is left, the view is settled as far as it can
be.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from sync.effects import Batch, FetchMore, FetchParcels, LoadView, MarkPassed, Send, TakeParcels
from sync.envelope import ID_BYTES, PREFIX_BYTES, Parcel
from sync.errors import LimitPassed, ProtocolBroken
from sync.frames import Equal, Hello, Ids, Records, Taken, Want
from sync.limits import BODY_BYTES_MAX, IDS_PER_VIEW_MAX, PARCELS_PER_FRAME_MAX
from sync.ports import Tally
from sync.reconcile import (
    IDS_PER_PART,
    NONE,
    Answering,
    Asking,
    Difference,
    Prefixes,
    Snapshot,
    as_bytes,
    as_prefixes,
    checked_part,
    prefix_of,
)
from sync.roots import ROOT_BYTES
from sync.steps import Line, Steps, TalliedCounts

FRAMES_UNDER_WAY_MAX = 4
"""Records frames sent and not yet acknowledged: keeps a slow line full, and bounds what a cut sends twice."""


@dataclass(slots=True, eq=False)
class Dealings:
    """What the asker remembers of one view from comparison to comparison."""

    rounds: int = 0
    settled: bool = False
    """The last comparison found the views equal, or no difference that is not accounted for."""
    root: bytes = b""
    """Ours at the last comparison."""
    whole_ids: bool = False
    offered: Prefixes = field(default_factory=lambda: NONE)
    """Sent in this conversation, or meant to be."""
    asked: Prefixes = field(default_factory=lambda: NONE)
    """Asked for in this conversation."""
    accounted: Prefixes = field(default_factory=lambda: NONE)
    """Of both, those that may stay a difference: set aside or turned away by either side, or withheld."""


class Asker:
    """One comparison, from the side that dialled."""

    def __init__(self, view: int, dealings: Dealings, line: Line, counts: TalliedCounts) -> None:
        self._view = view
        self._dealings = dealings
        self._line = line
        self._counts = counts

    def compare(self) -> Steps[bool]:
        """One comparison and what follows from it; whether another one is due."""
        dealings = self._dealings
        snapshot: Snapshot = yield LoadView(self._view)
        dealings.rounds += 1
        dealings.root = snapshot.root
        difference = yield from self._difference(snapshot)
        if difference.equal:
            dealings.settled = True
            return False
        push = np.setdiff1d(difference.here, dealings.offered, assume_unique=True)
        want = np.setdiff1d(difference.there, dealings.asked, assume_unique=True)
        yield from self._exchange(push, want, difference)
        if len(push) or len(want):
            dealings.settled = False
            return True
        left = np.union1d(difference.here, difference.there)
        dealings.settled = bool(len(left)) and bool(np.isin(left, dealings.accounted).all())
        return self._look_closer(left)

    def _look_closer(self, left: Prefixes) -> bool:
        """Where the roots differ and the prefixes do not: ids that begin alike; ask once for whole ids."""
        if len(left) or self._dealings.whole_ids:
            return False
        self._dealings.whole_ids = True
        self._dealings.offered = self._dealings.asked = NONE
        return True

    def _difference(self, snapshot: Snapshot) -> Steps[Difference]:
        asking = Asking(self._view, snapshot, whole_ids=self._dealings.whole_ids)
        yield Send(asking.hello())
        while True:
            frame = yield from self._line.hear()
            if not isinstance(frame, Equal | Ids) or frame.view != self._view:
                raise ProtocolBroken(expected="EQUAL or IDS")
            difference = asking.hear(frame)
            if difference is not None:
                return difference

    def _exchange(self, push: Prefixes, want: Prefixes, difference: Difference) -> Steps[None]:
        dealings = self._dealings
        handing = Handing(self._view, self._line, self._counts)
        yield from handing.send(push)
        for part in _parts(want):
            yield Send(Want(self._view, part[0], part[1]))
        yield from handing.await_all()
        taking = Taking(self._view, self._line, self._counts)
        yield from taking.take(difference.there_count if len(want) else 0, only=want)
        dealings.offered = np.union1d(dealings.offered, push)
        dealings.asked = np.union1d(dealings.asked, want)
        withheld_there = np.setdiff1d(want, taking.seen(), assume_unique=False)
        for one in (handing.unkept(), taking.unkept(), withheld_there):
            dealings.accounted = np.union1d(dealings.accounted, one)


class Answerer:
    """One comparison, from the side that was called."""

    def __init__(self, hello: Hello, line: Line, counts: TalliedCounts) -> None:
        self._hello = hello
        self._view = hello.view
        self._line = line
        self._counts = counts

    def answer(self) -> Steps[None]:
        """Answer the hello, take what comes, hand over what is wanted."""
        hello = self._hello
        if len(hello.root) != ROOT_BYTES or hello.id_bytes not in {PREFIX_BYTES, ID_BYTES}:
            raise ProtocolBroken(rule="hello")
        if hello.count > IDS_PER_VIEW_MAX:
            raise LimitPassed(limit="IDS_PER_VIEW_MAX", got=hello.count)
        snapshot: Snapshot = yield LoadView(self._view)
        for answer in Answering(self._view, snapshot).answers(hello):
            yield Send(answer)
            if isinstance(answer, Equal):
                return
        yield from Taking(self._view, self._line, self._counts).take(hello.count, only=None)
        wanted = yield from self._wanted(snapshot)
        handing = Handing(self._view, self._line, self._counts)
        yield from handing.send(wanted)
        yield from handing.await_all()

    def _wanted(self, snapshot: Snapshot) -> Steps[Prefixes]:
        """What the asker wants; nothing but what was listed to it, so that nobody can try out ids."""
        parts: list[bytes] = []
        count = 0
        last = False
        while not last:
            frame = yield from self._line.expect(Want, self._view)
            count += checked_part(frame.prefixes, PREFIX_BYTES, last=frame.last)
            if count > len(snapshot):
                raise ProtocolBroken(rule="wants what was listed", got=count)
            parts.append(frame.prefixes)
            last = frame.last
        wanted = np.unique(as_prefixes(b"".join(parts)))
        if not np.isin(wanted, snapshot.prefixes).all():
            raise ProtocolBroken(rule="wants what was listed")
        return wanted


class Handing:
    """Hands records over, most urgent first, and marks them passed as the other side acknowledges them."""

    def __init__(self, view: int, line: Line, counts: TalliedCounts) -> None:
        self._view = view
        self._line = line
        self._counts = counts
        self._under_way: deque[tuple[bytes, ...]] = deque()
        self._unkept: list[int] = []
        self._withheld: Prefixes = NONE

    def send(self, prefixes: Prefixes) -> Steps[None]:
        """Send what the outbox yields for these prefixes; ends with a frame that says it is the last."""
        sent: list[int] = []
        batch = Batch((), last=True)
        if len(prefixes):
            whole = as_bytes(prefixes)
            cut = [whole[start : start + PREFIX_BYTES] for start in range(0, len(whole), PREFIX_BYTES)]
            batch = yield FetchParcels(self._view, cut)
        while True:
            ids = tuple(parcel.record.id for parcel in batch.parcels)
            yield Send(Records(self._view, batch.parcels, batch.last))
            if ids:
                self._under_way.append(ids)
                self._counts.sent += len(ids)
                sent.extend(map(prefix_of, ids))
            while len(self._under_way) >= FRAMES_UNDER_WAY_MAX:
                yield from self._acknowledged()
            if batch.last:
                break
            batch = yield FetchMore()
        self._withheld = np.setdiff1d(prefixes, np.array(sent, dtype=np.uint64))
        self._counts.withheld += len(self._withheld)

    def await_all(self) -> Steps[None]:
        """Until every frame is acknowledged."""
        while self._under_way:
            yield from self._acknowledged()

    def unkept(self) -> Prefixes:
        """Prefixes of what the outbox withheld, and of frames of which the other side did not hold every record."""
        return np.union1d(self._withheld, np.array(self._unkept, dtype=np.uint64))

    def _acknowledged(self) -> Steps[None]:
        taken = yield from self._line.expect(Taken, self._view)
        ids = self._under_way.popleft()
        kept = taken.held + taken.quarantined
        if kept > len(ids):
            raise ProtocolBroken(rule="taken what was sent", sent=len(ids), got=kept)
        self._counts.quarantined_there += taken.quarantined
        if taken.held < len(ids):
            self._unkept.extend(map(prefix_of, ids))
        if kept:
            # Which of them were turned away is not said; one marked too many only hears of one erasure too many.
            yield MarkPassed(self._view, ids)


class Taking:
    """Takes the other side's records and acknowledges them, once they are durable."""

    def __init__(self, view: int, line: Line, counts: TalliedCounts) -> None:
        self._view = view
        self._line = line
        self._counts = counts
        self._seen: list[int] = []
        self._unkept: list[int] = []

    def take(self, count_max: int, *, only: Prefixes | None) -> Steps[None]:
        """Take until the last frame: at most `count_max` records, and where `only` is given, only those.

        Raises:
            ProtocolBroken: more records than the other side has, or others than those asked for.
            LimitPassed: a frame or a record is too large.
        """
        asked = None if only is None else set(only.tolist())
        last = False
        while not last:
            frame = yield from self._line.expect(Records, self._view)
            last = frame.last
            if not frame.parcels:
                if not last:
                    raise ProtocolBroken(rule="empty records")
                return
            prefixes = _checked(frame.parcels)
            self._seen.extend(prefixes)
            if len(self._seen) > count_max:
                raise ProtocolBroken(rule="more records than announced", announced=count_max, got=len(self._seen))
            if asked is not None and not asked.issuperset(prefixes):
                raise ProtocolBroken(rule="records nobody asked for")
            yield from self._keep(frame.parcels, prefixes)

    def seen(self) -> Prefixes:
        """Prefixes of everything that came."""
        return np.unique(np.array(self._seen, dtype=np.uint64))

    def unkept(self) -> Prefixes:
        """Prefixes of frames of which not every record is held now."""
        return np.array(self._unkept, dtype=np.uint64)

    def _keep(self, parcels: tuple[Parcel, ...], prefixes: list[int]) -> Steps[None]:
        tally: Tally = yield TakeParcels(self._view, parcels)
        self._counts.received += len(parcels)
        self._counts.new += tally.new
        self._counts.quarantined_here += tally.quarantined
        if tally.held < len(parcels):
            self._unkept.extend(prefixes)
        yield Send(Taken(self._view, tally.held, tally.quarantined))


def _checked(parcels: tuple[Parcel, ...]) -> list[int]:
    if len(parcels) > PARCELS_PER_FRAME_MAX:
        raise LimitPassed(limit="PARCELS_PER_FRAME_MAX", got=len(parcels))
    largest = max(len(parcel.record.body) for parcel in parcels)
    if largest > BODY_BYTES_MAX:
        raise LimitPassed(limit="BODY_BYTES_MAX", got=largest)
    return [prefix_of(parcel.record.id) for parcel in parcels]


def _parts(prefixes: Prefixes) -> list[tuple[bytes, bool]]:
    """Prefixes cut into parts, each with whether it is the last; one empty part where there are none."""
    whole = as_bytes(prefixes)
    step = IDS_PER_PART * PREFIX_BYTES
    starts = range(0, max(len(whole), 1), step)
    return [(whole[start : start + step], start + step >= len(whole)) for start in starts]
