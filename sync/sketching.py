"""Finds the difference of two views by a sketch, from either side. Pure.

Who asks subtracts what it was sent from its own symbols and decodes; while that does not work out it asks for more.
Who answers keeps to one snapshot: where its view has changed since the first symbols were sent and further ones must be
made from a scan, it begins anew with a new number, and the asker does too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from sync.decoding import decode
from sync.effects import Among, LoadIds, LoadSymbols, Reckon, Send
from sync.errors import LimitPassed, ProtocolBroken, Undecodable
from sync.estimate import ask_for, counts_beside, enough_for, estimate
from sync.frames import More, Sketch
from sync.limits import IDS_PER_VIEW_MAX, MORES_PER_SKETCH_MAX, SYMBOLS_PER_FRAME_MAX, SYMBOLS_PER_SKETCH_MAX
from sync.ports import Snapshot
from sync.reconcile import NONE, Difference, Salted
from sync.sketch import CELL_BYTES, COUNT_BYTES, COUNTED_CELLS, Cells, Symbols, encode
from sync.steps import Line, Scans, Steps

SYMBOLS_PER_PART = 4_096
"""Symbols in a frame we send: 48 KiB, so that on the slowest link a part arrives long before SILENCE_S_MAX."""

FIRST_LEAST = 32
FIRST_MOST = 262_144
"""Symbols sent before anybody has asked for more: 3 MB, where the sizes alone say that so much differs."""


@dataclass(slots=True, eq=False)
class Drawn:
    """One view as it is drawn into symbols: the kept ones, and further ones from a scan when they are needed."""

    view: int
    snapshot: Snapshot
    scans: Scans
    salted: Salted | None = None
    scanned: Symbols | None = None

    @property
    def key(self) -> int:
        """What the checksums are keyed with."""
        return 0 if self.salted is None else self.salted.key

    @property
    def kept(self) -> int:
        """How many symbols cost no scan."""
        return 0 if self.salted is not None else len(self.snapshot.cells)

    def cells(self, start: int, stop: int) -> Steps[Cells]:
        """The symbols from `start` to before `stop`.

        Raises:
            LimitPassed: the other side has made us go through the view too often.
        """
        if stop <= self.kept:
            return self.snapshot.cells.cut(start, stop)
        self.scans.take()
        if self.salted is None and self.scanned is None:
            self.scanned = yield LoadSymbols(self.view)
        symbols = self.scanned if self.salted is None else self.salted.names
        assert symbols is not None  # noqa: S101 -- scanned just now
        cells: Cells = yield Reckon(partial(encode, symbols, stop, start=start, key=self.key))
        return cells


def first_ask(count: int, other: int) -> int:
    """How many symbols are sent before more are asked for: by how much the numbers differ, at least that many do."""
    return min(FIRST_MOST, max(FIRST_LEAST, enough_for(abs(count - other))))


class SketchAsker:
    """The side that decodes."""

    def __init__(self, drawn: Drawn, line: Line) -> None:
        self._drawn = drawn
        self._view = drawn.view
        self._line = line
        self._snapshot = 0
        self._count = 0
        self._symbols = bytearray()
        self._counts = b""

    def difference(self, first: Sketch) -> Steps[Difference | None]:
        """The difference, given the first frame of the answer; None: it can't be found this way.

        Raises:
            ProtocolBroken: the symbols are not what was asked for.
            LimitPassed: they are too many.
        """
        yield from self._hear(first, start=0, stop=FIRST_MOST)
        if not self._count:
            return Difference(here=(yield from self._everything()), there=NONE)
        for _ in range(MORES_PER_SKETCH_MAX):
            theirs = self._received()
            ours = yield from self._drawn.cells(0, len(theirs))
            try:
                names = yield Reckon(partial(decode, ours.minus(theirs), self._drawn.key))
            except Undecodable:
                return None
            if names is not None:
                return (yield from self._told_apart(names))
            ours_count = self._drawn.snapshot.count
            apart = ours_count - self._count
            stop = ask_for(estimate(ours, theirs, apart), apart, len(theirs))
            needless = len(theirs) > 2 * (ours_count + self._count) + FIRST_LEAST
            if needless or not len(theirs) < stop <= SYMBOLS_PER_SKETCH_MAX:
                return None  # more symbols than could be needed, or than there are
            yield from self._ask(stop)
        return None

    def _ask(self, stop: int) -> Steps[None]:
        start = len(self._symbols) // CELL_BYTES
        yield Send(More(self._view, self._snapshot, start, stop))
        frame = yield from self._line.expect(Sketch, self._view)
        if frame.snapshot != self._snapshot:
            self._symbols.clear()
            start = 0
        yield from self._hear(frame, start=start, stop=stop)

    def _hear(self, frame: Sketch, *, start: int, stop: int) -> Steps[None]:
        """Take the parts of one answer."""
        self._snapshot, self._count = frame.snapshot, frame.count
        if frame.count > IDS_PER_VIEW_MAX:
            raise LimitPassed(limit="IDS_PER_VIEW_MAX", got=frame.count)
        if not frame.count:
            return
        while True:
            symbols = _checked(frame)
            if frame.start != start or (frame.snapshot, frame.count) != (self._snapshot, self._count):
                raise ProtocolBroken(rule="symbols in order", expected=start, got=frame.start)
            start += symbols
            if start > stop:
                raise ProtocolBroken(rule="symbols that were asked for", expected=stop, got=start)
            self._counts = self._counts if frame.start else frame.counts
            self._symbols += frame.symbols
            if frame.last:
                return
            frame = yield from self._line.expect(Sketch, self._view)

    def _received(self) -> Cells:
        return Cells.from_bytes(bytes(self._symbols), self._counts)

    def _everything(self) -> Steps[Symbols]:
        if self._drawn.salted is not None:
            return np.unique(self._drawn.salted.prefixes)
        self._drawn.scans.take()
        return np.unique((yield LoadSymbols(self._view)))

    def _told_apart(self, names: Symbols) -> Steps[Difference]:
        """Which of these names are ours to give, and which are theirs."""
        salted = self._drawn.salted
        ours = (yield Among(self._view, names)) if salted is None else salted.among(names)
        here = names[ours] if salted is None else salted.prefixes_of(names[ours])
        return Difference(here=np.sort(here), there=np.sort(names[~ours]))


class SketchAnswerer:
    """The side that sends symbols. `numbers` are those of the snapshots, no two alike in one conversation."""

    def __init__(self, drawn: Drawn, numbers: Iterator[int]) -> None:
        self._drawn = drawn
        self._view = drawn.view
        self._numbers = numbers
        self._snapshot = next(numbers)
        self._sent = 0
        self._asked = 0

    def begin(self, other_count: int) -> Steps[None]:
        """Send the first symbols to a side that has so many records."""
        if not self._drawn.snapshot.count:
            yield Send(Sketch(self._view, self._snapshot, 0, 0, b"", b"", last=True))
            return
        yield from self._send(0, first_ask(self._drawn.snapshot.count, other_count))

    def more(self, asked: More) -> Steps[None]:
        """Send what was asked for.

        Raises:
            ProtocolBroken: it was not asked for what comes next.
            LimitPassed: too often, or too much.
        """
        self._asked += 1
        if self._asked > MORES_PER_SKETCH_MAX:
            raise LimitPassed(limit="MORES_PER_SKETCH_MAX", got=self._asked)
        if asked.stop > SYMBOLS_PER_SKETCH_MAX:
            raise LimitPassed(limit="SYMBOLS_PER_SKETCH_MAX", got=asked.stop)
        if (asked.snapshot, asked.start) != (self._snapshot, self._sent) or asked.stop <= asked.start:
            raise ProtocolBroken(rule="more of this sketch", expected=self._sent, got=asked.start)
        yield from self._send(asked.start, asked.stop)

    def _send(self, start: int, stop: int) -> Steps[None]:
        from_row = self._drawn.scanned is None
        cells: Cells = yield from self._drawn.cells(start, stop)
        if start and from_row and self._has_changed(start):
            self._snapshot = next(self._numbers)
            start = 0
            cells = yield from self._drawn.cells(0, stop)
        counts = b"" if start else cells.counts_bytes(counts_beside(stop))
        for at in range(0, stop - start, SYMBOLS_PER_PART):
            part = cells.cut(at, min(at + SYMBOLS_PER_PART, stop - start)).to_bytes()
            last = at + SYMBOLS_PER_PART >= stop - start
            yield Send(Sketch(self._view, self._snapshot, self.count, start + at, part, b"" if at else counts, last))
        self._sent = stop

    @property
    def count(self) -> int:
        """How many ids are in what is being sent."""
        drawn = self._drawn
        if drawn.salted is not None:
            return len(drawn.salted.names)
        return drawn.snapshot.count if drawn.scanned is None else len(drawn.scanned)

    def _has_changed(self, sent: int) -> bool:
        """Whether the scan has found another view than the one whose kept symbols went out before."""
        if self._drawn.scanned is None:
            return False
        before = self._drawn.snapshot.cells.cut(0, sent)
        return encode(self._drawn.scanned, len(before)).to_bytes() != before.to_bytes()


def drawn(view: int, snapshot: Snapshot, salt: bytes, scans: Scans) -> Steps[Drawn]:
    """A view ready to be drawn, under a salt where one is given, which takes a scan."""
    if not salt:
        return Drawn(view, snapshot, scans)
    scans.take()
    whole: bytes = yield LoadIds(view)
    return Drawn(view, snapshot, scans, (yield Reckon(partial(Salted.of, whole, salt))))


def _checked(frame: Sketch) -> int:
    """How many symbols are in a frame that may be one."""
    count, rest = divmod(len(frame.symbols), CELL_BYTES)
    if rest or not count:
        raise ProtocolBroken(rule="symbols of 12 bytes", got=len(frame.symbols))
    if count > SYMBOLS_PER_FRAME_MAX:
        raise LimitPassed(limit="SYMBOLS_PER_FRAME_MAX", got=count)
    most = 0 if frame.start else COUNTED_CELLS * COUNT_BYTES
    if len(frame.counts) > most or len(frame.counts) % COUNT_BYTES:
        raise ProtocolBroken(rule="counts of the first symbols", got=len(frame.counts))
    return count
