"""What a peer hands over: checked, then kept or turned away with a reason; nothing on the sender's word alone.

1. Known records are dropped.
2. Shape and size (SPECIFICATION 4).
3. Signature and the chain from node to organisation to roster (SPECIFICATION 5).
4. The ground it is said to come on; then the clock, what it claims of our own nodes, and its content.
5. Whether its author may say this at all, judged by what was known before it (SPECIFICATION 6).
6. Kept; an erasure is carried out; what did not count before is judged again.

All of a batch is one transaction: durable, with its log entry, when `take` returns. What takes the ground from under
something held, such as a withdrawal, is obeyed before the next batch is looked at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from moyai.v1 import trust_pb2
from node.claims import CONSENT, GRANTED, PERSON, claim_holds
from node.erasing import carry_out
from node.errors import ContentMalformed, RecordRefused
from node.federation import Standing, StandingRoom
from node.holdings import NO_BASIS, OPERATOR, Holdings
from node.knowing import known_from, known_of
from node.ledger import Arrival, AuditEntry, Direction, Kept, Ledger, TurnedAway, Writing
from node.people.facets import from_content
from node.records import kinds
from node.records.clock import milliseconds
from node.records.record import Record, open_record
from node.release.authorship import Outcome, Verdict, claims_too_much, may_write, recount
from node.release.holding import may_hold
from node.release.known import HeldRecord, SubjectKnown
from node.trust.believed import Believed
from node.trust.certificate import NodeCertificate
from node.views import CONTROL_VIEW
from sync.envelope import Parcel
from sync.errors import LimitPassed, MoyaiError
from sync.limits import CLOCK_AHEAD_MS_MAX, RECORDS_PER_SUBJECT_MAX, SET_ASIDE_PER_PEER_MAX
from sync.ports import Peer, Tally

HOME_NODE: Final = int(trust_pb2.NODE_KIND_HOME)

SUPPRESSED: Final = "SUPPRESSED"
CLOCK_AHEAD: Final = "CLOCK_AHEAD"
VERSION_CLAIM: Final = "VERSION_CLAIM"

RETRY_MS: Final = 600_000
"""How long what may mend itself waits before it is looked at again without the peer."""

_MENDS_ITSELF: Final = (
    "NOT_A_HOLDER",
    "SUBJECT_UNKNOWN",
    "AUTHOR_UNKNOWN",
    "UNKNOWN_ORGANISATION",
    "SIGNATURE_WRONG",
    VERSION_CLAIM,
    NO_BASIS,
)
"""Reasons that new knowledge can take away."""

_MENDED_BY: Final = {
    kinds.ENROLMENT: ("AUTHOR_UNKNOWN",),
    kinds.AGREEMENT: (NO_BASIS,),
    kinds.EMERGENCY: (NO_BASIS,),
}
"""Reasons that a record of one of these can take away from records about others."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A record on its way in, with what has been found out about it."""

    parcel: Parcel
    record: Record
    home_node: bool


@dataclass(frozen=True, slots=True)
class _Turned:
    """A parcel that is not taken."""

    parcel: Parcel
    record: Record | None
    reason: str
    evidence: bool
    """Whether it is kept in quarantine; what holds personal data without a ground is not."""
    retry_at_ms: int | None = None


