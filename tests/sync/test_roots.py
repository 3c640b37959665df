"""The root of a view depends on the set and on nothing else."""

from hashlib import sha256

from hypothesis import given, settings, strategies as st

from sync.roots import ROOT_BYTES, LtHash, root

IDS = st.sets(st.integers(0, 10_000), max_size=40)


def ids(numbers: object) -> list[bytes]:
    return [sha256(b"%d" % number).digest() for number in numbers]  # type: ignore[attr-defined]


@given(st.permutations(range(30)))
@settings(deadline=None)
def test_order_does_not_matter(order: list[int]) -> None:
    assert root(ids(order)) == root(ids(range(30)))


@given(IDS, IDS)
@settings(deadline=None)
def test_what_was_added_can_be_taken_away(stays: set[int], goes: set[int]) -> None:
    kept = LtHash()
    kept.add(ids(stays))
    kept.add(ids(goes - stays))
    kept.remove(ids(goes - stays))
    assert kept.root() == root(ids(stays))
    assert kept.count == len(stays)


@given(IDS, st.integers(0, 40))
@settings(deadline=None)
def test_in_parts_or_at_once(numbers: set[int], cut: int) -> None:
    whole = ids(sorted(numbers))
    parts = LtHash()
    parts.add(whole[:cut])
    parts.add(whole[cut:])
    assert parts.root() == root(whole)


@given(IDS, IDS)
@settings(deadline=None)
def test_different_sets_have_different_roots(one: set[int], other: set[int]) -> None:
    assert (root(ids(one)) == root(ids(other))) == (one == other)


def test_a_copy_goes_its_own_way() -> None:
    first = LtHash()
    first.add(ids(range(3)))
    second = first.copy()
    second.add(ids([9]))
    assert first.root() == root(ids(range(3)))
    assert second.root() == root(ids([0, 1, 2, 9]))


def test_more_ids_than_are_expanded_at_once() -> None:
    many = ids(range(1_000))
    one_by_one = LtHash()
    for each in many:
        one_by_one.add([each])
    assert one_by_one.root() == root(many)


def test_the_roots_other_implementations_must_find() -> None:
    assert len(root([])) == ROOT_BYTES
    assert root([]).hex() == "d5fe696dc1aa5c0a800bf800ce8fc6e2"
    assert root([bytes(32)]).hex() == "eac77f9d420e4ce1661a9e1850efe2ed"
    assert root([bytes(32), bytes([255]) * 32]).hex() == "3fbd81065bb3fa41957088794d23bb17"
