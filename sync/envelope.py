"""What a sealed record is to the exchange: bytes with an id, and the ground they travel on."""

from dataclasses import dataclass, field
from hashlib import sha256

ID_LABEL = b"moyai.v1 id\n"
ID_BYTES = 32
PREFIX_BYTES = 8


def record_id(body: bytes) -> bytes:
    """The 32-byte id of a body: SHA-256 over a domain label and the body bytes (SPECIFICATION 4.2)."""
    return sha256(ID_LABEL + body).digest()


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A body exactly as it was signed, with its 64-byte signature. Nobody has checked either yet."""

    body: bytes
    signature: bytes
    id: bytes = field(init=False, compare=False)
    """Computed here, never taken from a peer."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", record_id(self.body))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A record on its way to one recipient, with the ground it goes on."""

    record: SealedRecord
    basis: int
    """One of `moyai.v1.Basis`."""
    basis_record: bytes
    """Id of the consent, agreement or emergency the ground rests on; empty where there is none."""
