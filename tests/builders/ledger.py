"""Ledgers and arrivals for tests: a made-up author whose signatures nobody checks."""

from dataclasses import dataclass, field
from pathlib import Path

from moyai.v1 import exchange_pb2
from node.ledger import Arrival, Ledger
from node.records import kinds
from node.records.record import Record, body_bytes, open_record
from node.records.version import VersionVector, successor
from sync.envelope import SealedRecord

KEY = bytes(range(32))
NOW_MS = 1_704_067_200_000
WAJIMA = "172049"
NANAO = "172022"


def new_ledger(folder: Path) -> Ledger:
    """A fresh ledger in this folder."""
    return Ledger.create(folder / "ledger.db", KEY)


def subject_of(number: int) -> bytes:
    """The number-th made-up subject."""
    return number.to_bytes(16)


@dataclass
class Author:
    """Someone who writes records one after the other."""

    node: bytes = b"n" * 16
    organisation: str = WAJIMA
    counter: int = field(default=0)

    def says(
        self,
        subject: bytes,
        facet: int = kinds.IDENTITY,
        content: bytes = b"",
        *,
        slot: bytes = b"",
        over: tuple[Record, ...] = (),
        kind: int = 1,
        clock: int | None = None,
    ) -> Record:
        """A record that knew of those it is `over`."""
        self.counter += 1
        version: VersionVector = successor((each.version for each in over), self.node, self.counter)
        body = body_bytes(
            subject=subject,
            subject_kind=kind,
            facet=facet,
            slot=slot,
            version=version,
            clock=clock or (NOW_MS << 16) + self.counter,
            author=self.node,
            organisation=self.organisation,
            operator="op-1",
            content=content,
        )
        return open_record(SealedRecord(body, b"\0" * 64))


def arrival(record: Record, *, counts: bool = True) -> Arrival:
    """As if written here."""
    return Arrival(record, record.organisation, record.author, exchange_pb2.BASIS_INTERNAL, counts=counts)
