"""A record, opened: the fields of a body that has the shape the specification asks for, and nothing believed yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from google.protobuf.message import DecodeError

from moyai.v1 import record_pb2 as wire
from node.errors import RecordMalformed
from node.records.version import VersionVector
from sync import limits
from sync.envelope import SealedRecord


@dataclass(frozen=True, slots=True)
class Record:
    """What a sealed record says. Equal when the sealed bytes are."""

    sealed: SealedRecord
    subject: bytes = field(compare=False)
    subject_kind: int = field(compare=False)
    facet: int = field(compare=False)
    slot: bytes = field(compare=False)
    version: VersionVector = field(compare=False)
    clock: int = field(compare=False)
    author: bytes = field(compare=False)
    organisation: str = field(compare=False)
    operator: str = field(compare=False)
    content: bytes = field(compare=False, repr=False)

    @property
    def id(self) -> bytes:
        """The record's 32-byte id."""
        return self.sealed.id

    @property
    def counter(self) -> int:
        """The author's own counter."""
        return dict(self.version)[self.author]

    @property
    def newest_first(self) -> tuple[int, bytes]:
        """Sort key for display: the newest by clock, then by id, is greatest."""
        return (self.clock, self.id)


def open_record(sealed: SealedRecord) -> Record:
    """Read a body and check its shape and size (SPECIFICATION 4.1). Says nothing of signature or right.

    Raises:
        RecordMalformed: with the rule that does not hold as `rule`.
    """
    if len(sealed.body) > limits.BODY_BYTES_MAX:
        raise RecordMalformed(rule="body-size", bytes=len(sealed.body), most=limits.BODY_BYTES_MAX)
    if len(sealed.signature) != 64:
        raise RecordMalformed(rule="signature-size", bytes=len(sealed.signature))
    body = wire.Body()
    try:
        body.ParseFromString(sealed.body)
    except DecodeError as error:
        raise RecordMalformed(rule="body-encoding") from error
    broken = _broken_rule(body)
    if broken:
        raise RecordMalformed(rule=broken)
    return _said(sealed, body)


def reopen_record(sealed: SealedRecord) -> Record:
    """Read a body that was opened and kept before: the ledger holds no other."""
    return _said(sealed, wire.Body.FromString(sealed.body))


def _said(sealed: SealedRecord, body: wire.Body) -> Record:
    return Record(
        sealed=sealed,
        subject=body.subject,
        subject_kind=int(body.subject_kind),
        facet=int(body.facet),
        slot=body.slot,
        version=tuple((entry.author, entry.counter) for entry in body.version),
        clock=body.clock,
        author=body.author,
        organisation=body.organisation,
        operator=body.operator,
        content=body.content,
    )


def _broken_rule(body: wire.Body) -> str | None:
    return next((name for name, holds in _RULES.items() if not holds(body)), None)


def _version_is_ordered(body: wire.Body) -> bool:
    authors = [entry.author for entry in body.version]
    return all(first < second for first, second in pairwise(authors))


_RULES: Final[dict[str, Callable[[wire.Body], bool]]] = {
    "subject": lambda body: len(body.subject) == 16,
    "subject-kind": lambda body: body.subject_kind != 0,
    "facet": lambda body: body.facet > 0,
    "slot": lambda body: len(body.slot) <= limits.SLOT_BYTES_MAX,
    "version-size": lambda body: 0 < len(body.version) <= limits.VERSION_ENTRIES_MAX,
    "version-order": _version_is_ordered,
    "version-entry": lambda body: all(len(entry.author) == 16 and entry.counter > 0 for entry in body.version),
    "version-author": lambda body: any(entry.author == body.author for entry in body.version),
    "author": lambda body: len(body.author) == 16,
    "clock": lambda body: body.clock > 0,
    "organisation": lambda body: (
        len(body.organisation) == 6 and body.organisation.isascii() and body.organisation.isalnum()
    ),
    "operator": lambda body: 0 < len(body.operator) <= limits.OPERATOR_CHARACTERS_MAX,
}
"""What SPECIFICATION 4.1 asks of a body, each by its name; judged in this order."""


def body_bytes(
    *,
    subject: bytes,
    subject_kind: int,
    facet: int,
    slot: bytes,
    version: VersionVector,
    clock: int,
    author: bytes,
    organisation: str,
    operator: str,
    content: bytes,
) -> bytes:
    """The bytes to sign."""
    return wire.Body(
        subject=subject,
        subject_kind=wire.SubjectKind.ValueType(subject_kind),
        facet=wire.Facet.ValueType(facet),
        slot=slot,
        version=[wire.VersionEntry(author=node, counter=counter) for node, counter in version],
        clock=clock,
        author=author,
        organisation=organisation,
        operator=operator,
        content=content,
    ).SerializeToString(deterministic=True)
