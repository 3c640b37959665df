"""Vets what a peer hands over before the ledger is asked to write: all that needs no transaction of its own.

Shape and size, seal and signer, the ground a parcel is said to come on, its clock, what it claims of our own nodes, its
content. Runs beside the writer; what it found out is good only as long as the standing it rests on.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from moyai.v1 import trust_pb2
from node.claims import Grounds
from node.errors import ContentMalformed, RecordRefused
from node.federation import Standing, StandingRoom
from node.holdings import NO_BASIS
from node.ledger import Ledger
from node.people.facets import from_content
from node.records.clock import milliseconds
from node.records.record import Record, open_record
from node.release.authorship import claims_too_much
from node.release.statements import shields
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate
from sync.envelope import Parcel
from sync.errors import MoyaiError
from sync.limits import CLOCK_AHEAD_MS_MAX
from sync.ports import Peer

HOME_NODE: Final = int(trust_pb2.NODE_KIND_HOME)

CLOCK_AHEAD: Final = "CLOCK_AHEAD"
VERSION_CLAIM: Final = "VERSION_CLAIM"

RETRY_MS: Final = 600_000
"""How long what may mend itself waits before it is looked at again without the peer."""

MENDS_ITSELF: Final = (
    "NOT_A_HOLDER",
    "SUBJECT_UNKNOWN",
    "AUTHOR_UNKNOWN",
    "UNKNOWN_ORGANISATION",
    "SIGNATURE_WRONG",
    VERSION_CLAIM,
    NO_BASIS,
)
"""Reasons that new knowledge can take away."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record on its way in, with what has been found out about it."""

    parcel: Parcel
    record: Record
    home_node: bool


@dataclass(frozen=True, slots=True)
class Turned:
    """A parcel that is not taken."""

    parcel: Parcel
    record: Record | None
    reason: str
    evidence: bool
    """Whether it is kept in quarantine; what holds personal data without a ground is not."""
    retry_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Vetted:
    """What the vetting found."""

    standing: Standing
    as_of: int
    """The newest sequence number when it began."""
    candidates: Sequence[Candidate]
    turned: Sequence[Turned]


class Vetting:
    """Vets the parcels of one peer."""

    def __init__(
        self,
        ledger: Ledger,
        room: StandingRoom,
        peer: Peer,
        *,
        node: bytes,
        now_ms: Callable[[], int],
        executor: Executor | None,
        came_back: Callable[[Sequence[Record]], None] = lambda _own: None,
        shown: Sequence[NodeCertificate] = (),
    ) -> None:
        """`came_back` is told of what bears this node's own seal before anything is judged by what it has issued;
        `shown` are certificates that came with the records."""
        self._shown = shown
        self._came_back = came_back
        self._ledger = ledger
        self._room = room
        self._peer = peer
        self._node = node
        self._now_ms = now_ms
        self._executor = executor

    def vet(self, parcels: Sequence[Parcel]) -> Vetted:
        """Look at these, none of which is held, each once."""
        as_of, standing, now_ms = self._ledger.newest_seq(), self._room.now(), self._now_ms()
        turned: list[Turned] = []
        opened: list[tuple[Parcel, Record]] = []
        for parcel in parcels:
            try:
                opened.append((parcel, open_record(parcel.record)))
            except RecordRefused as refusal:
                turned.append(Turned(parcel, None, refusal.reason, evidence=True))
        candidates: list[Candidate] = []
        judged = list(zip(opened, self._vouched(opened, standing.believed), strict=True))
        own = [one for (_, one), vouched in judged if one.author == self._node and isinstance(vouched, NodeCertificate)]
        if own:
            self._came_back(own)
        issued = self._issued(opened, standing)
        grounds = Grounds(self._ledger, standing, self._peer.organisation)
        for (parcel, record), vouched in judged:
            founded = grounds.may_carry(parcel, record)
            if not isinstance(vouched, NodeCertificate):
                retry = now_ms + RETRY_MS if vouched.reason in MENDS_ITSELF else None
                turned.append(Turned(parcel, record, vouched.reason, evidence=founded, retry_at_ms=retry))
                continue
            refused = self._claim_refused(parcel, record, issued, now_ms) if founded else _groundless(parcel, record)
            if refused is not None:
                turned.append(refused)
            else:
                candidates.append(Candidate(parcel, record, vouched.kind == HOME_NODE))
        return Vetted(standing, as_of, candidates, turned)

    def still_holds(self, vetted: Vetted) -> bool:
        """Whether nothing has been learnt since that could change what was found."""
        if vetted.standing is not self._room.now():
            return False
        return not vetted.turned or vetted.as_of == self._ledger.newest_seq()

    def _vouched(
        self, opened: Sequence[tuple[Parcel, Record]], believed: Believed
    ) -> Sequence[NodeCertificate | MoyaiError]:
        """Signature and chain of each; enrolments in the batch vouch for what else is in it."""
        records = [record for _, record in opened]
        return believed.shown(self._shown).learn(records).judge_many(records, self._executor)

    def _issued(self, opened: Sequence[tuple[Parcel, Record]], standing: Standing) -> dict[bytes, int]:
        """Of our own nodes, the highest counter anybody elsewhere can have seen: the others have ours from here alone.

        Those of our field nodes are looked up only where a record of another organisation names them.
        """
        issued = {self._node: self._ledger.counter()}
        if self._peer.organisation != standing.federation.here:
            named = {
                author
                for _, record in opened
                if record.organisation != standing.federation.here
                for author, _ in record.version
            }
            own = {certificate.node for certificate in standing.believed.nodes_of(standing.federation.here)}
            issued |= {node: self._ledger.highest_counter(node) for node in named & own - {self._node}}
        return issued

    def _claim_refused(self, parcel: Parcel, record: Record, issued: Mapping[bytes, int], now_ms: int) -> Turned | None:
        """What is wrong with the record by itself."""
        if is_ahead(record, now_ms) and not shields(record):
            return Turned(parcel, record, CLOCK_AHEAD, evidence=True, retry_at_ms=_due_ms(record))
        names_others = len(record.version) > 1
        if names_others and (claims_too_much(record, issued) or self._claims_skipped(record)):
            return Turned(parcel, record, VERSION_CLAIM, evidence=True, retry_at_ms=now_ms + RETRY_MS)
        try:
            from_content(record.facet, record.content)
        except ContentMalformed as refusal:
            return Turned(parcel, record, refusal.reason, evidence=True)
        return None

    def _claims_skipped(self, record: Record) -> bool:
        claimed = dict(record.version).get(self._node, 0)
        return record.author != self._node and bool(claimed) and self._ledger.was_skipped(claimed)


def is_ahead(record: Record, now_ms: int) -> bool:
    """Whether it comes from a clock that is farther ahead than clocks go wrong by themselves."""
    return _due_ms(record) > now_ms


def _due_ms(record: Record) -> int:
    return milliseconds(record.clock) - CLOCK_AHEAD_MS_MAX


def _groundless(parcel: Parcel, record: Record) -> Turned:
    """Kept as evidence only where the ground could be one."""
    return Turned(parcel, record, NO_BASIS, evidence=False)
