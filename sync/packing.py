"""Packs the parcels of one frame: Zstandard with the dictionary that is shipped beside the schema.

A record alone has nothing to be compressed against; the dictionary knows how records look, so that one that travels by
itself over a narrow link shrinks as well. What comes is not believed: its size is read and bounded before anything is
unpacked.
"""

import threading
from functools import cache
from importlib import resources

import zstandard
from google.protobuf.message import DecodeError

from moyai.v1 import exchange_pb2
from sync.errors import LimitPassed, ProtocolBroken
from sync.limits import UNPACKED_BYTES_MAX

DICTIONARY = 1
"""Number of the shipped dictionary; a newer one gets the next number, and the older ones go on being read."""

LEVEL = 3
"""Higher ones gain two in a hundred and cost three times as much."""

_of_thread = threading.local()


def pack(parcels: exchange_pb2.Parcels) -> tuple[bytes, int]:
    """One Zstandard frame, and the number of the dictionary it needs."""
    compressor = getattr(_of_thread, "compressor", None)
    if compressor is None:
        compressor = zstandard.ZstdCompressor(LEVEL, dict_data=_dictionary(), write_dict_id=False)
        _of_thread.compressor = compressor
    return compressor.compress(parcels.SerializeToString()), DICTIONARY


def unpack(packed: bytes, dictionary: int) -> exchange_pb2.Parcels:
    """What was packed.

    Raises:
        ProtocolBroken: it is no such frame, does not say its size, or needs a dictionary there is not.
        LimitPassed: it is too large unpacked.
    """
    if dictionary not in {0, DICTIONARY}:
        raise ProtocolBroken(rule="dictionary", got=dictionary)
    try:
        size = zstandard.frame_content_size(packed)
        if size < 0:
            raise ProtocolBroken(rule="packed records say their size")
        if size > UNPACKED_BYTES_MAX:
            raise LimitPassed(limit="UNPACKED_BYTES_MAX", got=size)
        unpacked = _decompressor(dictionary).decompress(packed, max_output_size=size, allow_extra_data=False)
        return exchange_pb2.Parcels.FromString(unpacked)
    except (zstandard.ZstdError, DecodeError):
        raise ProtocolBroken(rule="packed records") from None


def _decompressor(dictionary: int) -> zstandard.ZstdDecompressor:
    """This thread's own: they are not to be shared."""
    name = f"decompressor_{dictionary}"
    found: zstandard.ZstdDecompressor | None = getattr(_of_thread, name, None)
    if found is None:
        found = zstandard.ZstdDecompressor(dict_data=_dictionary() if dictionary else None)
        setattr(_of_thread, name, found)
    return found


@cache
def _dictionary() -> zstandard.ZstdCompressionDict:
    shipped = resources.files("moyai.v1").joinpath(f"records-{DICTIONARY}.zdict")
    return zstandard.ZstdCompressionDict(shipped.read_bytes())
