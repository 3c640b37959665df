"""Finds out which records either side lacks, from few bytes: root, then sketch, then salted sketch, then all ids.

Both sides speak of sets of ids and name an id by its first 8 bytes, or, where two ids that begin alike or a crafted
collision stand in the way, by a salted symbol that nobody could have prepared for. What is found is only ever a
proposal: equal roots afterwards are the proof.
"""

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from sync.envelope import ID_BYTES, PREFIX_BYTES
from sync.errors import LimitPassed, ProtocolBroken
from sync.limits import IDS_PER_FRAME_MAX, IDS_PER_VIEW_MAX
from sync.sketch import Symbols

SALT_BYTES = 16
HASH_BYTES = 16

IDS_PER_PART = 2_048
"""Ids in a frame we send: 64 KiB, so that on the slowest link a part still arrives long before SILENCE_S_MAX."""

NONE: Symbols = np.zeros(0, dtype=np.uint64)


class Naming(IntEnum):
    """How the ids of one comparison are named; each is tried only where the one before has not helped."""

    PREFIX = 0
    SALTED = 1
    WHOLE = 2
    """Not at all: every id is listed."""


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What one side has and the other lacks."""

    here: Symbols
    """Prefixes of records they lack."""
    there: Symbols
    """Names of records we lack, as the comparison names them."""


@dataclass(frozen=True, slots=True, eq=False)
class Salted:
    """All ids of a view under the names that a salt gives them."""

    names: Symbols
    """The first 8 bytes of SHA-256(salt + id), in the order of the ids."""
    prefixes: Symbols
    """The first 8 bytes of the ids, in the same order."""
    key: int
    """What the checksums of this sketch are keyed with."""

    @classmethod
    def of(cls, whole: bytes, salt: bytes) -> "Salted":
        """The names of these ids, 32 bytes each, one after another."""
        begun = sha256(salt)
        names = bytearray()
        for start in range(0, len(whole), ID_BYTES):
            one = begun.copy()
            one.update(whole[start : start + ID_BYTES])
            names += one.digest()[:PREFIX_BYTES]
        return cls(as_symbols(bytes(names)), as_symbols(whole, ID_BYTES), key_of(salt))

    def prefixes_of(self, names: Symbols) -> Symbols:
        """The prefixes of those of these names that are the view's."""
        return np.unique(self.prefixes[np.isin(self.names, names)])

    def among(self, names: Symbols) -> NDArray[np.bool_]:
        """Which of these names are the view's."""
        return np.isin(names, self.names)


def key_of(salt: bytes) -> int:
    """What the checksums of a salted sketch are keyed with; 0 without a salt."""
    return int.from_bytes(salt[:PREFIX_BYTES], "big")


def salted_name(salt: bytes, record_id: bytes) -> int:
    """The name of one id under a salt."""
    return prefix_of(sha256(salt + record_id).digest())


def audit_hash(salt: bytes, whole: bytes) -> bytes:
    """A salted hash over all ids of a view, ascending: what no root that was kept wrongly can imitate."""
    return sha256(salt + whole).digest()[:HASH_BYTES]


def both_roots(control_root: bytes, data_root: bytes) -> bytes:
    """One root for both views."""
    return sha256(control_root + data_root).digest()[:HASH_BYTES]


def as_symbols(listed: bytes, each: int = PREFIX_BYTES) -> Symbols:
    """The first 8 bytes of every `each` bytes as numbers, in the order of the list."""
    words = np.frombuffer(listed, dtype=">u8").reshape(-1, each // PREFIX_BYTES)
    return words[:, 0].astype(np.uint64)


def as_bytes(symbols: Symbols) -> bytes:
    """Symbols as they travel."""
    return symbols.astype(">u8").tobytes()


def prefix_of(record_id: bytes) -> int:
    """The number of one id's prefix."""
    return int.from_bytes(record_id[:PREFIX_BYTES], "big")


def checked_part(listed: bytes, each: int, *, last: bool) -> int:
    """How many entries a part of a list has.

    Raises:
        ProtocolBroken: it is cut within an entry, or empty though not the last.
        LimitPassed: it has more than a frame may have.
    """
    count, rest = divmod(len(listed), each)
    if rest or (not count and not last):
        raise ProtocolBroken(rule="parts of a list")
    if count > IDS_PER_FRAME_MAX:
        raise LimitPassed(limit="IDS_PER_FRAME_MAX", got=count)
    return count


class Listing:
    """The last resort: hears all ids of the other side, part by part."""

    def __init__(self, ours: bytes) -> None:
        self._ours = ours
        self._theirs = bytearray()
        self._count = 0

    def hear(self, whole: bytes, *, last: bool) -> None:
        """Take a part.

        Raises:
            ProtocolBroken: a part is cut within an id, or empty though not the last.
            LimitPassed: they are too many.
        """
        self._count += checked_part(whole, ID_BYTES, last=last)
        if self._count > IDS_PER_VIEW_MAX:
            raise LimitPassed(limit="IDS_PER_VIEW_MAX", got=self._count)
        self._theirs += whole

    def difference(self) -> Difference:
        """The difference, once the last part has come.

        Raises:
            ProtocolBroken: the ids do not ascend.
        """
        ours, theirs = _as_ids(self._ours), _as_ids(self._theirs)
        if not (theirs[1:] > theirs[:-1]).all():
            raise ProtocolBroken(rule="ids ascend")
        return Difference(here=_prefixes(ours, theirs), there=_prefixes(theirs, ours))


def parts_of(whole: bytes, step: int) -> list[tuple[bytes, bool]]:
    """A list cut into parts of `step` bytes, each with whether it is the last; one empty part for nothing."""
    starts = range(0, max(len(whole), 1), step)
    return [(whole[start : start + step], start + step >= len(whole)) for start in starts]


def _as_ids(whole: bytes | bytearray) -> NDArray[np.bytes_]:
    """Ids as numpy compares them, byte by byte: millions of them stay a few hundred megabytes."""
    return np.frombuffer(bytes(whole), dtype=f"S{ID_BYTES}")


def _prefixes(ids: NDArray[np.bytes_], others: NDArray[np.bytes_]) -> Symbols:
    """The prefixes of those ids that are not among the others."""
    alone = ids[~np.isin(ids, others, assume_unique=True)]
    return np.unique(as_symbols(alone.tobytes(), ID_BYTES))
