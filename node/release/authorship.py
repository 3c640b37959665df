"""Decides what becomes of a record by who wrote it: taken, taken without weight, set aside, or turned away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from google.protobuf.message import Message

from moyai.v1 import facets_pb2, record_pb2
from node.records import kinds
from node.records.record import Record
from node.records.version import dominates
from node.release import authorship_of_public
from node.release.federation import Federation
from node.release.known import HeldRecord, SubjectKnown
from node.release.statements import closes, opened, withdrawn


class Outcome(Enum):
    """What becomes of a record."""

    TAKE = "take"
    """Kept, and counts."""
    TAKE_NOT_COUNTED = "take-not-counted"
    """Kept and shown, opens nothing, closes nothing."""
    WAIT_SECOND = "wait-second"
    """Kept and shown, counts when a second operator has confirmed it in a record of their own."""
    QUARANTINE = "quarantine"
    """Set aside with the reason; asked again when more is known."""
    REFUSE = "refuse"
    """Turned away for good."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a record, with the reason where it is not simply taken."""

    outcome: Outcome
    reason: str = ""

    @property
    def kept(self) -> bool:
        """Whether the record goes into the ledger."""
        return self.outcome in (Outcome.TAKE, Outcome.TAKE_NOT_COUNTED, Outcome.WAIT_SECOND)

    @property
    def counts(self) -> bool:
        """Whether decisions may rest on it."""
        return self.outcome is Outcome.TAKE


TAKE = Verdict(Outcome.TAKE)


@dataclass(frozen=True)
class Arrival:
    """A record with what must be known to judge its author."""

    record: Record
    known: SubjectKnown
    """What was known of the subject before."""
    federation: Federation
    now_ms: int
    came_from: str
    """Code of the organisation that handed it to us."""
    home_node: bool = True
    """Whether the author is a home node; field nodes don't speak for their organisation in matters of trust."""
    presented_card: bool = False
    """Whether the person showed their card to the author, as far as the caller has checked."""

    @property
    def author(self) -> str:
        """Code of the author's organisation."""
        return self.record.organisation

    @property
    def unknown_subject(self) -> bool:
        """Whether nothing that counts is known of the subject."""
        return not any(fact.counts for fact in self.known.facts)

    def holds(self, code: str) -> bool:
        """Whether an organisation lawfully holds the subject, as far as we know."""
        known = self.known
        return (
            code in (known.here, known.minted_by)
            or code in known.holders
            or code in known.homes_in_any_case
            or code in known.hosts_in_any_case(self.now_ms)
        )

    @property
    def lawful(self) -> bool:
        """Whether the author lawfully holds the subject, or one that does has passed its record on to us."""
        return self.unknown_subject or self.presented_card or self.holds(self.author) or self.holds(self.came_from)

    @property
    def at_home_or_host(self) -> bool:
        """Whether the author is the home municipality or has the person staying, in the eyes of those we believe."""
        known = self.known
        homes = known.homes_in_any_case or {known.minted_by}
        return self.author == known.here or self.author in homes | known.hosts_in_any_case(self.now_ms)


def may_write(
    record: Record,
    known: SubjectKnown,
    federation: Federation,
    *,
    now_ms: int,
    came_from: str,
    home_node: bool = True,
    presented_card: bool = False,
) -> Verdict:
    """What becomes of a record whose seal and signer have been checked. `known` is what was known before it.

    A verdict can change as more becomes known: ask again for what is in quarantine, and with `recount` for what was
    taken without weight.
    """
    arrival = Arrival(record, known, federation, now_ms, came_from, home_node, presented_card)
    refused = _refused_by_anybody(record, known.here, federation, known)
    if refused is not None:
        return refused
    if record.subject_kind != record_pb2.SUBJECT_KIND_PERSON:
        outcome, reason = authorship_of_public.judge(record, known, federation, home_node=home_node)
        return Verdict(Outcome(outcome), reason)
    return RULES.get(record.facet, _most)(arrival)


def may_go_on(
    record: Record, here: str, federation: Federation, *, registered: bool, has_spoken: bool
) -> Verdict | None:
    """As `may_write`, where little need be known of the person; None: ask that.

    Whoever has said something that counts is a holder, so what has no rule of its own is theirs to write. Whoever
    first registered the person, and we ourselves, need not have said anything, and also say where they live and stay.

    Args:
        record: whose seal and signer have been checked.
        here: our own code.
        federation: who is a member.
        registered: whether the author's organisation minted the person's id.
        has_spoken: whether something of theirs about the person is held and counts.
    """
    if record.subject_kind != record_pb2.SUBJECT_KIND_PERSON:
        return None
    is_first = registered or record.organisation == here
    rule = RULES.get(record.facet)
    if not is_first and (rule is not None or not has_spoken):
        return None
    if rule is not None and rule is not _whereabouts:
        return None
    return _refused_by_anybody(record, here, federation) or TAKE


