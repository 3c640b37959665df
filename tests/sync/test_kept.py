"""A kept root is the root counted from nothing, whatever came and went."""

from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.kept import KeptRoots
from sync.roots import root

NUMBERS = st.sets(st.integers(0, 30))


def ids(numbers: set[int]) -> list[bytes]:
    """Ids, some of which end in zeros."""
    return sorted(sha256(b"%d" % number).digest()[: 32 - number % 3] + bytes(number % 3) for number in numbers)


@given(st.lists(st.tuples(st.sampled_from("ab"), NUMBERS), max_size=8), st.sampled_from([0, 320, 10_000]))
@settings(deadline=None)
def test_a_kept_root_is_the_root(views: list[tuple[str, set[int]]], bytes_max: int) -> None:
    kept = KeptRoots(bytes_max)
    for key, numbers in views:
        snapshot = kept.snapshot(key, ids(numbers))
        assert snapshot.root == root(ids(numbers))
        assert len(snapshot) == len(numbers)
