"""The root of a view: a fingerprint of a set that changes by addition.

LtHash16x1024: every id is expanded to 1,024 lanes of 16 bits, and a set is the sum of its ids, lane by lane, modulo
2^16. Order does not matter, and what was added can be taken away. The root is SHA-256 over the lanes and the
count, cut to 16 bytes. Sums modulo 2^256, as others use, must not decide equality: collisions for them have been
published.
"""

from collections.abc import Iterable
from hashlib import sha256, shake_128
from itertools import islice

import numpy as np
from numpy.typing import NDArray

ROOT_BYTES = 16
LANES = 1_024
_AT_ONCE = 256
"""Ids expanded before they are added up: half a mebibyte."""


class LtHash:
    """A set's fingerprint, kept by addition; only what was added before may be removed (nobody can check that here)."""

    def __init__(self) -> None:
        self._lanes: NDArray[np.uint16] = np.zeros(LANES, dtype=np.uint16)
        self.count = 0

    @classmethod
    def of(cls, lanes: bytes, count: int) -> "LtHash":
        """The fingerprint whose `lanes` and `count` were kept."""
        kept = cls()
        kept._lanes = np.frombuffer(lanes, dtype="<u2").astype(np.uint16)
        if len(kept._lanes) != LANES:
            raise ValueError("lanes cut off")
        kept.count = count
        return kept

    def lanes(self) -> bytes:
        """What is to be kept of it, beside the count: 2,048 bytes."""
        return self._lanes.astype("<u2").tobytes()

    def add(self, ids: Iterable[bytes]) -> None:
        """Add ids the set does not have; 5 µs each."""
        lanes, count = _summed(ids)
        self._lanes += lanes
        self.count += count

    def remove(self, ids: Iterable[bytes]) -> None:
        """Take away ids the set has."""
        lanes, count = _summed(ids)
        self._lanes -= lanes
        self.count -= count

    def root(self) -> bytes:
        """The 16 bytes two sides compare."""
        return sha256(self.lanes() + self.count.to_bytes(8, "little")).digest()[:ROOT_BYTES]

    def copy(self) -> "LtHash":
        """Another one with the same content."""
        other = LtHash()
        other._lanes = self._lanes.copy()
        other.count = self.count
        return other


def root(ids: Iterable[bytes]) -> bytes:
    """The root of these ids, from nothing."""
    whole = LtHash()
    whole.add(ids)
    return whole.root()


def _summed(ids: Iterable[bytes]) -> tuple[NDArray[np.uint16], int]:
    total = np.zeros(LANES, dtype=np.uint16)
    count = 0
    rest = iter(ids)
    while some := list(islice(rest, _AT_ONCE)):
        expanded = b"".join(shake_128(one).digest(2 * LANES) for one in some)
        total += np.frombuffer(expanded, dtype="<u2").reshape(-1, LANES).sum(axis=0, dtype=np.uint16)
        count += len(some)
    return total, count
