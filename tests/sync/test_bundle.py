"""What follows from a bundle, against the plain difference of sets; and the order its entries must come in."""

import tracemalloc
from hashlib import sha256
from itertools import chain, repeat

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sync.bundle import (
    Carried,
    CarriedRoster,
    Ending,
    Entry,
    Listed,
    Opening,
    Ours,
    Statement,
    Told,
    Unknown,
    follow,
    in_order,
    statements,
)
from sync.bundlewire import entry_bytes, entry_of
from sync.envelope import Parcel, SealedRecord
from sync.errors import LimitPassed, ProtocolBroken
from sync.frames import CONTROL, DATA
from sync.limits import IDS_PER_VIEW_MAX
from sync.mapping import Symbols
from sync.roots import root
from sync.sketch import KEPT_CELLS, encode


def id_of(number: int) -> bytes:
    return sha256(number.to_bytes(4, "big")).digest()


def symbols(ids: set[bytes]) -> Symbols:
    return np.array(sorted(int.from_bytes(one[:8], "big") for one in ids), dtype=np.uint64)


def ours(ids: set[bytes], waiting: set[bytes]) -> Ours:
    return Ours(
        len(ids),
        root(sorted(ids)),
        encode(symbols(ids), KEPT_CELLS),
        lambda: b"".join(sorted(ids)),
        symbols(waiting),
        root(sorted(ids - waiting)),
    )


def told(ids: set[bytes], *, listed: bool) -> Told:
    whole = b"".join(sorted(ids)) if listed else None
    cells = encode(symbols(ids), KEPT_CELLS)
    first, *rest = statements(DATA, count=len(ids), root=root(sorted(ids)), cells=cells, ids=whole, wanted=False)
    assert isinstance(first, Statement)
    return Told(first, bytearray(b"".join(one.ids for one in rest if isinstance(one, Listed))))


NUMBERS = st.sets(st.integers(0, 400), max_size=120)


@settings(deadline=None, max_examples=60)
@given(here=NUMBERS, waiting=NUMBERS, there=NUMBERS, listed=st.booleans())
def test_what_follows_is_the_difference_of_the_sets(
    here: set[int], waiting: set[int], there: set[int], listed: bool
) -> None:
    view = {id_of(number) for number in here}
    waits = {id_of(number) for number in here & waiting}
    theirs = {id_of(number) for number in there}
    followed = follow(ours(view, waits), told(theirs, listed=listed))
    assert followed.told
    assert followed.equal == (view == theirs)
    if not followed.equal:
        assert set(followed.has) == waits & theirs
        assert set(followed.lost) == view - waits - theirs
        assert followed.lacking == len(theirs - view)


def test_fifty_thousand_that_wait_are_no_difference() -> None:
    """Both sides have much that waits: a sketch of 2,048 cells tells of the three surprises among it."""
    common = {id_of(number) for number in range(2_000)}
    waits = {id_of(number) for number in range(10_000, 40_000)}
    arrived, lost, lacking = {id_of(10_000)}, {id_of(1)}, {id_of(90_000)}
    followed = follow(ours(common | waits, waits), told(common - lost | arrived | lacking, listed=False))
    assert (set(followed.has), set(followed.lost), followed.lacking) == (arrived, lost, 1)


def test_what_no_sketch_can_tell_asks_for_a_list() -> None:
    view = {id_of(number) for number in range(5_000)}
    theirs = {id_of(number) for number in range(5_000, 10_000)}
    assert not follow(ours(view, set()), told(theirs, listed=False)).told
    followed = follow(ours(view, set()), told(theirs, listed=True))
    assert (followed.told, len(followed.lost), followed.lacking) == (True, 5_000, 5_000)


def test_ids_that_begin_alike_ask_for_a_list() -> None:
    alike = id_of(1)[:31] + bytes([id_of(1)[31] ^ 1])
    view, theirs = {id_of(1), id_of(2)}, {alike, id_of(2)}
    assert not follow(ours(view, set()), told(theirs, listed=False)).told
    followed = follow(ours(view, set()), told(theirs, listed=True))
    assert (followed.lost, followed.lacking) == ((id_of(1),), 1)


@pytest.mark.parametrize("cells", [b"", b"\xff" * 12 * 40, bytes(12), bytes(11) + b"\1"])
def test_a_sketch_made_up_tells_nothing(cells: bytes) -> None:
    view = {id_of(number) for number in range(50)}
    said = Told(Statement(DATA, 49, bytes(16), symbols=cells))
    assert not follow(ours(view, set()), said).told


# --- order

OPENING, ROSTER = Opening(1, b"greeting"), CarriedRoster(b"roster")
PARCEL = Parcel(SealedRecord(b"body", bytes(64)), 1, b"")
HEAD: tuple[Entry, ...] = (OPENING, ROSTER)


def view(number: int, *, count: int = 0, listed: bool = False) -> Statement:
    return Statement(number, count, bytes(16), listed=listed)


