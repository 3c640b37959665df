"""Makes other symbols of the same ids, for sketches that did not decode: ids chosen to collide do so no more."""

from hashlib import sha256

import numpy as np

from sync.envelope import ID_BYTES
from sync.mapping import Symbols

SALT_BYTES = 16
_SYMBOL_BYTES = 8


def salted_symbols(ids: bytes, salt: bytes) -> Symbols:
    """The symbols of these ids under a salt, in the order of the ids; `ids` are 32 bytes each, one after another."""
    salting = sha256(salt)
    words = bytearray()
    for start in range(0, len(ids), ID_BYTES):
        one = salting.copy()
        one.update(ids[start : start + ID_BYTES])
        words += one.digest()[:_SYMBOL_BYTES]
    return np.frombuffer(bytes(words), dtype=">u8").astype(np.uint64)


def salted_key(salt: bytes) -> int:
    """The key of the checksums that go with salted symbols."""
    return int.from_bytes(salt[:_SYMBOL_BYTES], "big")
