"""The log of who looked at, changed or was told what: a chain in which no entry can be changed without the rest."""

# What is joined into statements here are this module's own constants; values are always bound.
# ruff: noqa: S608

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from node.errors import AuditBroken
from node.ledger.store import Rows

LABEL: Final = b"moyai.v1 audit\n"
BEGINNING: Final = b"\0" * 32
"""What stands where the first entry would name the hash before it."""

DISCLOSE: Final = "disclose"
"""The act of letting a record go to another organisation."""

PROGRESS_EVERY: Final = 10_000

_ABSENT: Final = b"\xff\xff\xff\xff"
_COLUMNS: Final = """number, at_ms, act, operator, node, organisation, purpose, subject, facets, record, recipient,
    basis, basis_record, count, hash"""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. Holds ids, codes and facet numbers only, so that an erasure need not touch it."""

    at_ms: int
    act: str
    """"read", "search", "write", "disclose", "refuse", "export", "erase", "undo", "inquiry", ..."""
    operator: str
    node: bytes
    organisation: str
    purpose: str
    """A code from the list of purposes, never what someone typed about a person."""
    subject: bytes | None = None
    facets: tuple[int, ...] = ()
    record: bytes | None = None
    recipient: str | None = None
    """Code of the organisation that was told."""
    basis: int | None = None
    basis_record: bytes | None = None
    """Id of the record the ground rests on."""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry with its place in the chain."""

    number: int
    """From 1, without gaps."""
    entry: AuditEntry
    hash: bytes


def chained(previous: bytes, entry: AuditEntry) -> bytes:
    """The hash of an entry: SHA-256 over the label, the hash before it, and the entry's fields in order.

    Each field is written as its length in four bytes, big-endian, and its bytes; numbers and lists of numbers as
    decimal text, comma between; a field that is absent as four bytes 0xFF.
    """
    fields: tuple[object, ...] = (
        entry.at_ms,
        entry.act,
        entry.operator,
        entry.node,
        entry.organisation,
        entry.purpose,
        entry.subject,
        _facets_text(entry.facets),
        entry.record,
        entry.recipient,
        entry.basis,
        entry.basis_record,
        entry.count,
    )
    return sha256(LABEL + previous + b"".join(map(_field, fields))).digest()