def test_a_whole_bundle_is_in_order() -> None:
    entries: list[Entry] = [
        *HEAD,
        view(CONTROL, count=2, listed=True),
        Listed(bytes(32)),
        Unknown(),
        Listed(bytes(32)),
        Carried(CONTROL, (PARCEL,)),
        view(DATA),
        Carried(DATA, (PARCEL, PARCEL)),
        Ending(3),
    ]
    assert list(in_order(entries)) == [one for one in entries if not isinstance(one, Unknown)]
    assert list(in_order([*HEAD, Ending(0)])) == [*HEAD, Ending(0)]


@pytest.mark.parametrize(
    ("rule", "entries"),
    [
        ("ending", []),
        ("ending", [*HEAD]),
        ("opening and roster first", [ROSTER]),
        ("opening and roster first", [OPENING, OPENING]),
        ("opening and roster first", [*HEAD, ROSTER]),
        ("roster", [OPENING, Ending(0)]),
        ("roster", [OPENING, view(CONTROL)]),
        ("control before data", [*HEAD, view(DATA)]),
        ("control before data", [*HEAD, view(CONTROL), view(CONTROL)]),
        ("control before data", [*HEAD, view(CONTROL), view(DATA), view(CONTROL)]),
        ("control before data", [*HEAD, view(3)]),
        ("view", [*HEAD, Carried(CONTROL, (PARCEL,))]),
        ("view", [*HEAD, view(CONTROL), Carried(DATA, (PARCEL,))]),
        ("listed", [*HEAD, Listed(bytes(32))]),
        ("listed", [*HEAD, view(CONTROL, count=1), Listed(bytes(32))]),
        ("listed", [*HEAD, view(CONTROL, count=1, listed=True), Listed(bytes(31))]),
        ("ids counted", [*HEAD, view(CONTROL, count=1, listed=True), Listed(bytes(64))]),
        ("ids counted", [*HEAD, view(CONTROL, count=1, listed=True), Ending(0)]),
        ("ids counted", [*HEAD, view(CONTROL, count=1, listed=True), Carried(CONTROL, (PARCEL,))]),
        ("ids counted", [*HEAD, view(CONTROL, count=1, listed=True), view(DATA)]),
        ("records counted", [*HEAD, view(CONTROL), Carried(CONTROL, (PARCEL,)), Ending(0)]),
        ("records counted", [*HEAD, Ending(1)]),
        ("empty records", [*HEAD, view(CONTROL), Carried(CONTROL, ()), Ending(0)]),
        ("empty list", [*HEAD, view(CONTROL, listed=True), Listed(b""), Ending(0)]),
        ("after the ending", [*HEAD, Ending(0), Unknown()]),
        ("after the ending", [*HEAD, Ending(0), Ending(0)]),
    ],
)
def test_any_other_order_is_refused(rule: str, entries: list[Entry]) -> None:
    with pytest.raises(ProtocolBroken) as caught:
        list(in_order(entries))
    assert caught.value.details["rule"] == rule


def test_nothing_is_kept_of_the_entries_that_were_heard() -> None:
    """Else each is compared with all before it, and a small bundle of many keeps the reader busy for minutes."""
    many = 50_000
    entries = chain([*HEAD, view(CONTROL)], repeat(Carried(CONTROL, (PARCEL,)), many), [Ending(many)])
    tracemalloc.start()
    try:
        assert sum(1 for _ in in_order(entries)) == many + 4
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50_000


def test_a_view_larger_than_any_is_refused() -> None:
    with pytest.raises(LimitPassed):
        list(in_order([*HEAD, view(CONTROL, count=IDS_PER_VIEW_MAX + 1)]))


# --- form


@pytest.mark.parametrize(
    "entry",
    [
        OPENING,
        ROSTER,
        Statement(DATA, 7, b"r" * 16, symbols=bytes(24), list_wanted=True),
        Statement(CONTROL, 7, b"r" * 16, listed=True),
        Listed(bytes(range(32))),
        Carried(DATA, (PARCEL,)),
        Ending(0),
        Ending(5),
        Unknown(),
    ],
)
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    assert entry_of(entry_bytes(entry)) == entry


@pytest.mark.parametrize(
    "entry",
    [
        Opening(0, b""),
        Opening(1, bytes(16_385)),
        CarriedRoster(bytes(3_145_729)),
        Statement(DATA, 1, b"short"),
        Statement(DATA, 1, bytes(16), symbols=bytes(13)),
        Statement(DATA, 1, bytes(16), symbols=bytes(12 * (KEPT_CELLS + 1))),
        Statement(DATA, 1, bytes(16), symbols=bytes(12), listed=True),
        Carried(DATA, (PARCEL,) * 257),
    ],
)
def test_an_entry_out_of_shape_is_refused(entry: Entry) -> None:
    with pytest.raises((ProtocolBroken, LimitPassed)):
        entry_of(entry_bytes(entry))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_refused(serialised: bytes) -> None:
    try:
        entry_of(serialised)
    except (ProtocolBroken, LimitPassed):
        return