def _refused_by_anybody(
    record: Record, here: str, federation: Federation, known: SubjectKnown | None = None
) -> Verdict | None:
    """What is wrong with the record by itself; of what is known only what kind of subject it is, never a person's."""
    if record.organisation != here and record.organisation not in federation.members:
        return Verdict(Outcome.REFUSE, "NOT_A_MEMBER")
    kind = SUBJECT_KIND_OF.get(record.facet)
    of_another = known is not None and _is_of_another_kind(record, known)
    if (kind is not None and kind != record.subject_kind) or of_another:
        return Verdict(Outcome.REFUSE, "FACET_OF_ANOTHER_KIND")
    message = MESSAGE_OF.get(record.facet)
    if message is not None and opened(message, record) is None:
        return Verdict(Outcome.QUARANTINE, "CONTENT_UNREADABLE")
    return None


def _is_of_another_kind(record: Record, known: SubjectKnown) -> bool:
    """Whether the subject is known as something else. Never so for a person: nobody hides one as a place."""
    if record.subject_kind in (record_pb2.SUBJECT_KIND_PERSON, record_pb2.SUBJECT_KIND_ORGANISATION):
        return False
    return any(fact.counts and fact.record.subject_kind != record.subject_kind for fact in known.facts)


def recount(known: SubjectKnown, federation: Federation, *, now_ms: int) -> frozenset[bytes]:
    """Ids of held records that did not count when they came, and would by what is known now.

    Where nothing that counts is left, nothing gains weight: else an erasure would lend it to what had none.
    """
    if not any(fact.counts for fact in known.facts):
        return frozenset()
    return frozenset(
        fact.record.id
        for fact in known.facts
        if not fact.counts and _judge_again(fact, known, federation, now_ms).counts
    )


def _judge_again(fact: HeldRecord, known: SubjectKnown, federation: Federation, now_ms: int) -> Verdict:
    return may_write(fact.record, known, federation, now_ms=now_ms, came_from=fact.came_from)


def claims_too_much(record: Record, issued: Mapping[bytes, int]) -> bool:
    """Whether a record by another claims more of our nodes than they ever issued, and would bury what they write next.

    `issued` holds the highest counter of each node whose counters we know for certain: our own.
    """
    return any(
        author in issued and author != record.author and counter > issued[author] for author, counter in record.version
    )


def _most(arrival: Arrival) -> Verdict:
    return TAKE if arrival.lawful else Verdict(Outcome.QUARANTINE, "NOT_A_HOLDER")


def _resident(arrival: Arrival) -> Verdict:
    return TAKE if arrival.author == arrival.known.here else Verdict(Outcome.REFUSE, "RESIDENT_OF_ANOTHER")


def _whereabouts(arrival: Arrival) -> Verdict:
    """Where the person lives or stays opens records: home, host, or who first registered them says it with weight."""
    if not arrival.lawful:
        return Verdict(Outcome.QUARANTINE, "NOT_A_HOLDER")
    registered = arrival.author == arrival.known.minted_by
    if arrival.unknown_subject or arrival.presented_card or arrival.at_home_or_host or registered:
        return TAKE
    return Verdict(Outcome.TAKE_NOT_COUNTED, "NOT_HOME_OR_HOST")


def _consent(arrival: Arrival) -> Verdict:
    """Taken at home or where the person stays; a withdrawal also by the organisation that took the consent."""
    if arrival.unknown_subject or arrival.at_home_or_host:
        return TAKE
    took_it = any(
        fact.counts
        and fact.record.facet == kinds.CONSENT
        and fact.record.slot == arrival.record.slot
        and fact.record.organisation == arrival.author
        for fact in arrival.known.facts
    )
    if took_it and withdrawn(arrival.record):
        return TAKE
    return Verdict(Outcome.TAKE_NOT_COUNTED, "CONSENT_TAKEN_ELSEWHERE")


