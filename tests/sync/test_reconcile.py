"""The last resort finds the difference exactly, salted names are what they are said to be, and lists are checked."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sync.errors import LimitPassed, ProtocolBroken
from sync.limits import IDS_PER_FRAME_MAX, IDS_PER_VIEW_MAX
from sync.reconcile import (
    Difference,
    Listing,
    Salted,
    as_bytes,
    as_symbols,
    audit_hash,
    both_roots,
    checked_part,
    parts_of,
    prefix_of,
    salted_name,
)

SALT = b"sixteen  bytes.."


def full_id(number: int) -> bytes:
    """An id; numbers that differ only in their hundreds begin alike."""
    return sha256(b"%d" % (number % 100)).digest()[:8] + sha256(b"%d" % number).digest()[8:]


def whole(numbers: set[int]) -> bytes:
    return b"".join(sorted(full_id(number) for number in numbers))


def compared(ours: set[int], theirs: set[int], *, part: int = 7) -> Difference:
    listing = Listing(whole(ours))
    for some, last in parts_of(whole(theirs), part * 32):
        listing.hear(some, last=last)
    return listing.difference()


@given(st.sets(st.integers(0, 399), max_size=30), st.sets(st.integers(0, 399), max_size=30))
@settings(deadline=None)
def test_the_difference_is_that_of_the_sets(ours: set[int], theirs: set[int]) -> None:
    difference = compared(ours, theirs)
    assert difference.here.tolist() == sorted({prefix_of(full_id(one)) for one in ours - theirs})
    assert difference.there.tolist() == sorted({prefix_of(full_id(one)) for one in theirs - ours})


def test_ids_that_end_in_zeros_are_told_apart() -> None:
    short, long = b"12345678" + bytes(24), b"12345678" + bytes(23) + b"\1"
    listing = Listing(short)
    listing.hear(short + long, last=True)
    assert listing.difference().there.tolist() == [prefix_of(long)]


@pytest.mark.parametrize(
    ("lie", "error"),
    [
        ([(b"1234567", True)], ProtocolBroken),
        ([(b"", False)], ProtocolBroken),
        ([(b"2" * 32, False), (b"1" * 32, True)], ProtocolBroken),
        ([(b"1" * 64, True)], ProtocolBroken),
        ([(bytes(32 * (IDS_PER_FRAME_MAX + 1)), True)], LimitPassed),
        ([(bytes(32 * IDS_PER_FRAME_MAX), False)] * (IDS_PER_VIEW_MAX // IDS_PER_FRAME_MAX + 1), LimitPassed),
    ],
    ids=["cut within an id", "empty and not the last", "descending", "twice", "frame too long", "endless"],
)
def test_a_lie_in_the_list_is_refused(lie: list[tuple[bytes, bool]], error: type[Exception]) -> None:
    with pytest.raises(error):
        heard(lie)


def heard(parts: list[tuple[bytes, bool]]) -> Difference:
    listing = Listing(whole({1}))
    for part, last in parts:
        listing.hear(part, last=last)
    return listing.difference()


@given(st.sets(st.integers(0, 399), max_size=30))
def test_a_salt_names_every_id_and_leads_back_to_its_prefix(numbers: set[int]) -> None:
    salted = Salted.of(whole(numbers), SALT)
    ids = sorted(full_id(number) for number in numbers)
    assert salted.names.tolist() == [salted_name(SALT, one) for one in ids]
    assert salted.names.tolist() == [prefix_of(sha256(SALT + one).digest()) for one in ids]
    assert salted.key == prefix_of(SALT)
    for name, one in zip(salted.names, ids, strict=True):
        assert salted.prefixes_of(np.array([name])).tolist() == [prefix_of(one)]
    assert salted.among(np.append(salted.names, np.uint64(5))).tolist() == [True] * len(ids) + [False]


def test_names_that_are_nobodys_lead_nowhere() -> None:
    assert not len(Salted.of(whole({1, 2}), SALT).prefixes_of(np.array([1, 2], dtype=np.uint64)))


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_symbols_come_back_as_they_were(numbers: list[int]) -> None:
    assert as_symbols(as_bytes(np.array(numbers, dtype=np.uint64))).tolist() == numbers


def test_a_list_is_cut_into_parts_of_which_the_last_is_marked() -> None:
    assert parts_of(b"", 8) == [(b"", True)]
    assert parts_of(bytes(16), 8) == [(bytes(8), False), (bytes(8), True)]
    assert parts_of(bytes(17), 8)[-1] == (bytes(1), True)


def test_a_part_says_how_many_it_holds() -> None:
    assert checked_part(bytes(24), 8, last=False) == 3
    assert checked_part(b"", 8, last=True) == 0


def test_hashes_depend_on_all_they_are_of() -> None:
    assert audit_hash(SALT, whole({1})) != audit_hash(SALT, whole({2}))
    assert audit_hash(SALT, whole({1})) != audit_hash(SALT[::-1], whole({1}))
    assert both_roots(b"1" * 16, b"2" * 16) != both_roots(b"2" * 16, b"1" * 16)
