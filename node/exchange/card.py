"""Packs an evacuee card (避難者カード) into as few bytes as it can, and reads one back without believing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import zstandard
from google.protobuf.message import DecodeError

from moyai.v1 import card_pb2, record_pb2
from node.errors import CardUnreadable, RecordRefused
from node.records.record import Record, open_record
from node.records.subjects import SUBJECT_BYTES
from sync.envelope import SealedRecord

DICTIONARY: Final = "records-1.zdict"
LEVEL: Final = 19
"""The smallest there is: a card is packed once, and every byte is a dot on paper."""
UNPACKED_BYTES_MAX: Final = 65_536
RECORDS_MAX: Final = 64
FEDERATION_BYTES: Final = 16
SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, and the bytes its maker signed. Nothing of it has been checked but its shape."""

    federation: bytes
    node: bytes
    """The node that made it."""
    issued_at_ms: int
    certificates: tuple[bytes, ...]
    """Of the nodes that made it and wrote what is on it."""
    records: tuple[Record, ...]
    written: bytes
    signature: bytes


def card_bytes(
    *, federation: bytes, node: bytes, issued_at_ms: int, certificates: Sequence[bytes], records: Sequence[Record]
) -> bytes:
    """A card to be signed."""
    return card_pb2.Card(
        federation=federation,
        node=node,
        issued_at_ms=issued_at_ms,
        certificates=certificates,
        records=[record_pb2.SealedRecord(body=one.sealed.body, signature=one.sealed.signature) for one in records],
    ).SerializeToString(deterministic=True)


def pack(written: bytes, signature: bytes) -> bytes:
    """A signed card as it goes into symbols: one Zstandard frame with the dictionary of the exchange."""
    signed = card_pb2.SignedCard(card=written, signature=signature).SerializeToString(deterministic=True)
    compressor = zstandard.ZstdCompressor(LEVEL, dict_data=_dictionary(), write_dict_id=False)
    return compressor.compress(signed)


def unpack(packed: bytes) -> Card:
    """The card in these bytes.

    Raises:
        CardUnreadable: with the rule of the specification that does not hold.
    """
    signed, said = card_pb2.SignedCard(), card_pb2.Card()
    try:
        signed.ParseFromString(_unpacked(packed))
        said.ParseFromString(signed.card)
    except (zstandard.ZstdError, DecodeError):
        raise CardUnreadable(rule="packing") from None
    fits = (
        len(said.federation) == FEDERATION_BYTES
        and len(said.node) == SUBJECT_BYTES
        and len(signed.signature) == SIGNATURE_BYTES
        and said.issued_at_ms > 0
        and 0 < len(said.records) <= RECORDS_MAX
        and len(said.certificates) <= RECORDS_MAX
    )
    if not fits:
        raise CardUnreadable(rule="fields")
    try:
        records = tuple(open_record(SealedRecord(one.body, one.signature)) for one in said.records)
    except RecordRefused as error:
        raise CardUnreadable(rule="records") from error
    return Card(
        said.federation,
        said.node,
        said.issued_at_ms,
        tuple(said.certificates),
        records,
        signed.card,
        signed.signature,
    )


def _unpacked(packed: bytes) -> bytes:
    if not 0 <= zstandard.frame_content_size(packed) <= UNPACKED_BYTES_MAX:
        raise CardUnreadable(rule="size")
    decompressor = zstandard.ZstdDecompressor(dict_data=_dictionary())
    return decompressor.decompress(packed, max_output_size=UNPACKED_BYTES_MAX, allow_extra_data=False)


@cache
def _dictionary() -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(resources.files("moyai.v1").joinpath(DICTIONARY).read_bytes())
