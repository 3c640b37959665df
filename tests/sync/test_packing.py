"""Records are packed, and what is no honest pack is refused before it has grown."""

import pytest
import zstandard

from moyai.v1 import exchange_pb2, record_pb2
from sync.errors import LimitPassed, MoyaiError, ProtocolBroken
from sync.limits import PARCELS_PER_FRAME_MAX, UNPACKED_BYTES_MAX
from sync.packing import DICTIONARY, pack, unpack
from sync.wire import frame_of


def parcels(many: int = 3) -> exchange_pb2.Parcels:
    return exchange_pb2.Parcels(
        parcels=[
            exchange_pb2.Parcel(record=record_pb2.SealedRecord(body=b"body %d" % number, signature=bytes(64)))
            for number in range(many)
        ]
    )


def plain(raw: bytes, **settings: bool) -> bytes:
    return zstandard.ZstdCompressor(3, **settings).compress(raw)


def frame(packed: bytes, dictionary: int = 0, **also: object) -> exchange_pb2.Frame:
    records = exchange_pb2.Records(view=exchange_pb2.VIEW_DATA, packed=packed, dictionary=dictionary, **also)  # type: ignore[arg-type]
    return exchange_pb2.Frame(records=records)


def test_what_was_packed_comes_back() -> None:
    assert unpack(*pack(parcels())) == parcels()


def test_without_a_dictionary_as_well() -> None:
    assert unpack(plain(parcels().SerializeToString()), 0) == parcels()


def test_the_dictionary_is_not_named_twice() -> None:
    packed, dictionary = pack(parcels())
    assert zstandard.get_frame_parameters(packed).dict_id == 0
    assert dictionary == DICTIONARY


GOOD = parcels().SerializeToString()

LIES: dict[str, tuple[bytes, int, type[MoyaiError]]] = {
    "a bomb": (plain(bytes(UNPACKED_BYTES_MAX + 1)), 0, LimitPassed),
    "a bomb that lies about its size": (
        # one byte less than it holds is said: frame header descriptor, then the size
        plain(bytes(70_000))[:5] + (69_999 - 256).to_bytes(4, "little")[:4] + plain(bytes(70_000))[9:],
        0,
        ProtocolBroken,
    ),
    "no size": (plain(GOOD, write_content_size=False), 0, ProtocolBroken),
    "trailing bytes": (plain(GOOD) + b"more", 0, ProtocolBroken),
    "two frames": (plain(GOOD) + plain(GOOD), 0, ProtocolBroken),
    "cut off": (plain(GOOD)[:-3], 0, ProtocolBroken),
    "no frame": (b"not packed at all", 0, ProtocolBroken),
    "a dictionary there is not": (pack(parcels())[0], 99, ProtocolBroken),
    "the wrong dictionary": (pack(parcels())[0], 0, ProtocolBroken),
    "no parcels in it": (plain(b"\xff\xff garbage"), 0, ProtocolBroken),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_pack_that_is_none_is_refused(lie: str) -> None:
    packed, dictionary, error = LIES[lie]
    with pytest.raises(error):
        frame_of(frame(packed, dictionary))


def test_many_empty_parcels_are_counted_before_they_are_made() -> None:
    with pytest.raises(LimitPassed) as caught:
        frame_of(frame(plain(b"\x0a\x00" * 100_000)))
    assert caught.value.details == {"limit": "PARCELS_PER_FRAME_MAX", "got": 100_000}


def test_as_many_as_may_be_are_taken() -> None:
    read = frame_of(frame(*pack(parcels(PARCELS_PER_FRAME_MAX))))
    assert len(read.parcels) == PARCELS_PER_FRAME_MAX  # type: ignore[union-attr]


def test_packed_and_unpacked_at_once_is_neither() -> None:
    with pytest.raises(ProtocolBroken):
        frame_of(frame(*pack(parcels()), parcels=parcels().parcels))


def test_unpacked_records_are_read() -> None:
    read = frame_of(frame(b"", parcels=parcels().parcels))
    assert len(read.parcels) == 3  # type: ignore[union-attr]
