"""Writes records: seals what an act says with the node's key, and keeps it in the transaction that also logs it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from moyai.v1 import exchange_pb2, record_pb2
from node.errors import SubjectUnknown
from node.ledger import Act, AuditEntry, Kept, Ledger, Writing
from node.people.facets import FacetModel, to_content
from node.records.record import Record, body_bytes, open_record
from node.records.version import successor
from sync.envelope import SealedRecord

OPERATOR = "moyai"
"""The operator of what a node does by itself."""

PERSON = int(record_pb2.SUBJECT_KIND_PERSON)
PLACE = int(record_pb2.SUBJECT_KIND_PLACE)
ORGANISATION = int(record_pb2.SUBJECT_KIND_ORGANISATION)

_Key = tuple[bytes, int, bytes]


@dataclass(frozen=True, slots=True)
class Pen:
    """What a node writes with. One pen a node; an act takes a sheet."""

    ledger: Ledger
    node: bytes
    organisation: str
    seal: Callable[[bytes], SealedRecord]
    now_ms: Callable[[], int]

    @contextmanager
    def sheet(self, *, operator: str, act: str, purpose: str = "") -> Iterator["Sheet"]:
        """One act, one transaction: everything on the sheet is durable when the block ends, or nothing is."""
        with self.ledger.write() as writing:
            sheet = Sheet(self, writing, operator)
            yield sheet
            sheet.close(act, purpose)


class Sheet:
    """One act being written."""

    def __init__(self, pen: Pen, writing: Writing, operator: str) -> None:
        self.writing = writing
        self.written: list[Record] = []
        self._pen = pen
        self._operator = operator
        self._heads: dict[_Key, tuple[Record, ...]] = {}
        self._before: dict[bytes, bytes] = {}

    def heads(self, subject: bytes, facet: int, slot: bytes = b"") -> tuple[Record, ...]:
        """The heads as this act has left them so far, newest first."""
        key = (subject, facet, slot)
        if key not in self._heads:
            held = self.writing.heads(subject, facet)
            self._heads[key] = tuple(one.record for one in held if one.record.slot == slot)
        return self._heads[key]

    def first_of(self, subject: bytes, facet: int, slot: bytes = b"") -> None:
        """Nothing is held of a subject that this act has just minted: saves a question for each row of a long list."""
        self._heads[(subject, facet, slot)] = ()

    def put(
        self, subject: bytes, facet: int, says: FacetModel, *, slot: bytes = b"", kind: int = PERSON
    ) -> Record | None:
        """Write that `says` holds of the subject, knowing of every head so far.

        Raises SubjectUnknown, as every way of writing does, where an erasure bars the subject: what would not last must
        not look done.

        Returns None, and writes nothing, where the only head says the same already. Fields of newer versions that
        stand in the
        head are carried over.
        """
        heads = self.heads(subject, facet, slot)
        content = to_content(says, heads[0].content if heads else b"")
        if len(heads) == 1 and heads[0].content == content:
            return None
        return self._write(subject, facet, content, slot=slot, kind=kind)

    def put_bare(
        self, subject: bytes, facet: int, says: FacetModel, *, slot: bytes = b"", kind: int = PERSON
    ) -> Record:
        """Write exactly this, carrying nothing over: a withdrawal must not drag along what was said before it."""
        return self._write(subject, facet, to_content(says), slot=slot, kind=kind)

    def put_anew(self, subject: bytes, facet: int, content: bytes, *, slot: bytes = b"", kind: int = PERSON) -> Record:
        """Write this content although the head may say the same: what counts is that it was said now."""
        return self._write(subject, facet, content, slot=slot, kind=kind)

    def remember(self, act: str, token: bytes) -> bytes:
        """Make this act one that can be undone. Returns the token that names it; empty where nothing was written."""
        if not self.written:
            return b""
        steps = tuple((record.id, self._before.get(record.id, b"")) for record in self.written)
        self.writing.remember_act(
            Act(
                token=token,
                act=act,
                operator=self._operator,
                at_ms=self._pen.now_ms(),
                subjects=len({record.subject for record in self.written}),
                steps=steps,
            )
        )
        return token

    def close(self, act: str, purpose: str) -> None:
        """Log what was written: one entry a subject, with the facets."""
        facets: dict[bytes, set[int]] = {}
        for record in self.written:
            facets.setdefault(record.subject, set()).add(record.facet)
        for subject, numbers in facets.items():
            self.log(act, subject=subject, facets=numbers, purpose=purpose)

    def log(
        self, act: str, *, subject: bytes | None = None, facets: Iterable[int] = (), purpose: str = "", count: int = 0
    ) -> None:
        """An entry of the audit chain by this sheet's operator."""
        self.writing.log(
            AuditEntry(
                at_ms=self._pen.now_ms(),
                act=act,
                operator=self._operator,
                node=self._pen.node,
                organisation=self._pen.organisation,
                purpose=purpose,
                subject=subject,
                facets=tuple(sorted(facets)),
                count=count,
            )
        )

    def _write(self, subject: bytes, facet: int, content: bytes, *, slot: bytes, kind: int) -> Record:
        heads = self.heads(subject, facet, slot)
        body = body_bytes(
            subject=subject,
            subject_kind=kind,
            facet=facet,
            slot=slot,
            version=successor((head.version for head in heads), self._pen.node, self.writing.next_counter()),
            clock=self.writing.next_clock(self._pen.now_ms()),
            author=self._pen.node,
            organisation=self._pen.organisation,
            operator=self._operator,
            content=content,
        )
        record = open_record(self._pen.seal(body))
        kept = self.writing.keep(
            record,
            came_from=self._pen.organisation,
            came_from_node=self._pen.node,
            basis=int(exchange_pb2.BASIS_INTERNAL),
            basis_record=b"",
        )
        if kept is Kept.SUPPRESSED:
            raise SubjectUnknown(subject=subject.hex()[:8])
        self.written.append(record)
        if heads:
            self._before[record.id] = heads[0].id
        self._heads[(subject, facet, slot)] = (record,)
        return record
