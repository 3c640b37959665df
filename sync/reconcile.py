"""Finds out which records either side lacks.

The interface a sketch goes behind later: `Asking.hello` opens, `Answering.answers` replies, `Asking.hear` takes the
replies until the difference is known. Today the reply is either "equal" or the whole list of ids, cut to 8 bytes
each. Ids that begin alike are listed each, so a prefix stands for *all* records that have it, and the number of them
is compared; where that finds nothing although the roots differ, the question is asked again with whole ids.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sync.envelope import ID_BYTES, PREFIX_BYTES
from sync.errors import LimitPassed, ProtocolBroken
from sync.frames import Equal, Hello, Ids
from sync.limits import IDS_PER_FRAME_MAX, IDS_PER_VIEW_MAX
from sync.roots import LtHash, root

__all__ = [
    "Answering",
    "Asking",
    "Difference",
    "LtHash",
    "Prefixes",
    "Snapshot",
    "as_bytes",
    "as_prefixes",
    "prefix_of",
    "root",
]

Prefixes = NDArray[np.uint64]
"""Ids cut to their first 8 bytes, as numbers whose order is the ids' order."""

IDS_PER_PART = 8_192
"""Ids in a frame we send: 64 KiB, so that on the slowest link a part still arrives long before SILENCE_S_MAX."""

NONE: Prefixes = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The ids of a view at one moment: one comparison speaks of one snapshot, whatever happens meanwhile."""

    whole: bytes
    """All ids, ascending, one after another."""
    prefixes: Prefixes
    """Their first 8 bytes, ascending, ids that begin alike each."""
    root: bytes

    @classmethod
    def of(cls, ids: Sequence[bytes], known_root: bytes | None = None) -> "Snapshot":
        """A snapshot of ascending ids; `known_root` where somebody keeps it by addition."""
        whole = b"".join(ids)
        if len(whole) != ID_BYTES * len(ids):
            raise ValueError("an id of a view is not 32 bytes")
        return cls(whole, as_prefixes(whole, ID_BYTES), root(ids) if known_root is None else known_root)

    def __len__(self) -> int:
        return len(self.prefixes)


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What one side has and the other lacks; both empty: the views are equal or can't be told apart by prefixes."""

    equal: bool
    here: Prefixes = field(default_factory=lambda: NONE)
    """Prefixes of which we have more records than they."""
    there: Prefixes = field(default_factory=lambda: NONE)
    """Prefixes of which they have more records than we."""
    there_count: int = 0
    """How many records they may send for `there`: theirs that begin so, and ours that reach them just before."""


class Asking:
    """The side that opens a comparison: says what it has in a few bytes, hears what the other side has."""

    def __init__(self, view: int, snapshot: Snapshot, *, whole_ids: bool = False) -> None:
        self._view = view
        self._snapshot = snapshot
        self._id_bytes = ID_BYTES if whole_ids else PREFIX_BYTES
        self._parts: list[bytes] = []
        self._count = 0

    def hello(self) -> Hello:
        """What opens the comparison."""
        return Hello(self._view, len(self._snapshot), self._snapshot.root, self._id_bytes)

    def hear(self, answer: Equal | Ids) -> Difference | None:
        """Take one part of the answer; the difference, once it is known.

        Raises:
            ProtocolBroken: the parts are not what the specification says.
            LimitPassed: they are too many.
        """
        if isinstance(answer, Equal):
            if self._parts:
                raise ProtocolBroken(rule="equal after ids")
            return Difference(equal=True)
        count = checked_part(answer.prefixes, self._id_bytes, last=answer.last)
        self._count += count
        if self._count > IDS_PER_VIEW_MAX:
            raise LimitPassed(limit="IDS_PER_VIEW_MAX", got=self._count)
        self._parts.append(answer.prefixes)
        return self._difference() if answer.last else None

    def _difference(self) -> Difference:
        listed = b"".join(self._parts)
        theirs = as_prefixes(listed, self._id_bytes)
        if np.any(theirs[1:] < theirs[:-1]):
            raise ProtocolBroken(rule="ids ascend")
        if self._id_bytes == ID_BYTES:
            return _by_whole_ids(self._snapshot, listed, theirs)
        return _by_prefixes(self._snapshot.prefixes, theirs)


