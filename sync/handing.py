"""Moves records from one side to the other within a comparison, and counts what became of them. Pure.

Every Records frame with records in it is answered by Taken once they are durable; what was not taken is remembered, so
that it is not moved in circles.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from sync.effects import Batch, FetchMore, FetchParcels, LoadStanding, MarkPassed, Send, TakeParcels
from sync.envelope import PREFIX_BYTES, Parcel
from sync.errors import LimitPassed, ProtocolBroken
from sync.frames import Records, Taken
from sync.limits import BODY_BYTES_MAX, PARCELS_PER_FRAME_MAX
from sync.ports import Standing, Tally
from sync.reconcile import NONE, as_bytes, prefix_of
from sync.sketch import Symbols
from sync.steps import Line, Steps, TalliedCounts

FRAMES_UNDER_WAY_MAX = 4
"""Records frames sent and not yet acknowledged: keeps a slow line full, and bounds what a cut sends twice."""


class Handing:
    """Hands records over, most urgent first, and marks them passed as the other side acknowledges them."""

    def __init__(self, view: int, line: Line, counts: TalliedCounts) -> None:
        self._view = view
        self._line = line
        self._counts = counts
        self._under_way: deque[tuple[bytes, ...]] = deque()
        self._unkept: list[int] = []
        self._withheld: Symbols = NONE
        self.root = b""
        """What the last frame said of our view."""

    def send(
        self, prefixes: Symbols, *, with_root: bool = False, only: Callable[[bytes], bool] | None = None
    ) -> Steps[None]:
        """Send what the outbox yields for these prefixes; ends with a frame that says it is the last.

        Args:
            prefixes: of the records.
            with_root: let the last frame say what our view has come to.
            only: of records that begin alike, those whose ids this is true of.
        """
        sent: list[int] = []
        batch = Batch((), last=True)
        self._counts.to_send += len(prefixes)
        if len(prefixes):
            whole = as_bytes(prefixes)
            cut = [whole[start : start + PREFIX_BYTES] for start in range(0, len(whole), PREFIX_BYTES)]
            batch = yield FetchParcels(self._view, cut)
        while True:
            parcels = tuple(one for one in batch.parcels if only is None or only(one.record.id))
            ids = tuple(parcel.record.id for parcel in parcels)
            if not (parcels or batch.last):
                batch = yield FetchMore()
                continue
            if batch.last and with_root:
                standing: Standing = yield LoadStanding(self._view)
                self.root = standing.root
            yield Send(Records(self._view, parcels, batch.last, self.root))
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

    def unkept(self) -> Symbols:
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
        self.root = b""
        """What the last frame said of the sender's view."""

    def take(
        self, count_max: int, *, only: Symbols | None = None, name_of: Callable[[bytes], int] = prefix_of
    ) -> Steps[None]:
        """Take until the last frame: records with at most `count_max` names, and where `only` is given, only those.

        A name may stand for several records, but only a liar has many.

        Raises:
            ProtocolBroken: more records than the other side has, or others than those asked for.
            LimitPassed: a frame or a record is too large.
        """
        asked = None if only is None else set(only.tolist())
        last = False
        while not last:
            frame = yield from self._line.expect(Records, self._view)
            last, self.root = frame.last, frame.root
            if not frame.parcels:
                if not last:
                    raise ProtocolBroken(rule="empty records")
                return
            names = _checked(frame.parcels, name_of)
            self._seen.extend(names)
            if len(self._seen) > count_max + PARCELS_PER_FRAME_MAX:
                raise ProtocolBroken(rule="more records than announced", announced=count_max, got=len(self._seen))
            if asked is not None and not asked.issuperset(names):
                raise ProtocolBroken(rule="records nobody asked for")
            yield from self._keep(frame.parcels, names)

    def seen(self) -> Symbols:
        """Names of everything that came."""
        return np.unique(np.array(self._seen, dtype=np.uint64))

    def unkept(self) -> Symbols:
        """Names of frames of which not every record is held now."""
        return np.array(self._unkept, dtype=np.uint64)

    def _keep(self, parcels: tuple[Parcel, ...], names: list[int]) -> Steps[None]:
        tally: Tally = yield TakeParcels(self._view, parcels)
        self._counts.received += len(parcels)
        self._counts.to_come = max(self._counts.to_come, self._counts.received)
        self._counts.new += tally.new
        self._counts.quarantined_here += tally.quarantined
        if tally.held < len(parcels):
            self._unkept.extend(names)
        yield Send(Taken(self._view, tally.held, tally.quarantined))


def _checked(parcels: tuple[Parcel, ...], name_of: Callable[[bytes], int]) -> list[int]:
    if len(parcels) > PARCELS_PER_FRAME_MAX:
        raise LimitPassed(limit="PARCELS_PER_FRAME_MAX", got=len(parcels))
    largest = max(len(parcel.record.body) for parcel in parcels)
    if largest > BODY_BYTES_MAX:
        raise LimitPassed(limit="BODY_BYTES_MAX", got=largest)
    return [name_of(parcel.record.id) for parcel in parcels]
