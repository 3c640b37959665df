"""Version vectors: dominance, merging, and what only heads tell."""

from hypothesis import given, strategies as st

from node.records.version import Order, VersionVector, compare, dominates, maximal, merge, successor

A, B = b"a" * 16, b"b" * 16

vectors: st.SearchStrategy[VersionVector] = st.dictionaries(
    st.sampled_from([bytes([n]) * 16 for n in range(4)]), st.integers(1, 5), min_size=1
).map(lambda entries: tuple(sorted(entries.items())))


def test_version_three_is_over_version_one_without_version_two() -> None:
    assert compare(((A, 3),), ((A, 1),)) is Order.AFTER


def test_two_authors_who_did_not_know_of_each_other_are_concurrent() -> None:
    assert compare(((A, 1),), ((B, 1),)) is Order.CONCURRENT


def test_equal_vectors_under_two_ids_both_stay() -> None:
    assert maximal([(b"x", ((A, 1),)), (b"y", ((A, 1),))]) == {b"x", b"y"}


@given(vectors, vectors)
def test_comparison_is_antisymmetric(first: VersionVector, second: VersionVector) -> None:
    mirror = {Order.EQUAL: Order.EQUAL, Order.BEFORE: Order.AFTER, Order.AFTER: Order.BEFORE}
    assert compare(second, first) is mirror.get(compare(first, second), Order.CONCURRENT)


@given(st.lists(vectors, min_size=1, max_size=5))
def test_a_successor_dominates_all_it_knew(heads: list[VersionVector]) -> None:
    following = successor(heads, A, 99)
    assert all(dominates(following, head) for head in heads)


@given(vectors, vectors, vectors)
def test_merge_does_not_depend_on_order(first: VersionVector, second: VersionVector, third: VersionVector) -> None:
    assert merge([first, second, third]) == merge([third, merge([second, first])])


@given(st.lists(vectors, min_size=1, max_size=6))
def test_maximal_is_never_empty_and_independent_of_order(all_vectors: list[VersionVector]) -> None:
    pairs = [(bytes([n]), vector) for n, vector in enumerate(all_vectors)]
    assert maximal(pairs)
    assert maximal(pairs) == maximal(list(reversed(pairs)))
