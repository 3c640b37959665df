"""What is in a bundle and what follows from one: the conversation of two nodes that never speak at once. Pure.

A bundle says how the writer's two views for the reader stand, and carries what waits in them. The reader takes the
records, lays its own views beside what was said, and knows without asking: what of its own has arrived there, what was
lost there since, and what of theirs it lacks. Its own next bundle says the same in the other direction.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sync.decoding import decode
from sync.envelope import ID_BYTES, PREFIX_BYTES, Parcel
from sync.errors import LimitPassed, ProtocolBroken, Undecodable
from sync.frames import CONTROL, DATA
from sync.limits import IDS_PER_VIEW_MAX
from sync.mapping import Symbols
from sync.sketch import KEPT_CELLS, Cells

LISTED_MAX = 4_096
"""A view up to this size is listed id by id, which never fails to be understood: 128 kB."""

IDS_PER_ENTRY = 32_768
"""Ids in one entry: a mebibyte."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Who wrote it: the number of the bundle in the writer's author sequence, and its greeting, serialised."""

    number: int
    greeting: bytes


@dataclass(frozen=True, slots=True)
class CarriedRoster:
    """The signed roster the writer goes by."""

    signed: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """How one view of the writer stands."""

    view: int
    count: int
    root: bytes
    symbols: bytes = b""
    """Its first coded symbols; empty where its ids are listed."""
    listed: bool = False
    list_wanted: bool = False
    """Whether the next bundle to the writer is to list this view."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Ids of the view named last, one after another."""

    ids: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """Records of a view."""

    view: int
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """Nothing comes after it; how many records there were."""

    records: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """An entry of a newer version."""


Entry = Opening | CarriedRoster | Statement | Listed | Carried | Ending | Unknown


@dataclass(slots=True)
class Told:
    """What a bundle has said of one view."""

    statement: Statement
    ids: bytearray = field(default_factory=bytearray)


def statements(view: int, *, count: int, root: bytes, cells: Cells, ids: bytes | None, wanted: bool) -> Iterator[Entry]:
    """How a view stands, as entries; `ids` where it is to be listed."""
    if ids is None:
        yield Statement(view, count, root, symbols=cells.cut(0, KEPT_CELLS).to_bytes(), list_wanted=wanted)
        return
    yield Statement(view, count, root, listed=True, list_wanted=wanted)
    step = IDS_PER_ENTRY * ID_BYTES
    for start in range(0, len(ids), step):
        yield Listed(ids[start : start + step])