class Answering:
    """The side that is asked: says that the views are equal, or lists its ids."""

    def __init__(self, view: int, snapshot: Snapshot) -> None:
        self._view = view
        self._snapshot = snapshot

    def answers(self, hello: Hello) -> Iterator[Equal | Ids]:
        """The answer in parts, made as they are asked for."""
        if hello.count == len(self._snapshot) and hello.root == self._snapshot.root:
            yield Equal(self._view)
            return
        listed = self._snapshot.whole if hello.id_bytes == ID_BYTES else as_bytes(self._snapshot.prefixes)
        step = IDS_PER_PART * PREFIX_BYTES
        for start in range(0, max(len(listed), 1), step):
            yield Ids(self._view, listed[start : start + step], last=start + step >= len(listed))


def checked_part(prefixes: bytes, id_bytes: int, *, last: bool) -> int:
    """How many ids a part of a list has.

    Raises:
        ProtocolBroken: it is cut within an id, or empty though not the last.
        LimitPassed: it has more ids than a frame may have.
    """
    count, rest = divmod(len(prefixes), id_bytes)
    if rest or (not count and not last):
        raise ProtocolBroken(rule="parts of a list")
    if count > IDS_PER_FRAME_MAX:
        raise LimitPassed(limit="IDS_PER_FRAME_MAX", got=count)
    return count


def as_prefixes(listed: bytes, id_bytes: int = PREFIX_BYTES) -> Prefixes:
    """The first 8 bytes of each id as numbers, in the order of the list."""
    words = np.frombuffer(listed, dtype=">u8").reshape(-1, id_bytes // PREFIX_BYTES)
    return words[:, 0].astype(np.uint64)


def as_bytes(prefixes: Prefixes) -> bytes:
    """Prefixes as they travel."""
    return prefixes.astype(">u8").tobytes()


def prefix_of(record_id: bytes) -> int:
    """The number of one id's prefix."""
    return int.from_bytes(record_id[:PREFIX_BYTES], "big")


def _by_prefixes(ours: Prefixes, theirs: Prefixes) -> Difference:
    our_prefixes, our_counts = np.unique(ours, return_counts=True)
    their_prefixes, their_counts = np.unique(theirs, return_counts=True)
    here = our_prefixes[our_counts > _counts_at(our_prefixes, their_prefixes, their_counts)]
    more = their_counts > _counts_at(their_prefixes, our_prefixes, our_counts)
    return Difference(equal=False, here=here, there=their_prefixes[more], there_count=int(their_counts[more].sum()))


def _counts_at(wanted: Prefixes, prefixes: Prefixes, counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """How often each wanted prefix stands among the others: 0 where it does not."""
    if not len(prefixes):
        return np.zeros(len(wanted), dtype=np.intp)
    at = np.minimum(np.searchsorted(prefixes, wanted), len(prefixes) - 1)
    return np.where(prefixes[at] == wanted, counts[at], 0)


def _by_whole_ids(snapshot: Snapshot, listed: bytes, theirs: Prefixes) -> Difference:
    """Slower and exact: sets of whole ids, told by their prefixes."""
    our_ids = _cut(snapshot.whole)
    their_ids = _cut(listed)
    here = sorted({prefix_of(one) for one in our_ids - their_ids})
    there = np.array(sorted({prefix_of(one) for one in their_ids - our_ids}), dtype=np.uint64)
    return Difference(
        equal=False,
        here=np.array(here, dtype=np.uint64),
        there=there,
        there_count=int(np.isin(theirs, there).sum() + np.isin(snapshot.prefixes, there).sum()),
    )


def _cut(whole: bytes) -> set[bytes]:
    return {whole[start : start + ID_BYTES] for start in range(0, len(whole), ID_BYTES)}