class NodeInbox:
    """The `Inbox` for one peer."""

    def __init__(
        self,
        ledger: Ledger,
        standing: StandingRoom,
        peer: Peer,
        *,
        node: bytes,
        holdings: Holdings,
        now_ms: Callable[[], int],
        executor: Executor | None = None,
    ) -> None:
        self._holdings = holdings
        self._ledger = ledger
        self._room = standing
        self._peer = peer
        self._node = node
        self._now_ms = now_ms
        self._executor = executor

    def take(self, view: int, parcels: Sequence[Parcel]) -> Tally:
        """Take a batch; durable when it returns."""
        held = self._ledger.has([parcel.record.id for parcel in parcels])
        fresh = list({parcel.record.id: parcel for parcel in parcels if parcel.record.id not in held}.values())
        candidates, unsound = self._checked(fresh)
        with self._ledger.write() as writing:
            new, unwanted = self._keep_all(writing, candidates)
            turned = unsound + unwanted
            self._note_known(writing, [parcel.record.id for parcel in parcels if parcel.record.id in held])
            writing.mark_passed(self._peer.node, [parcel.record.id for parcel in parcels], Direction.IN)
            self._turn_away(writing, view, turned)
            self._clear(writing, new, turned)
            writing.log(self._entry("receive", count=len(new)))
        if view == CONTROL_VIEW and new:
            self._holdings.sweep(self._room.now())
        # What the peer is told rests on the record alone, never on what is known here of the person: or it could ask,
        # with a made-up note about an id it once had, which town knows someone who hides.
        aside = len(unsound)
        return Tally(held=len(parcels) - aside, quarantined=aside, new=len(new))

    def _clear(self, writing: Writing, new: Sequence[_Candidate], turned: Sequence[_Turned]) -> None:
        """What is kept is set aside no longer, and what may not even be kept as evidence is nowhere."""
        kept = [candidate.record.id for candidate in new]
        writing.forget_turned(kept)
        for id_ in (*kept, *(one.parcel.record.id for one in turned if not one.evidence)):
            writing.drop_quarantine(id_)

    def _note_known(self, writing: Writing, ids: Sequence[bytes]) -> None:
        """What we know already has now come from this peer as well: their view of it is to be worked out again."""
        if not ids:
            return
        passed = writing.passed(self._peer.node)
        subjects = {held.record.subject for held in writing.records([id_ for id_ in ids if id_ not in passed])}
        writing.recheck_now(self._peer.node, subjects)

    # --- before the transaction: what needs no knowledge of the subject

    def _checked(self, parcels: Sequence[Parcel]) -> tuple[list[_Candidate], list[_Turned]]:
        turned: list[_Turned] = []
        opened: list[tuple[Parcel, Record]] = []
        for parcel in parcels:
            try:
                opened.append((parcel, open_record(parcel.record)))
            except RecordRefused as refusal:
                turned.append(_Turned(parcel, None, refusal.reason, evidence=True))
        standing = self._room.now()
        candidates: list[_Candidate] = []
        issued = self._issued(opened, standing)
        for (parcel, record), vouched in zip(opened, self._vouched(opened, standing.believed), strict=True):
            founded = claim_holds(self._ledger, parcel, record, standing, self._peer.organisation)
            if not isinstance(vouched, NodeCertificate):
                retry = self._now_ms() + RETRY_MS if vouched.reason in _MENDS_ITSELF else None
                turned.append(_Turned(parcel, record, vouched.reason, evidence=founded, retry_at_ms=retry))
                continue
            refusal_of_claim = self._claim_refused(parcel, record, issued, founded=founded)
            if refusal_of_claim is not None:
                turned.append(refusal_of_claim)
            else:
                candidates.append(_Candidate(parcel, record, vouched.kind == HOME_NODE))
        return candidates, turned

    def _vouched(
        self, opened: Sequence[tuple[Parcel, Record]], believed: Believed
    ) -> Sequence[NodeCertificate | MoyaiError]:
        """Signature and chain of each; enrolments in the batch vouch for what else is in it."""
        records = [record for _, record in opened]
        return believed.learn(records).judge_many(records, self._executor)

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

    def _claim_refused(
        self, parcel: Parcel, record: Record, issued: Mapping[bytes, int], *, founded: bool
    ) -> _Turned | None:
        """What is wrong with the record by itself; it is kept as evidence only where the ground could be one."""
        if not founded:
            return _Turned(parcel, record, NO_BASIS, evidence=False)
        due_ms = milliseconds(record.clock) - CLOCK_AHEAD_MS_MAX
        if due_ms > self._now_ms():
            return _Turned(parcel, record, CLOCK_AHEAD, evidence=True, retry_at_ms=due_ms)
        if claims_too_much(record, issued) or self._claims_skipped(record):
            return _Turned(parcel, record, VERSION_CLAIM, evidence=True, retry_at_ms=self._now_ms() + RETRY_MS)
        try:
            from_content(record.facet, record.content)
        except ContentMalformed as refusal:
            return _Turned(parcel, record, refusal.reason, evidence=True)
        return None

    def _claims_skipped(self, record: Record) -> bool:
        claimed = dict(record.version).get(self._node, 0)
        return record.author != self._node and bool(claimed) and self._ledger.was_skipped(claimed)

    # --- inside the transaction: record by record, each judged by what was known before it

    def _keep_all(self, writing: Writing, candidates: Sequence[_Candidate]) -> tuple[list[_Candidate], list[_Turned]]:
        organisations = {**writing.organisations_of_peers(), self._peer.node: self._peer.organisation}
        new: list[_Candidate] = []
        turned: list[_Turned] = []
        touched: set[bytes] = set()
        plain, judged = self._split(candidates)
        new += self._keep_plain(writing, plain, turned)
        for candidate in _control_first(judged):
            refused = self._keep(writing, candidate, organisations)
            if refused is None:
                new.append(candidate)
                touched.add(candidate.record.subject)
            else:
                turned.append(refused)
        writing.reconsider(touched, _MENDS_ITSELF)
        writing.reconsider_all({reason for one in new for reason in _MENDED_BY.get(one.record.facet, ())})
        self._judge_again(writing, touched, organisations)
        return new, turned

    def _split(self, candidates: Sequence[_Candidate]) -> tuple[list[_Candidate], list[_Candidate]]:
        """Rows of our own resident register, which any of our own nodes may write, apart: a laptop gets thousands."""
        here = self._room.now().federation.here
        ours = (kinds.RESIDENT, PERSON, here)
        plain = [
            one for one in candidates if (one.record.facet, one.record.subject_kind, one.record.organisation) == ours
        ]
        ids = {one.record.id for one in plain}
        return plain, [one for one in candidates if one.record.id not in ids]

    def _keep_plain(
        self, writing: Writing, candidates: Sequence[_Candidate], turned: list[_Turned]
    ) -> list[_Candidate]:
        arrivals = [
            Arrival(one.record, self._peer.organisation, self._peer.node, one.parcel.basis) for one in candidates
        ]
        for one in candidates:
            writing.observe_clock(one.record.clock, self._now_ms())
        kept: list[_Candidate] = []
        for one, outcome in zip(candidates, writing.keep_many(arrivals), strict=True):
            if outcome is Kept.SUPPRESSED:
                turned.append(_Turned(one.parcel, one.record, SUPPRESSED, evidence=False))
            else:
                kept.append(one)
        return kept

    def _keep(self, writing: Writing, candidate: _Candidate, organisations: dict[bytes, str]) -> _Turned | None:
        record, parcel = candidate.record, candidate.parcel
        federation = self._room.now().federation
        if self._is_too_many(writing, record):
            return _Turned(parcel, record, LimitPassed.reason, evidence=False)
        verdict = may_write(
            record,
            self._known(writing, record, organisations),
            federation,
            now_ms=self._now_ms(),
            came_from=self._peer.organisation,
            home_node=candidate.home_node,
        )
        if not verdict.kept:
            return self._refusal(candidate, verdict)
        kept = writing.keep(
            record,
            came_from=self._peer.organisation,
            came_from_node=self._peer.node,
            basis=parcel.basis,
            basis_record=parcel.basis_record,
            counts=verdict.counts,
        )
        if kept is Kept.SUPPRESSED:
            return _Turned(parcel, record, SUPPRESSED, evidence=False)
        writing.observe_clock(record.clock, self._now_ms())
        if record.facet == kinds.ERASURE and verdict.counts:
            carry_out(writing, record, known_of(writing, record.subject, federation.here, organisations))
        if not self._ground_holds(writing, candidate, organisations):
            writing.erase_records([record.id])
            return _Turned(parcel, record, NO_BASIS, evidence=False)
        return None

    def _is_too_many(self, writing: Writing, record: Record) -> bool:
        """Judging a record takes the longer the more there are of its subject, and whoever writes waits for it."""
        if self._peer.organisation == self._room.now().federation.here:
            return False
        standing = record.subject_kind != PERSON
        held = writing.count_from(record.subject, self._peer.organisation, heads_only=standing)
        return held >= RECORDS_PER_SUBJECT_MAX

    def _known(self, writing: Writing, record: Record, organisations: dict[bytes, str]) -> SubjectKnown:
        """What is known of the subject; of places and the like their history decides nothing, and can be long."""
        here = self._room.now().federation.here
        if record.subject_kind == PERSON:
            return known_of(writing, record.subject, here, organisations, also=record.organisation)
        return known_from(
            writing, record.subject, writing.heads(record.subject), here, organisations, also=record.organisation
        )

    def _refusal(self, candidate: _Candidate, verdict: Verdict) -> _Turned:
        personal = candidate.record.subject_kind == PERSON and candidate.record.facet not in kinds.PERSON_CONTROL
        set_aside = verdict.outcome is Outcome.QUARANTINE
        return _Turned(
            candidate.parcel,
            candidate.record,
            verdict.reason,
            evidence=set_aside or not personal,
            retry_at_ms=self._now_ms() + RETRY_MS if set_aside and verdict.reason in _MENDS_ITSELF else None,
        )

    def _ground_holds(self, writing: Writing, candidate: _Candidate, organisations: dict[bytes, str]) -> bool:
        """A consent or grant must hold at once, and nothing erased comes back. What rests on home and host is judged
        when
        the conversation is over, because the records that tell of them may come after this one."""
        rests_on_a_record = candidate.parcel.basis == CONSENT or candidate.parcel.basis in GRANTED
        if not rests_on_a_record and not writing.heads(candidate.record.subject, kinds.ERASURE):
            return True
        federation = self._room.now().federation
        known = known_of(writing, candidate.record.subject, federation.here, organisations)
        fact = _fact(known, candidate.record.id)
        return fact is not None and may_hold(fact, known, federation, now_ms=self._now_ms()).may

    def _judge_again(self, writing: Writing, subjects: Iterable[bytes], organisations: dict[bytes, str]) -> None:
        """What was kept without weight may count now that more is known."""
        federation = self._room.now().federation
        for subject in writing.with_uncounted(list(subjects)):
            known = known_of(writing, subject, federation.here, organisations)
            for id_ in recount(known, federation, now_ms=self._now_ms()):
                writing.set_counts(id_, True)

    def _turn_away(self, writing: Writing, view: int, turned: Sequence[_Turned]) -> None:
        writing.turn_away(
            self._peer.node,
            [
                TurnedAway(
                    record=one.parcel.record.id,
                    view=view,
                    subject=one.record.subject if one.record else b"",
                    reason=one.reason,
                    basis=one.parcel.basis,
                    basis_record=one.parcel.basis_record,
                )
                for one in turned
            ],
        )
        wanted = any(one.evidence for one in turned)
        room = SET_ASIDE_PER_PEER_MAX - writing.set_aside_from(self._peer.node) if wanted else 0
        for one in turned:
            if one.evidence and room > 0:
                room -= 1
                writing.quarantine(
                    one.parcel.record,
                    one.reason,
                    came_from_node=self._peer.node,
                    at_ms=self._now_ms(),
                    retry_at_ms=one.retry_at_ms,
                )
            writing.log(self._entry("refuse", purpose=one.reason, record=one.record))

    def _entry(self, act: str, *, purpose: str = "", record: Record | None = None, count: int = 1) -> AuditEntry:
        return AuditEntry(
            at_ms=self._now_ms(),
            act=act,
            operator=OPERATOR,
            node=self._peer.node,
            organisation=self._peer.organisation,
            purpose=purpose,
            subject=record.subject if record else None,
            facets=(record.facet,) if record else (),
            record=record.id if record else None,
            count=count,
        )


def _control_first(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """What says who may believe and hold what goes before what is believed and held; the sender's order otherwise."""
    return sorted(candidates, key=lambda one: one.record.facet not in kinds.CONTROL)


def _fact(known: SubjectKnown, id_: bytes) -> HeldRecord | None:
    return next((fact for fact in known.facts if fact.record.id == id_), None)
