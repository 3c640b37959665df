"""What a peer hands over: checked, then kept or turned away with a reason; nothing on the sender's word alone.

1. Known records are dropped.
2. Shape and size (SPECIFICATION 4).
3. Signature and the chain from node to organisation to roster (SPECIFICATION 5).
4. The ground it is said to come on; then the clock, what it claims of our own nodes, and its content.
5. Whether its author may say this at all, judged by what was known before it (SPECIFICATION 6).
6. Kept; an erasure is carried out; what did not count before is judged again.

All of a batch is one transaction: durable, with its log entry, when `commit` returns. What takes the ground from under
something held, such as a withdrawal, is obeyed before the next batch is looked at.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Final

from node.claims import CONSENT, GRANTED, PERSON
from node.erasing import carry_out, is_of_a_mistake
from node.federation import StandingRoom
from node.holdings import NO_BASIS, Holdings
from node.judging import Judging, Sender, is_judged_alone
from node.knowing import known_from, known_of
from node.ledger import Arrival, Kept, Ledger, Writing
from node.records import kinds
from node.records.record import Record
from node.release.authorship import Outcome, Verdict, may_write, recount
from node.release.federation import Federation
from node.release.holding import is_erased, may_hold
from node.release.known import HeldRecord, SubjectKnown
from node.trust.certificate import NodeCertificate
from node.vetting import MENDS_ITSELF, RETRY_MS, Candidate, Turned, Vetted, Vetting, is_ahead
from node.views import CONTROL_VIEW
from node.ways import SUPPRESSED, Ways
from sync.envelope import Parcel
from sync.errors import LimitPassed
from sync.limits import RECORDS_PER_SUBJECT_MAX
from sync.ports import Peer, Tally

ROWS_AT_ONCE_MAX: Final = 64
"""Records in a batch whose people are found at once; a larger one is a bulk load, and its rows follow it."""

WAITS_FOR_OTHERS: Final = ("NOT_A_HOLDER", "SUBJECT_UNKNOWN")
"""Reasons that another record about the same subject can take away."""

_MENDED_BY: Final = {
    kinds.ENROLMENT: ("AUTHOR_UNKNOWN",),
    kinds.AGREEMENT: (NO_BASIS,),
    kinds.EMERGENCY: (NO_BASIS,),
}
"""Reasons that a record of one of these can take away from records about others."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that has been looked at and not yet kept."""

    view: int
    parcels: Sequence[Parcel]
    held: Set[bytes]
    """Ids of those that are held already."""
    vetted: Vetted


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
        came_back: Callable[[Sequence[Record]], None] = lambda _own: None,
        from_our_home: bool = False,
        presented: Sequence[NodeCertificate] | None = None,
    ) -> None:
        """`came_back` is told of what bears this node's own seal before anything is judged by what it has issued.

        `from_our_home` says that this is a field node and the peer its home node; `presented` that what comes is on a
        card which the person themselves has shown here, with the certificates on it.
        """
        self._presented = presented is not None
        self._from_our_home = from_our_home
        self._ways = Ways(peer, now_ms=now_ms)
        self._holdings = holdings
        self._ledger = ledger
        self._room = standing
        self._peer = peer
        self._now_ms = now_ms
        self._vetting = Vetting(
            ledger,
            standing,
            peer,
            node=node,
            now_ms=now_ms,
            executor=executor,
            came_back=came_back,
            shown=presented or (),
        )

    def prepare(self, view: int, parcels: Sequence[Parcel]) -> Prepared:
        """The first half of taking a batch: all that can be done while another is being kept."""
        held = self._ledger.has([parcel.record.id for parcel in parcels])
        fresh = {parcel.record.id: parcel for parcel in parcels if parcel.record.id not in held}
        return Prepared(view, parcels, held, self._vetting.vet(list(fresh.values())))

    def commit(self, prepared: Prepared) -> Tally:
        """The other half: one transaction, durable when it returns. It takes into account what was learnt since."""
        if not self._vetting.still_holds(prepared.vetted):
            prepared = self.prepare(prepared.view, prepared.parcels)
        view, vetted, ids = prepared.view, prepared.vetted, [parcel.record.id for parcel in prepared.parcels]
        with self._ledger.write() as writing:
            if len(ids) > ROWS_AT_ONCE_MAX:
                writing.put_off_rows()
            held = prepared.held
            if writing.newest_seq() != vetted.as_of:
                held = held | writing.has([one.record.id for one in vetted.candidates])
            came_before = writing.came_among(self._peer.node, [id_ for id_ in ids if id_ in held])
            self._ways.has_come_again(writing, [id_ for id_ in ids if id_ in held and id_ not in came_before])
            new, unwanted = self._keep_all(writing, [one for one in vetted.candidates if one.record.id not in held])
            turned = [*vetted.turned, *unwanted]
            self._ways.has_come(writing, [one.record.id for one in new], count=len(new))
            self._ways.was_turned_away(writing, view, turned)
        if view == CONTROL_VIEW and new:
            self._holdings.sweep(self._room.now())
        # What the peer is told rests on the record alone, never on what is known here of the person: or it could ask,
        # with a made-up note about an id it once had, which town knows someone who hides.
        aside = len(vetted.turned)
        return Tally(held=len(prepared.parcels) - aside, quarantined=aside, new=len(new))

    # --- inside the transaction: record by record, each judged by what was known before it

    def _keep_all(self, writing: Writing, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Turned]]:
        federation = self._room.now().federation
        organisations = {**writing.organisations_of_peers(), self._peer.node: self._peer.organisation}
        became = _Became()
        plain, alone, together = self._split(writing, candidates, federation.here)
        came = (self._peer.organisation, self._peer.node)
        self._keep_many(writing, [(one, Arrival(one.record, *came, one.parcel.basis)) for one in plain], became)
        judged_from = len(became.new)
        for candidate in _control_first(alone):
            refused = self._keep(writing, candidate, federation, organisations)
            if refused is None:
                became.new.append(candidate)
            else:
                became.turned.append(refused)
        self._keep_many(writing, self._judged(writing, together, federation, organisations, became), became)
        self._keep_what_has_become_lawful(writing, [*alone, *together], federation, organisations, became)
        touched = {one.record.subject for one in became.new[judged_from:]}
        writing.reconsider(self._with_news(writing, became.new, touched, federation, organisations), MENDS_ITSELF)
        writing.reconsider_all({reason for one in became.new for reason in _MENDED_BY.get(one.record.facet, ())})
        self._judge_again(writing, touched, federation, organisations)
        return became.new, became.turned

    def _with_news(
        self,
        writing: Writing,
        new: Sequence[Candidate],
        subjects: Iterable[bytes],
        federation: Federation,
        organisations: Mapping[bytes, str],
    ) -> list[bytes]:
        """Of these subjects those of which something was turned away, and of which something new is held that may stay.

        What will be let go again as soon as it is looked at is no news: else two peers, each with such a record, would
        hand them over in turns for ever.
        """
        ids = {one.record.id for one in new}
        found = []
        for subject in writing.subjects_of_turned(list(subjects), MENDS_ITSELF):
            known = known_of(writing, subject, federation.here, organisations)
            came = [fact for fact in known.facts if fact.record.id in ids]
            if any(may_hold(fact, known, federation, now_ms=self._now_ms()).may for fact in came):
                found.append(subject)
        return found

    def _keep_what_has_become_lawful(
        self,
        writing: Writing,
        candidates: Sequence[Candidate],
        federation: Federation,
        organisations: Mapping[bytes, str],
        became: "_Became",
    ) -> None:
        """What came before the record that makes its author a holder is judged once more: the order in a batch is the
        sender's, and decides nothing."""
        by_id = {one.record.id: one for one in candidates}
        more = bool(became.turned)
        while more:
            touched = {one.record.subject for one in became.new}
            again = [one for one in became.turned if _waits_for_others(one, touched)]
            taken = []
            for turned in again:
                candidate = by_id[turned.parcel.record.id]
                if self._keep(writing, candidate, federation, organisations) is None:
                    taken.append(candidate)
            ids = {one.record.id for one in taken}
            became.turned = [one for one in became.turned if one.parcel.record.id not in ids]
            became.new += taken
            more = bool(taken)

    def _split(
        self, writing: Writing, candidates: Sequence[Candidate], here: str
    ) -> tuple[list[Candidate], list[Candidate], list[Candidate]]:
        """Rows of our own resident register, which any of our own nodes may write; what is judged one by one; the rest.

        One by one goes whoever has a record in the batch that changes more than its own slot, or was ever erased.
        """
        ours = (kinds.RESIDENT, PERSON, here)
        plain: list[Candidate] = []
        rest: list[Candidate] = []
        for one in candidates:
            record = one.record
            (plain if (record.facet, record.subject_kind, record.organisation) == ours else rest).append(one)
        subjects = {one.record.subject for one in rest if is_judged_alone(one.record)}
        subjects |= writing.suppressed_among(list({one.record.subject for one in rest}))
        alone = [one for one in rest if one.record.subject in subjects]
        return plain, alone, [one for one in rest if one.record.subject not in subjects]

    def _judged(
        self,
        writing: Writing,
        candidates: Sequence[Candidate],
        federation: Federation,
        organisations: Mapping[bytes, str],
        became: "_Became",
    ) -> list[tuple[Candidate, Arrival]]:
        """Those that may be kept, each judged by what was known before it; none is kept yet."""
        sender = self._sender()
        subjects = dict.fromkeys(one.record.subject for one in candidates)
        judging = Judging(writing, federation, organisations, sender, subjects)
        taken: list[tuple[Candidate, Arrival]] = []
        for one in candidates:
            judged = judging.arrival(one)
            if isinstance(judged, Arrival):
                taken.append((one, judged))
            else:
                became.turned.append(self._refusal(one, judged))
        return taken

    def _keep_many(self, writing: Writing, taken: Sequence[tuple[Candidate, Arrival]], became: "_Became") -> None:
        if not taken:
            return
        outcomes = writing.keep_many([arrival for _, arrival in taken])
        for (one, _), outcome in zip(taken, outcomes, strict=True):
            if outcome is Kept.SUPPRESSED:
                became.turned.append(Turned(one.parcel, one.record, SUPPRESSED, evidence=False))
            else:
                became.new.append(one)
        self._observe_clocks(writing, [one.record for one, _ in taken])

    def _keep(
        self, writing: Writing, candidate: Candidate, federation: Federation, organisations: Mapping[bytes, str]
    ) -> Turned | None:
        record, parcel = candidate.record, candidate.parcel
        if self._is_too_many(writing, record, federation.here):
            return Turned(parcel, record, LimitPassed.reason, evidence=False)
        verdict = may_write(
            record,
            self._known(writing, record, federation.here, organisations),
            federation,
            now_ms=self._now_ms(),
            came_from=self._peer.organisation,
            home_node=candidate.home_node,
            presented_card=self._presented,
        )
        if not verdict.kept:
            return self._refusal(candidate, verdict)
        counts = self._sender().says_it_counts(candidate, verdict)
        kept = writing.keep(
            record,
            came_from=self._peer.organisation,
            came_from_node=self._peer.node,
            basis=parcel.basis,
            basis_record=parcel.basis_record,
            counts=counts,
        )
        if kept is Kept.SUPPRESSED:
            return Turned(parcel, record, SUPPRESSED, evidence=False)
        self._observe_clocks(writing, [record])
        if record.facet == kinds.ERASURE and counts:
            self._erase(writing, record, known_of(writing, record.subject, federation.here, organisations))
        if not self._ground_holds(writing, candidate, federation, organisations):
            writing.erase_records([record.id])
            return Turned(parcel, record, NO_BASIS, evidence=False)
        return None

    def _erase(self, writing: Writing, erasure: Record, known: SubjectKnown) -> None:
        """Carry it out, and confirm it in the same transaction: who ordered it waits for the word of every holder.

        To another organisation we confirm as well that there was nothing: it sent us some on a stick that was lost, or
        we had some before we were put back from a backup, and it would wait for ever.
        """
        erased = carry_out(writing, erasure, known)
        if is_of_a_mistake(erasure):
            return
        if erased.ids or erasure.organisation != known.here:
            self._holdings.receipts.confirm_erasure(writing, erasure, erased)

    def _observe_clocks(self, writing: Writing, records: Sequence[Record]) -> None:
        """What is taken at once although its clock is far ahead does not take ours along: others would set us aside."""
        now_ms = self._now_ms()
        clocks = [record.clock for record in records if not is_ahead(record, now_ms)]
        if clocks:
            writing.observe_clock(max(clocks), now_ms)

    def _sender(self) -> Sender:
        return Sender(self._peer.organisation, self._peer.node, self._now_ms(), self._from_our_home, self._presented)

    def _is_too_many(self, writing: Writing, record: Record, here: str) -> bool:
        """Judging a record takes the longer the more there are of its subject, and whoever writes waits for it."""
        if self._peer.organisation == here:
            return False
        standing = record.subject_kind != PERSON
        held = writing.count_from(record.subject, self._peer.organisation, heads_only=standing)
        return held >= RECORDS_PER_SUBJECT_MAX

    def _known(self, writing: Writing, record: Record, here: str, organisations: Mapping[bytes, str]) -> SubjectKnown:
        """What is known of the subject; of places and the like their history decides nothing, and can be long."""
        if record.subject_kind == PERSON:
            return known_of(writing, record.subject, here, organisations, also=record.organisation)
        return known_from(
            writing, record.subject, writing.heads(record.subject), here, organisations, also=record.organisation
        )

    def _refusal(self, candidate: Candidate, verdict: Verdict) -> Turned:
        personal = candidate.record.subject_kind == PERSON and candidate.record.facet not in kinds.PERSON_CONTROL
        set_aside = verdict.outcome is Outcome.QUARANTINE
        return Turned(
            candidate.parcel,
            candidate.record,
            verdict.reason,
            evidence=set_aside or not personal,
            retry_at_ms=self._now_ms() + RETRY_MS if set_aside and verdict.reason in MENDS_ITSELF else None,
        )

    def _ground_holds(
        self, writing: Writing, candidate: Candidate, federation: Federation, organisations: Mapping[bytes, str]
    ) -> bool:
        """A consent or grant must hold at once, and nothing erased comes back. What rests on home and host is judged
        when
        the conversation is over, because the records that tell of them may come after this one."""
        rests_on_a_record = candidate.parcel.basis == CONSENT or candidate.parcel.basis in GRANTED
        if not rests_on_a_record and not writing.heads(candidate.record.subject, kinds.ERASURE):
            return True
        known = known_of(writing, candidate.record.subject, federation.here, organisations)
        if not rests_on_a_record:
            return not is_erased(candidate.record, known)
        fact = _fact(known, candidate.record.id)
        return fact is not None and may_hold(fact, known, federation, now_ms=self._now_ms()).may

    def _judge_again(
        self,
        writing: Writing,
        subjects: Iterable[bytes],
        federation: Federation,
        organisations: Mapping[bytes, str],
    ) -> None:
        """What was kept without weight may count now that more is known."""
        for subject in writing.with_uncounted(list(subjects)):
            known = known_of(writing, subject, federation.here, organisations)
            for id_ in recount(known, federation, now_ms=self._now_ms()):
                writing.set_counts(id_, True)


@dataclass(slots=True)
class _Became:
    """What became of the candidates so far."""

    new: list[Candidate] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)


def _waits_for_others(turned: Turned, touched: Set[bytes]) -> bool:
    """Whether a record was set aside for want of another, and its subject has others now."""
    return turned.record is not None and turned.reason in WAITS_FOR_OTHERS and turned.record.subject in touched


def _control_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """What says who may believe and hold what goes before what is believed and held; the sender's order otherwise."""
    return sorted(candidates, key=lambda one: one.record.facet not in kinds.CONTROL)


def _fact(known: SubjectKnown, id_: bytes) -> HeldRecord | None:
    return next((fact for fact in known.facts if fact.record.id == id_), None)
