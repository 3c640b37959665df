"""Judges a batch of records about people, each by what was known before it, with one look-up for the whole batch.

The rules are `node.release.authorship` and `node.release.holding`; nothing is decided here that they do not say. What
is spared is reading a subject from the ledger again after each of its records.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from moyai.v1 import record_pb2
from node.claims import CONSENT, GRANTED
from node.holdings import NO_BASIS
from node.knowing import protections_of_linked
from node.ledger import Arrival, Writing
from node.records import kinds
from node.records.record import Record
from node.records.subjects import minted_by
from node.release.authorship import Outcome, Verdict, may_go_on, may_write
from node.release.federation import Federation
from node.release.holding import is_erased, may_hold
from node.release.known import Fact, HeldRecord, SubjectKnown
from sync.envelope import Parcel
from sync.errors import LimitPassed
from sync.limits import RECORDS_PER_SUBJECT_MAX

PERSON: Final = int(record_pb2.SUBJECT_KIND_PERSON)

_ONE_BY_ONE: Final = kinds.CONTROL | {kinds.LINK}
"""What changes more of what is known than its own slot: kept and read back before the next record is judged."""


class Candidate(Protocol):
    """A record whose seal and signer have been checked."""

    @property
    def parcel(self) -> Parcel: ...
    @property
    def record(self) -> Record: ...
    @property
    def home_node(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands the batch over, and when."""

    organisation: str
    node: bytes
    now_ms: int
    is_our_home: bool
    """Whether it is the home node of this field node: then its word decides what counts."""
    presented: bool = False
    """Whether the person themselves has shown it all here, on their card."""

    def says_it_counts(self, candidate: Candidate, verdict: Verdict) -> bool:
        """Whether decisions may rest on a record that is kept.

        A field node hears of a person piece by piece, those that withdraw and protect first, and knows less of them
        than its home node; judging for itself it would let weigh what its town hall does not.
        """
        if not self.is_our_home:
            return verdict.counts
        return candidate.parcel.basis_record != candidate.record.id


def is_judged_alone(record: Record) -> bool:
    """Whether the subject of this record must be judged record by record."""
    return record.subject_kind != PERSON or record.facet in _ONE_BY_ONE


class Judging:
    """What is known of the people a batch speaks of, as it grows record by record."""

    def __init__(
        self,
        writing: Writing,
        federation: Federation,
        organisations: Mapping[bytes, str],
        sender: Sender,
        subjects: Iterable[bytes],
    ) -> None:
        self._federation = federation
        self._sender = sender
        self._minters: dict[tuple[bytes, str], bool] = {}
        wanted = list(subjects)
        about = writing.about_many(wanted)
        self._held: dict[bytes, list[HeldRecord]] = {subject: list(held) for subject, held in about.items()}
        self._erased = {
            subject
            for subject, held in about.items()
            if any(one.is_head and one.record.facet == kinds.ERASURE for one in held)
        }
        self._linked = {subject: list(protections_of_linked(writing, held)) for subject, held in about.items() if held}
        self._holders = {
            subject: frozenset(organisations[node] for node in nodes if organisations.get(node))
            for subject, nodes in writing.holders_many(wanted).items()
        }

    def arrival(self, candidate: Candidate) -> Arrival | Verdict:
        """The record as it is to be kept, and known from now on; or why it is not kept."""
        record, parcel = candidate.record, candidate.parcel
        if self._is_too_many(record):
            return Verdict(Outcome.REFUSE, LimitPassed.reason)
        verdict = self._verdict(candidate)
        if not verdict.kept:
            return verdict
        counts = self._sender.says_it_counts(candidate, verdict)
        fact = Fact(record, self._sender.organisation, parcel.basis, parcel.basis_record, counts)
        self._held[record.subject].append(fact)
        if not self._ground_holds(fact):
            self._held[record.subject].pop()
            return Verdict(Outcome.REFUSE, NO_BASIS)
        return Arrival(record, fact.came_from, self._sender.node, parcel.basis, parcel.basis_record, counts=counts)

    def _verdict(self, candidate: Candidate) -> Verdict:
        record, here = candidate.record, self._federation.here
        registered = self._minted_by(record.subject, record.organisation)
        has_spoken = registered or any(
            one.counts and one.record.organisation == record.organisation for one in self._held[record.subject]
        )
        goes_on = may_go_on(record, here, self._federation, registered=registered, has_spoken=has_spoken)
        if goes_on is not None:
            return goes_on
        return may_write(
            record,
            self._known(record),
            self._federation,
            now_ms=self._sender.now_ms,
            came_from=self._sender.organisation,
            home_node=candidate.home_node,
            presented_card=self._sender.presented,
        )

    def _is_too_many(self, record: Record) -> bool:
        if self._sender.organisation == self._federation.here:
            return False
        held = self._held[record.subject]
        return (
            len(held) >= RECORDS_PER_SUBJECT_MAX
            and sum(one.came_from == self._sender.organisation for one in held) >= RECORDS_PER_SUBJECT_MAX
        )

    def _ground_holds(self, fact: Fact) -> bool:
        """A consent or grant must hold at once, and nothing erased comes back; the rest when the conversation is
        over."""
        rests_on_a_record = fact.basis == CONSENT or fact.basis in GRANTED
        if not rests_on_a_record and fact.record.subject not in self._erased:
            return True
        known = self._known(fact.record)
        if not rests_on_a_record:
            return not is_erased(fact.record, known)
        return may_hold(fact, known, self._federation, now_ms=self._sender.now_ms).may

    def _known(self, record: Record) -> SubjectKnown:
        subject, held = record.subject, self._held[record.subject]
        codes = {self._federation.here, record.organisation, *(one.record.organisation for one in held)}
        return SubjectKnown.of(
            held,
            here=self._federation.here,
            minted_by=next((code for code in codes if self._minted_by(subject, code)), None),
            holders=self._holders.get(subject, frozenset()),
            linked=self._linked.get(subject, ()),
        )

    def _minted_by(self, subject: bytes, code: str) -> bool:
        found = self._minters.get((subject, code))
        if found is None:
            found = self._minters[(subject, code)] = minted_by(subject, code)
        return found
