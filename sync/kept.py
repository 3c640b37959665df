"""Keeps the roots of views from one conversation to the next, and changes them by what came and went.

An id costs 6 µs to add, so a view of a million costs 6 s from nothing; the next time only the difference is added. What
is kept is bounded: the view not used for longest is forgotten, and counted anew when it is needed again.
"""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from sync.envelope import ID_BYTES
from sync.reconcile import Snapshot
from sync.roots import LtHash

KEPT_BYTES_MAX = 134_217_728
"""Four million ids in all."""


class KeptRoots:
    """Snapshots whose roots cost only what changed. Safe to be asked from several threads."""

    def __init__(self, bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._kept: OrderedDict[Hashable, tuple[bytes, LtHash]] = OrderedDict()
        self._lock = Lock()

    def snapshot(self, key: Hashable, ids: Sequence[bytes]) -> Snapshot:
        """A snapshot of these ascending ids, which are the view known by this key."""
        whole = b"".join(ids)
        with self._lock:
            before, fingerprint = self._kept.pop(key, (b"", LtHash()))
        if whole != before:
            fingerprint.remove(_lacking(before, whole))
            fingerprint.add(_lacking(whole, before))
        root = fingerprint.root()
        with self._lock:
            self._kept[key] = (whole, fingerprint)
            self._forget()
        return Snapshot.of(ids, root)

    def _forget(self) -> None:
        size = sum(len(whole) for whole, _ in self._kept.values())
        while size > self._bytes_max:
            _, (whole, _) = self._kept.popitem(last=False)
            size -= len(whole)


def _lacking(one: bytes, other: bytes) -> list[bytes]:
    """The ids of one that the other does not have."""
    ids = _as_array(one)
    lacking = np.flatnonzero(~np.isin(ids, _as_array(other)))
    return [one[at * ID_BYTES : (at + 1) * ID_BYTES] for at in lacking.tolist()]


def _as_array(whole: bytes) -> NDArray[np.bytes_]:
    """Ids to be compared, never to be taken out again: numpy cuts zeros off their ends."""
    return np.frombuffer(whole, dtype=f"S{ID_BYTES}")
