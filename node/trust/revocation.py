"""Revocation: an organisation's word that a node is believed no longer, and up to which counter its records stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from moyai.v1 import trust_pb2 as wire
from node.errors import RevocationMalformed, SignatureWrong
from node.records.record import Record
from node.records.subjects import SUBJECT_BYTES
from node.trust import labels
from node.trust.keys import OrganisationKey
from node.trust.roster import Roster
from node.trust.shape import read, require

REASONS = frozenset({"lost", "stolen", "retired", "compromised"})
STATEMENT_BYTES_MAX = 1024


@dataclass(frozen=True, slots=True)
class Revocation:
    """A revocation that was opened: its organisation signed it."""

    signed: bytes = field(repr=False)
    node: bytes = field(compare=False)
    organisation: str = field(compare=False)
    last_counter: int = field(compare=False)
    """Records of the node up to this counter stand."""
    at_ms: int = field(compare=False)
    reason: str = field(compare=False)
    """"lost", "stolen", "retired" or "compromised"; a newer version may know more."""

    def refuses(self, record: Record) -> bool:
        """Whether the record is by this node, for this organisation, and above the cut-off."""
        return (
            record.author == self.node
            and record.organisation == self.organisation
            and record.counter > self.last_counter
        )


def revoke(
    key: OrganisationKey, *, node: bytes, organisation: str, last_counter: int, at_ms: int, reason: str
) -> bytes:
    """A SignedRevocation. `last_counter` 0 takes back everything the node ever wrote.

    Raises:
        RevocationMalformed: the reason is none of the four, or the node id none.
    """
    if reason not in REASONS:
        raise RevocationMalformed(rule="reason")
    statement = wire.RevocationStatement(
        node=node, organisation=organisation, last_counter=last_counter, at_ms=at_ms, reason=reason
    )
    _check_shape(statement)
    body = statement.SerializeToString(deterministic=True)
    return wire.SignedRevocation(statement=body, signature=key.sign(labels.REVOCATION, body)).SerializeToString(
        deterministic=True
    )


def open_revocation(signed: bytes, roster: Roster) -> Revocation:
    """Check a revocation against the roster. Any key listed for the organisation will do, also one that is over.

    Whoever loses a laptop and then replaces the key must not have the laptop believed again.

    Raises:
        RevocationMalformed: it breaks a rule of its own.
        UnknownOrganisation: the roster does not list the organisation.
        SignatureWrong: none of that organisation's keys signed it.
    """
    envelope, statement = wire.SignedRevocation(), wire.RevocationStatement()
    read(envelope, signed, RevocationMalformed, most=STATEMENT_BYTES_MAX)
    read(statement, envelope.statement, RevocationMalformed)
    _check_shape(statement)
    organisation = roster.organisation(statement.organisation)
    if organisation.signer(labels.REVOCATION, envelope.statement, envelope.signature) is None:
        raise SignatureWrong(what="revocation", organisation=statement.organisation)
    return Revocation(
        signed=signed,
        node=statement.node,
        organisation=statement.organisation,
        last_counter=statement.last_counter,
        at_ms=statement.at_ms,
        reason=statement.reason,
    )


def refused_by_revocation(record: Record, revocations: Iterable[Revocation]) -> bool:
    """Whether any of these takes the record back: of several about one node, the lowest cut-off decides."""
    return any(revocation.refuses(record) for revocation in revocations)


def _check_shape(statement: wire.RevocationStatement) -> None:
    rules = {
        "node": len(statement.node) == SUBJECT_BYTES,
        "organisation": len(statement.organisation) == 6 and statement.organisation.isascii(),
        "at": statement.at_ms > 0,
        "reason": 0 < len(statement.reason) <= 32,
    }
    require(rules, RevocationMalformed)