class AuditRead(Rows):
    """Questions about the log."""

    def audit(self, since: int = 0, limit: int = 100) -> list[Logged]:
        """Up to `limit` entries after number `since`, oldest first."""
        return list(self._logged("number > ? ORDER BY number LIMIT ?", since, limit))

    def audit_newest(self, limit: int = 100) -> list[Logged]:
        """The newest entries, newest first."""
        return list(self._logged("TRUE ORDER BY number DESC LIMIT ?", limit))

    def audit_about(self, subject: bytes) -> list[Logged]:
        """Every entry that names the subject, oldest first: what the person may be told (who looked, who received)."""
        return list(self._logged("subject = ? ORDER BY number", subject))

    def audit_page(
        self,
        *,
        since_ms: int,
        until_ms: int,
        acts: Collection[str] = (),
        but: Collection[str] = (),
        before: int | None = None,
        limit: int = 100,
    ) -> list[Logged]:
        """Entries of a span of time, newest first: of these `acts`, or of all `but` those; None: the newest of them.

        Walks back from `before`; a day long past in a log of a million entries takes about a second.
        """
        where, values = "at_ms >= ? AND at_ms < ?", list[int | bytes | str]([since_ms, until_ms])
        if before is not None:
            where, values = f"number < ? AND {where}", [before, *values]
        for words, negated in ((acts, ""), (but, "NOT ")):
            if words:
                where += f" AND act {negated}IN ({','.join('?' * len(words))})"
                values += sorted(words)
        return list(self._logged(f"{where} ORDER BY number DESC LIMIT ?", *values, limit))

    def disclosures(self, subject: bytes) -> list[AuditEntry]:
        """Every record of the subject that went to another organisation, oldest first (Rule 8-5 no. 5)."""
        return [logged.entry for logged in self.audit_about(subject) if logged.entry.act == DISCLOSE]

    def disclosed_on(self, records: Sequence[bytes]) -> list[AuditEntry]:
        """Every record that went to another organisation on the ground of one of these records, oldest first."""
        found = [
            entry
            for record in records
            for entry in self._logged("basis_record = ? AND act = ? ORDER BY number", record, DISCLOSE)
        ]
        return sorted((logged.entry for logged in found), key=lambda entry: entry.at_ms)

    def audit_head(self) -> tuple[int, bytes]:
        """Length of the chain, and the hash of its last entry: what peers are given to witness."""
        row = self._connection().execute("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1").fetchone()
        return (0, BEGINNING) if row is None else (int(row[0]), bytes(row[1]))

    def audit_hash(self, length: int) -> bytes | None:
        """The hash of the chain when it was this long, to hold against what a peer witnessed then; None: never was."""
        if length == 0:
            return BEGINNING
        row = self._connection().execute("SELECT hash FROM audit WHERE number = ?", (length,)).fetchone()
        return None if row is None else bytes(row[0])

    def verify_audit(self, progress: Callable[[int, int], None] = lambda _done, _whole: None, *, after: int = 0) -> int:
        """Walk the chain; returns how many entries hold. `progress` hears how far it is, every PROGRESS_EVERY.

        With `after`, the entries up to that number are taken for granted.

        Raises:
            AuditBroken: `entry` is the first number that does not follow from those before it. A tail that was cut off
                whole is only found by comparing with what peers have witnessed.
        """
        whole, _ = self.audit_head()
        number, previous = after, self.audit_hash(after)
        if previous is None:
            raise AuditBroken(entry=after)
        for logged in self._logged("number > ? ORDER BY number", after):
            number += 1
            if logged.number != number or logged.hash != chained(previous, logged.entry):
                raise AuditBroken(entry=number)
            previous = logged.hash
            if number % PROGRESS_EVERY == 0:
                progress(number, max(number, whole))
        return number

    def _logged(self, where: str, *values: int | bytes | str) -> Iterator[Logged]:
        sql = f"SELECT {_COLUMNS} FROM audit WHERE {where}"
        return map(_logged, self._connection().execute(sql, values))


class AuditWrite(AuditRead):
    """Appends to the log, in the transaction of what it describes."""

    _audit_tail: tuple[int, bytes] | None
    _logged_now: int
    """Entries appended in this transaction."""

    def log(self, entry: AuditEntry) -> int:
        """Append one entry; returns its number."""
        number, previous = self._audit_tail or self.audit_head()
        number, digest = number + 1, chained(previous, entry)
        self._connection().execute(
            f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                entry.at_ms,
                entry.act,
                entry.operator,
                entry.node,
                entry.organisation,
                entry.purpose,
                entry.subject,
                _facets_text(entry.facets),
                entry.record,
                entry.recipient,
                entry.basis,
                entry.basis_record,
                entry.count,
                digest,
            ),
        )
        self._audit_tail = (number, digest)
        self._logged_now += 1
        return number


def _logged(row: tuple[Any, ...]) -> Logged:
    number, at_ms, act, operator, node, organisation, purpose, subject, facets, *rest, digest = row
    record, recipient, basis, basis_record, count = rest
    numbers = tuple(int(facet) for facet in facets.split(",") if facet)
    entry = AuditEntry(
        at_ms,
        act,
        operator,
        node,
        organisation,
        purpose,
        subject,
        numbers,
        record,
        recipient,
        basis,
        basis_record,
        count,
    )
    return Logged(number, entry, digest)


def _facets_text(facets: tuple[int, ...]) -> str:
    return ",".join(str(facet) for facet in facets)


def _field(value: object) -> bytes:
    if value is None:
        return _ABSENT
    written = value if isinstance(value, bytes) else str(value).encode()
    return len(written).to_bytes(4) + written
