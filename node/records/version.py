"""Version vectors: which statement knew of which."""

from collections.abc import Iterable
from enum import Enum

VersionVector = tuple[tuple[bytes, int], ...]
"""(author node id, counter) pairs, ascending by author, one pair an author, counters 1 or more."""


class Order(Enum):
    """How two version vectors stand to each other."""

    EQUAL = "equal"
    BEFORE = "before"
    """The first is dominated by the second."""
    AFTER = "after"
    """The first dominates the second."""
    CONCURRENT = "concurrent"


def compare(first: VersionVector, second: VersionVector) -> Order:
    """How `first` stands to `second`. A missing author counts as 0."""
    if first == second:
        return Order.EQUAL
    ours, theirs = dict(first), dict(second)
    ahead = any(counter > theirs.get(author, 0) for author, counter in first)
    behind = any(counter > ours.get(author, 0) for author, counter in second)
    if ahead:
        return Order.CONCURRENT if behind else Order.AFTER
    return Order.BEFORE


def dominates(first: VersionVector, second: VersionVector) -> bool:
    """Whether `first` knew of `second` and is not it."""
    return compare(first, second) is Order.AFTER


def merge(vectors: Iterable[VersionVector]) -> VersionVector:
    """The smallest vector that knows of all of these."""
    highest: dict[bytes, int] = {}
    for vector in vectors:
        for author, counter in vector:
            highest[author] = max(counter, highest.get(author, 0))
    return tuple(sorted(highest.items()))


def successor(heads: Iterable[VersionVector], author: bytes, counter: int) -> VersionVector:
    """The vector of a record that `author` writes as its `counter`-th, knowing of all `heads`."""
    return merge((*heads, ((author, counter),)))


def maximal(vectors: Iterable[tuple[bytes, VersionVector]]) -> set[bytes]:
    """Of (id, vector) pairs, the ids whose vector no other dominates. Equal vectors under different ids all stay."""
    pairs = list(vectors)
    if len(pairs) == 1:
        return {pairs[0][0]}
    return {
        id_
        for id_, vector in pairs
        if not any(dominates(other, vector) for other_id, other in pairs if other_id != id_)
    }
