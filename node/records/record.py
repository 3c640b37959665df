"""A record, opened: the fields of a body that has the shape the specification asks for, and nothing believed yet."""

from dataclasses import dataclass, field
from itertools import pairwise

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
    try:
        record = reopen_record(sealed)
    except DecodeError as error:
        raise RecordMalformed(rule="body-encoding") from error
    broken = _broken_rule(record)
    if broken:
        raise RecordMalformed(rule=broken)
    return record


def reopen_record(sealed: SealedRecord) -> Record:
    """Read a body that was opened and kept before: the ledger holds no other."""
    body = wire.Body.FromString(sealed.body)
    return Record(
        sealed,
        body.subject,
        body.subject_kind,
        body.facet,
        body.slot,
        tuple([(entry.author, entry.counter) for entry in body.version]),
        body.clock,
        body.author,
        body.organisation,
        body.operator,
        body.content,
    )


def _broken_rule(record: Record) -> str | None:  # noqa: C901, PLR0911, PLR0912 -- a table of rules costs twice as much
    """What SPECIFICATION 4.1 asks of a body, judged in this order: the name of the first rule that does not hold."""
    version, author, organisation = record.version, record.author, record.organisation
    if len(record.subject) != 16:
        return "subject"
    if record.subject_kind == 0:
        return "subject-kind"
    if record.facet <= 0:
        return "facet"
    if len(record.slot) > limits.SLOT_BYTES_MAX:
        return "slot"
    if not 0 < len(version) <= limits.VERSION_ENTRIES_MAX:
        return "version-size"
    if len(version) > 1 and not _is_ordered(version):
        return "version-order"
    named = False
    for node, counter in version:
        if len(node) != 16 or counter <= 0:
            return "version-entry"
        named = named or node == author
    if not named:
        return "version-author"
    if len(author) != 16:
        return "author"
    if record.clock <= 0:
        return "clock"
    if len(organisation) != 6 or not (organisation.isascii() and organisation.isalnum()):
        return "organisation"
    if not 0 < len(record.operator) <= limits.OPERATOR_CHARACTERS_MAX:
        return "operator"
    return None


def _is_ordered(version: VersionVector) -> bool:
    return all(first < second for (first, _), (second, _) in pairwise(version))


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
