"""One comparison, from the side that was called: shows what it has, takes what comes, gives what is wanted. Pure."""

from collections.abc import Callable

import numpy as np

from sync.effects import Among, LoadIds, LoadStanding, LoadSymbols, LoadView, LoadWaiting, Send
from sync.envelope import ID_BYTES, PREFIX_BYTES
from sync.errors import LimitPassed, ProtocolBroken
from sync.frames import CONTROL, DATA, ControlFirst, Equal, Hello, Ids, More, Want
from sync.handing import Handing, Taking
from sync.limits import IDS_PER_VIEW_MAX
from sync.ports import Snapshot, Standing, Waiting
from sync.reconcile import IDS_PER_PART, SALT_BYTES, as_symbols, checked_part, parts_of, salted_name
from sync.roots import ROOT_BYTES
from sync.sketch import KEPT_CELLS, Symbols
from sync.sketching import SketchAnswerer, drawn
from sync.steps import Steps
from sync.table import PUSHED_AHEAD_MOST, ControlRoots, Table


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