def _protection(arrival: Arrival) -> Verdict:
    """Any holder may protect; only who protected may end it; nobody writes over what another said."""
    record = arrival.record
    if record.slot not in (b"", arrival.author.encode()):
        return Verdict(Outcome.QUARANTINE, "SLOT_OF_ANOTHER")
    protection = opened(facets_pb2.Protection, record)
    if protection is not None and not protection.active and arrival.author not in arrival.known.protectors:
        return Verdict(Outcome.TAKE_NOT_COUNTED, "PROTECTION_OF_ANOTHER")
    if not arrival.lawful:
        return Verdict(Outcome.TAKE_NOT_COUNTED, "NOT_A_HOLDER")
    if _writes_over_another(arrival, kinds.PROTECTION):
        return Verdict(Outcome.QUARANTINE, "REPLACES_PROTECTION_OF_ANOTHER")
    return TAKE


def _writes_over_another(arrival: Arrival, facet: int) -> bool:
    """Whether the record would put an end to what another organisation said, which then reached nobody any more."""
    return any(
        fact.record.organisation != arrival.author and dominates(arrival.record.version, fact.record.version)
        for (known, _), words in arrival.known.last_words.items()
        if known == facet
        for fact in words
    )


def _closure(arrival: Arrival) -> Verdict:
    """A closure ends what a stay opens, so only home and host close; a death needs the word of two."""
    if not arrival.lawful:
        return Verdict(Outcome.QUARANTINE, "NOT_A_HOLDER")
    if not (arrival.unknown_subject or arrival.at_home_or_host):
        return Verdict(Outcome.TAKE_NOT_COUNTED, "NOT_HOME_OR_HOST")
    closure = opened(facets_pb2.Closure, arrival.record)
    if closure is not None and closure.kind == facets_pb2.Closure.KIND_DIED:
        second = closes(closure) and closure.confirmed_by == arrival.record.operator
        return TAKE if second else Verdict(Outcome.WAIT_SECOND, "DEATH_NEEDS_A_SECOND")
    return TAKE


def _erasure(arrival: Arrival) -> Verdict:
    """By who first registered the person or their home; by an author for facets it wrote; never of someone unknown."""
    if arrival.unknown_subject:
        return Verdict(Outcome.QUARANTINE, "SUBJECT_UNKNOWN")
    if arrival.author in arrival.known.erasers:
        return TAKE
    if _writes_over_another(arrival, kinds.ERASURE):
        return Verdict(Outcome.QUARANTINE, "REPLACES_ERASURE_OF_ANOTHER")
    erasure = opened(facets_pb2.Erasure, arrival.record)
    wrote = {fact.record.facet for fact in arrival.known.facts if fact.record.organisation == arrival.author}
    if erasure is not None and erasure.facets and wrote.issuperset(int(facet) for facet in erasure.facets):
        return TAKE
    return Verdict(Outcome.REFUSE, "ERASURE_BY_ANOTHER")


def _receipt(arrival: Arrival) -> Verdict:
    receipt = opened(facets_pb2.Receipt, arrival.record)
    if receipt is not None and receipt.organisation != arrival.author:
        return Verdict(Outcome.REFUSE, "RECEIPT_FOR_ANOTHER")
    return _most(arrival)


RULES: dict[int, Callable[[Arrival], Verdict]] = {
    kinds.RESIDENT: _resident,
    kinds.RESIDENCE: _whereabouts,
    kinds.STAY: _whereabouts,
    kinds.CONSENT: _consent,
    kinds.PROTECTION: _protection,
    kinds.CLOSURE: _closure,
    kinds.ERASURE: _erasure,
    kinds.RECEIPT: _receipt,
}
"""The rule of each facet of a person that has one of its own; `_most` for the rest."""

MESSAGE_OF: dict[int, type[Message]] = {
    number: getattr(facets_pb2, name.capitalize()) for number, name in kinds.NAMES.items()
}
"""The message each facet holds, by the naming rule of the schema."""

SUBJECT_KIND_OF: dict[int, int] = {
    **{number: int(record_pb2.SUBJECT_KIND_PERSON) for number in kinds.NAMES if number <= kinds.RECEIPT},
    kinds.PLACE: int(record_pb2.SUBJECT_KIND_PLACE),
    kinds.STATUS: int(record_pb2.SUBJECT_KIND_PLACE),
    **{
        number: int(record_pb2.SUBJECT_KIND_ORGANISATION)
        for number in (kinds.ENROLMENT, kinds.REVOCATION, kinds.AGREEMENT, kinds.EMERGENCY, kinds.TALLY)
    },
    kinds.DISASTER: int(record_pb2.SUBJECT_KIND_DISASTER),
}
"""Which kind of subject each facet is about."""