def in_order(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries that this version knows, as long as they come in the order of the specification.

    Raises:
        ProtocolBroken: they do not, or they stop before the ending; `rule` says which.
        LimitPassed: more ids are listed than limits.py allows.
    """
    order = _Order()
    for entry in entries:
        order.hear(entry)
        if not isinstance(entry, Unknown):
            yield entry
    order.end()


class _Order:
    """Opening, roster, control view, its ids and records, data view, its ids and records, ending."""

    def __init__(self) -> None:
        self._opened = self._has_roster = self._ended = False
        self._views: list[int] = []
        self._statement: Statement | None = None
        self._ids = 0
        self._records = 0

    def hear(self, entry: Entry) -> None:
        """The next entry."""
        self._need("after the ending", not self._ended)
        match entry:
            case Opening():
                self._need("opening and roster first", not self._opened)
                self._opened = True
            case CarriedRoster():
                self._need("opening and roster first", self._opened and not self._has_roster)
                self._has_roster = True
            case Statement():
                self._state(entry)
            case Listed(ids):
                self._list(ids)
            case Carried():
                self._ids_whole()
                self._need("view", bool(self._views) and entry.view == self._views[-1])
                self._need("empty records", bool(entry.parcels))
                self._records += len(entry.parcels)
            case Ending(records):
                self._ids_whole()
                self._need("roster", self._has_roster)
                self._need("records counted", records == self._records)
                self._ended = True

    def end(self) -> None:
        """There are no more."""
        self._need("ending", self._ended)

    def _state(self, entry: Statement) -> None:
        self._ids_whole()
        self._need("roster", self._has_roster)
        self._need("control before data", [*self._views, entry.view] in ([CONTROL], [CONTROL, DATA]))
        if entry.count > IDS_PER_VIEW_MAX:
            raise LimitPassed(limit="IDS_PER_VIEW_MAX", got=entry.count)
        self._views.append(entry.view)
        self._statement, self._ids = entry, 0

    def _list(self, ids: bytes) -> None:
        self._need("listed", self._statement is not None and self._statement.listed and not len(ids) % ID_BYTES)
        self._need("empty list", bool(ids))
        self._ids += len(ids) // ID_BYTES
        self._need("ids counted", self._statement is not None and self._ids <= self._statement.count)

    def _ids_whole(self) -> None:
        if self._statement is not None and self._statement.listed:
            self._need("ids counted", self._ids == self._statement.count)

    def _need(self, rule: str, holds: bool) -> None:
        if not holds:
            raise ProtocolBroken(rule=rule)


@dataclass(frozen=True, slots=True, eq=False)
class Ours:
    """Our own view at one moment."""

    count: int
    root: bytes
    cells: Cells
    ids: Callable[[], bytes]
    """All ids, ascending, one after another; asked for only where they are needed."""
    waiting: Symbols
    """Prefixes of those that have not passed, ascending."""
    root_without: bytes
    """The root of the view less those."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows from what a bundle said of one view. Ids are whole."""

    told: bool
    """Whether it could be worked out; if not, the next bundle from there is to list the view."""
    equal: bool = False
    has: tuple[bytes, ...] = ()
    """Waiting here, and held there already."""
    lost: tuple[bytes, ...] = ()
    """Thought to be held there, and not: to be sent again."""
    lacking: int = 0
    """How many are held there, thought to be held here, and not."""


def follow(ours: Ours, theirs: Told) -> Followed:
    """What follows from how their view stands beside ours."""
    said = theirs.statement
    if (said.count, said.root) == (ours.count, ours.root):
        return Followed(told=True, equal=True)
    if said.listed:
        return _by_list(ours, bytes(theirs.ids))
    if said.root == ours.root_without:
        return Followed(told=True)
    return _by_sketch(ours, said.symbols)


def _by_list(ours: Ours, listed: bytes) -> Followed:
    ids = ours.ids()
    here, there = _whole(ids), _whole(listed)
    waits = np.isin(_prefixes(ids), ours.waiting)
    held = np.isin(here, there)
    return Followed(
        told=True,
        has=_picked(ids, waits & held),
        lost=_picked(ids, ~waits & ~held),
        lacking=int((~np.isin(there, here)).sum()),
    )


def _by_sketch(ours: Ours, symbols: bytes) -> Followed:
    """Ours without what waits, beside theirs: what waits is no difference, so few cells tell of few surprises."""
    theirs = Cells.from_bytes(symbols)
    known = ours.cells.cut(0, len(theirs))
    known.toggle(ours.waiting, -1)
    try:
        difference = decode(known.minus(theirs)) if len(theirs) else None
    except Undecodable:
        difference = None
    if difference is None or not len(difference):  # none found although the roots differ: ids that begin alike
        return Followed(told=False)
    ids = ours.ids()
    prefixes = _prefixes(ids)
    differs = np.isin(prefixes, difference)
    waits = np.isin(prefixes, ours.waiting)
    return Followed(
        told=True,
        has=_picked(ids, differs & waits),
        lost=_picked(ids, differs & ~waits),
        lacking=int((~np.isin(difference, prefixes)).sum()),
    )


def _whole(ids: bytes) -> NDArray[np.bytes_]:
    """Ids to be compared, never to be taken out again: numpy cuts zeros off their ends."""
    return np.frombuffer(ids, dtype=f"S{ID_BYTES}")


def _prefixes(ids: bytes) -> Symbols:
    read = np.frombuffer(ids, dtype=[("prefix", ">u8"), ("rest", f"V{ID_BYTES - PREFIX_BYTES}")])
    return read["prefix"].astype(np.uint64)


def _picked(ids: bytes, chosen: NDArray[np.bool_]) -> tuple[bytes, ...]:
    return tuple(ids[at * ID_BYTES : (at + 1) * ID_BYTES] for at in np.flatnonzero(chosen).tolist())
