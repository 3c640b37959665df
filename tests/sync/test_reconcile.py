"""The difference of two views is found exactly, ids that begin alike included."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import LimitPassed, ProtocolBroken
from sync.frames import DATA, Equal, Hello, Ids
from sync.limits import IDS_PER_FRAME_MAX, IDS_PER_VIEW_MAX
from sync.reconcile import IDS_PER_PART, Answering, Asking, Difference, Snapshot, prefix_of

FULL_FRAME = Ids(DATA, bytes(8 * IDS_PER_FRAME_MAX), last=False)


def full_id(number: int) -> bytes:
    """An id; numbers that differ only in their hundreds begin alike."""
    return sha256(b"%d" % (number % 100)).digest()[:8] + sha256(b"%d" % number).digest()[8:]


def snapshot(numbers: object) -> Snapshot:
    return Snapshot.of(sorted(full_id(number) for number in numbers))  # type: ignore[attr-defined]


def compared(asking_side: Snapshot, answering_side: Snapshot, *, whole_ids: bool = False) -> Difference:
    asking = Asking(DATA, asking_side, whole_ids=whole_ids)
    found = [
        difference
        for answer in Answering(DATA, answering_side).answers(asking.hello())
        if (difference := asking.hear(answer)) is not None
    ]
    assert len(found) == 1
    return found[0]


@given(st.sets(st.integers(0, 99)), st.sets(st.integers(0, 99)))
@settings(deadline=None)
def test_the_difference_is_that_of_the_sets(ours: set[int], theirs: set[int]) -> None:
    difference = compared(snapshot(ours), snapshot(theirs))
    assert difference.equal == (ours == theirs)
    assert set(difference.here.tolist()) == {prefix_of(full_id(one)) for one in ours - theirs}
    assert set(difference.there.tolist()) == {prefix_of(full_id(one)) for one in theirs - ours}
    assert difference.there_count == len(theirs - ours)


@given(st.sets(st.integers(0, 399), max_size=30), st.sets(st.integers(0, 399), max_size=30))
@settings(deadline=None)
def test_whole_ids_tell_apart_what_begins_alike(ours: set[int], theirs: set[int]) -> None:
    difference = compared(snapshot(ours), snapshot(theirs), whole_ids=True)
    assert set(difference.here.tolist()) == {prefix_of(full_id(one)) for one in ours - theirs}
    assert set(difference.there.tolist()) == {prefix_of(full_id(one)) for one in theirs - ours}


def test_more_records_with_one_prefix_are_seen_by_their_number() -> None:
    difference = compared(snapshot([7]), snapshot([7, 107]))
    assert difference.there.tolist() == [prefix_of(full_id(7))]
    assert difference.there_count == 2


def test_a_long_list_comes_in_parts() -> None:
    many = Snapshot.of(sorted(sha256(b"%d" % number).digest() for number in range(IDS_PER_PART + 1)), bytes(16))
    parts = list(Answering(DATA, many).answers(Hello(DATA, 0, bytes(16))))
    assert [part.last for part in parts if isinstance(part, Ids)] == [False, True]


def test_an_empty_view_is_one_empty_part() -> None:
    (part,) = Answering(DATA, snapshot([])).answers(Hello(DATA, 1, bytes(16)))
    assert part == Ids(DATA, b"", last=True)


def test_a_snapshot_keeps_order_and_repeats() -> None:
    taken = snapshot([7, 107, 3])
    assert len(taken) == 3
    assert np.all(taken.prefixes[1:] >= taken.prefixes[:-1])


@pytest.mark.parametrize(
    ("lie", "error"),
    [
        ([Ids(DATA, b"1234567", last=True)], ProtocolBroken),
        ([Ids(DATA, b"", last=False)], ProtocolBroken),
        ([Ids(DATA, b"22222222", last=False), Ids(DATA, b"11111111", last=True)], ProtocolBroken),
        ([Ids(DATA, b"11111111", last=False), Equal(DATA)], ProtocolBroken),
        ([Ids(DATA, bytes(8 * (IDS_PER_FRAME_MAX + 1)), last=False)], LimitPassed),
        (
            [Ids(DATA, bytes(8 * IDS_PER_FRAME_MAX), last=False)] * (IDS_PER_VIEW_MAX // IDS_PER_FRAME_MAX + 1),
            LimitPassed,
        ),
    ],
    ids=["cut within an id", "empty and not the last", "descending", "equal after ids", "frame too long", "endless"],
)
def test_a_lie_in_the_list_is_refused(lie: list[Equal | Ids], error: type[Exception]) -> None:
    asking = Asking(DATA, snapshot([1]))
    for part in lie[:-1]:
        assert asking.hear(part) is None
    with pytest.raises(error):
        asking.hear(lie[-1])
