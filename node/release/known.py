"""What this node knows of one subject, worked out once for every decision about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from google.protobuf.message import DecodeError, Message

from moyai.v1 import exchange_pb2, facets_pb2
from node.records import kinds
from node.records.clock import milliseconds
from node.records.record import Record
from node.records.version import dominates
from node.release.age import surely_sixteen_from_ms

DAY_MS = 86_400_000
RECENT_STAY_DAYS = 30
"""For so long after its end a stay still joins home and host: what is owed on leaving needs time to arrive."""

_M = TypeVar("_M", bound=Message)


class HeldRecord(Protocol):
    """A record with how it came here, as the ledger keeps it."""

    @property
    def record(self) -> Record: ...
    @property
    def came_from(self) -> str: ...
    @property
    def basis(self) -> int: ...
    @property
    def basis_record(self) -> bytes: ...
    @property
    def counts(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """The least that is a held record."""

    record: Record
    came_from: str
    basis: int = int(exchange_pb2.BASIS_INTERNAL)
    basis_record: bytes = b""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Stayed:
    """That the person is, was or is on the way to somewhere."""

    municipality: str
    place: bytes
    fades_ms: int | None
    """When it stops joining home and host; None: it is open."""
    said_by: str
    """Code of the organisation that says so."""

    def holds(self, now_ms: int) -> bool:
        """Whether it is open or recent."""
        return self.fades_ms is None or now_ms < self.fades_ms


@dataclass(frozen=True, slots=True)
class Consented:
    """One consent that was given and not withdrawn."""

    record: bytes
    said_by: str
    organisations: frozenset[str]
    kinds: frozenset[int]
    all_local_governments: bool
    facets: frozenset[int]
    from_ms: int
    until_ms: int | None
    given_ms: int
    """When it was given at the latest: the earlier of its start and its writing."""
    guardian: bool

    def in_force(self, now_ms: int) -> bool:
        """Whether it stands now; the end itself is outside."""
        return self.from_ms <= now_ms and (self.until_ms is None or now_ms < self.until_ms)


@dataclass(frozen=True)
class SubjectKnown:
    """All that is held of one subject and counts, sorted by what it opens. Build it with `of`."""

    here: str
    subject: bytes
    facts: tuple[HeldRecord, ...]
    minted_by: str | None
    holders: frozenset[str]
    """Organisations to which something of the subject has passed, or from which something came."""
    current: Mapping[tuple[int, bytes], tuple[HeldRecord, ...]]
    """Of what counts, the records nothing that counts dominates, by facet and slot."""
    last_words: Mapping[tuple[int, bytes], tuple[HeldRecord, ...]]
    """Of what counts, what each organisation itself said last, by facet and slot."""
    protectors: Mapping[str, frozenset[str]]
    """Organisations whose protection stands, with the recipients each names."""

    @classmethod
    def of(
        cls,
        held: Iterable[HeldRecord],
        *,
        here: str,
        minted_by: str | None = None,
        holders: frozenset[str] = frozenset(),
        linked: Sequence[HeldRecord] = (),
    ) -> "SubjectKnown":
        """Sort what is held of one subject, history included.

        `minted_by` is the organisation that first registered the subject, as first learnt here. `holders` are the
        organisations to which something has passed. `linked` are the PROTECTION records of subjects linked as the same
        person: they protect this one too, or a duplicate would give away who hides.
        """
        facts = tuple(held)
        counting = [fact for fact in facts if fact.counts]
        last_words = _last_words(counting)
        known_holders = holders.union(
            (fact.came_from for fact in counting), (fact.record.organisation for fact in counting)
        ) - {here}
        protections = _protectors(words for (facet, _), words in last_words.items() if facet == kinds.PROTECTION)
        for code, names in _protectors(_last_words([fact for fact in linked if fact.counts]).values()).items():
            protections[code] = protections[code] & names if code in protections else names
        return cls(
            here=here,
            subject=facts[0].record.subject if facts else b"",
            facts=facts,
            minted_by=minted_by,
            holders=known_holders,
            current={key: _maximal(words) for key, words in last_words.items()},
            last_words=last_words,
            protectors=protections,
        )

    @property
    def protected(self) -> bool:
        """Whether anybody's protection stands."""
        return bool(self.protectors)

    def may_be_named(self, code: str) -> bool:
        """Whether a protected person's records may go to this organisation if a basis holds as well.

        Our own staff must have named it, and nobody else who protects the person may have left it out.
        """
        own = self.protectors.get(self.here, frozenset())
        others = (names for setter, names in self.protectors.items() if setter not in (self.here, code))
        return code in own and all(code in names for names in others)

    @cached_property
    def voices(self) -> frozenset[str]:
        """Organisations whose word on where the person lives and stays is believed.

        Ourselves; who first registered the person; and whom a believed one names as home, host or destination. Nobody
        becomes one by naming itself. Of a protected person only our own staff is believed.
        """
        believed = {self.here}
        if self.protected:
            return frozenset(believed)
        if self.minted_by:
            believed.add(self.minted_by)
        named: dict[str, set[str]] = {}
        for facet in (kinds.RESIDENCE, kinds.STAY):
            for fact in self._words(facet):
                named.setdefault(fact.record.organisation, set()).update(_municipalities(fact.record))
        waiting = list(believed)
        while waiting:
            for code in named.get(waiting.pop(), set()) - believed:
                believed.add(code)
                waiting.append(code)
        return frozenset(believed)

    @cached_property
    def homes(self) -> frozenset[str]:
        """Home municipalities as the believed ones say; our own where the person is in our resident register only."""
        return self._homes(self.voices)

    @cached_property
    def homes_as_told(self) -> frozenset[str]:
        """Home municipalities as anybody says whose word counts; enough to keep, never enough to release."""
        return self._homes(None)

    @cached_property
    def stays(self) -> tuple[Stayed, ...]:
        """Where the person is, was or is bound for, as the believed ones say."""
        return tuple(stay for stay in self.stays_as_told if stay.said_by in self.voices)

    @cached_property
    def stays_as_told(self) -> tuple[Stayed, ...]:
        """The same as anybody says whose word counts; enough to keep, never enough to release."""
        return tuple(stay for fact in self._heads(kinds.STAY) for stay in _stayed(fact.record, self._closed_ms))

    def hosts(self, now_ms: int) -> frozenset[str]:
        """Municipalities where the person has an open or recent stay, or is bound for."""
        return frozenset(stay.municipality for stay in self.stays if stay.municipality and stay.holds(now_ms))

    def municipalities(self, now_ms: int) -> frozenset[str]:
        """Where the person lives or stays; where nothing is known, our own."""
        return (self.homes | self.hosts(now_ms)) or frozenset({self.here})

    @cached_property
    def consents(self) -> tuple[tuple[Consented, ...], ...]:
        """By slot, the consents that stand; a slot with a withdrawal among its heads is gone, whoever was faster."""
        slots = []
        for (facet, _), heads in self.current.items():
            if facet == kinds.CONSENT:
                read = [_consented(head.record) for head in heads]
                given = tuple(consent for consent in read if consent)
                if given and len(given) == len(read):
                    slots.append(given)
        return tuple(slots)

    @cached_property
    def sixteen_ms(self) -> int | None:
        """From when on the person is surely sixteen; None: it can't be said."""
        births = []
        for fact in self._heads(kinds.IDENTITY):
            if fact.record.organisation in self.voices:
                identity = opened(facets_pb2.Identity, fact.record)
                births += [identity.birth] if identity and identity.HasField("birth") else []
        for fact in self._heads(kinds.RESIDENT):
            resident = opened(facets_pb2.Resident, fact.record)
            births += [resident.birth] if resident and resident.HasField("birth") else []
        return surely_sixteen_from_ms(births)

    def is_current(self, fact: HeldRecord) -> bool:
        """Whether nothing that counts has replaced it."""
        heads = self.current.get((fact.record.facet, fact.record.slot), ())
        return any(head is fact or head.record == fact.record for head in heads)

    def erased_by(self, record: Record) -> bytes | None:
        """Id of the erasure that covers a record; None: none does."""
        for fact in self._heads(kinds.ERASURE):
            erasure = opened(facets_pb2.Erasure, fact.record)
            if erasure and erases(erasure, record):
                return fact.record.id
        return None

    @cached_property
    def _closed_ms(self) -> int | None:
        """When the person's case was closed; what is open after that is taken as forgotten."""
        times = []
        for fact in self._heads(kinds.CLOSURE):
            closure = opened(facets_pb2.Closure, fact.record)
            if closure and closes(closure) and fact.record.organisation in self.voices:
                times.append(closure.at_ms)
        return min(times, default=None)

    def _homes(self, voices: frozenset[str] | None) -> frozenset[str]:
        named: set[str] = set()
        for fact in self._heads(kinds.RESIDENCE):
            if voices is None or fact.record.organisation in voices:
                named |= _municipalities(fact.record)
        if not named and any(fact.record.organisation == self.here for fact in self._heads(kinds.RESIDENT)):
            named.add(self.here)
        return frozenset(named)

    def _heads(self, facet: int) -> list[HeldRecord]:
        return [fact for (number, _), facts in self.current.items() if number == facet for fact in facts]

    def _words(self, facet: int) -> list[HeldRecord]:
        return [fact for (number, _), facts in self.last_words.items() if number == facet for fact in facts]


def opened(kind: type[_M], record: Record) -> _M | None:
    """The content of a record; None where it can't be read."""
    message = kind()
    try:
        message.ParseFromString(record.content)
    except DecodeError:
        return None
    return message


def closes(closure: facets_pb2.Closure) -> bool:
    """Whether a closure ends the case; a death only with the word of a second operator."""
    if closure.kind == facets_pb2.Closure.KIND_DIED:
        return bool(closure.confirmed_by and closure.reported_by and closure.confirmed_by != closure.reported_by)
    return closure.kind not in (facets_pb2.Closure.KIND_UNSPECIFIED, facets_pb2.Closure.KIND_REOPENED)


def erases(erasure: facets_pb2.Erasure, record: Record) -> bool:
    """Whether an erasure covers a record: everything but control, or the facets it lists up to its vector."""
    if record.facet in kinds.PERSON_CONTROL:
        return False
    if not erasure.facets:
        return True
    up_to = tuple((entry.author, entry.counter) for entry in erasure.up_to)
    return record.facet in erasure.facets and not dominates(record.version, up_to)


def _last_words(counting: Sequence[HeldRecord]) -> dict[tuple[int, bytes], tuple[HeldRecord, ...]]:
    groups: dict[tuple[int, bytes], list[HeldRecord]] = {}
    for fact in counting:
        groups.setdefault((fact.record.facet, fact.record.slot), []).append(fact)
    return {key: _undominated(facts, own_only=True) for key, facts in groups.items()}


def _maximal(facts: tuple[HeldRecord, ...]) -> tuple[HeldRecord, ...]:
    return _undominated(facts, own_only=False)


def _undominated(facts: Sequence[HeldRecord], *, own_only: bool) -> tuple[HeldRecord, ...]:
    if len(facts) == 1:
        return tuple(facts)
    return tuple(
        fact
        for fact in facts
        if not any(
            dominates(other.record.version, fact.record.version)
            for other in facts
            if other is not fact and not (own_only and other.record.organisation != fact.record.organisation)
        )
    )


def _protectors(groups: Iterable[tuple[HeldRecord, ...]]) -> dict[str, frozenset[str]]:
    """Organisations whose last word is that the person is protected; one that can't be read names nobody."""
    standing: dict[str, frozenset[str]] = {}
    for words in groups:
        for fact in words:
            protection = opened(facets_pb2.Protection, fact.record)
            if protection is None or protection.active:
                names = frozenset(protection.recipients) if protection else frozenset()
                code = fact.record.organisation
                standing[code] = standing[code] & names if code in standing else names
    return standing


def _municipalities(record: Record) -> set[str]:
    if record.facet == kinds.RESIDENCE:
        residence = opened(facets_pb2.Residence, record)
        return {residence.municipality} - {""} if residence else set()
    stay = opened(facets_pb2.Stay, record)
    return {stay.municipality, stay.destination.municipality} - {""} if stay else set()


def _stayed(record: Record, closed_ms: int | None) -> list[Stayed]:
    stay = opened(facets_pb2.Stay, record)
    if stay is None:
        return []
    where = (stay.municipality, stay.place)
    if stay.state not in (facets_pb2.STAY_STATE_LEFT, facets_pb2.STAY_STATE_TRANSFERRED):
        forgotten = closed_ms is not None and stay.since_ms <= closed_ms
        fades = closed_ms + RECENT_STAY_DAYS * DAY_MS if forgotten and closed_ms is not None else None
        return [Stayed(*where, fades, record.organisation)]
    ended = stay.until_ms if stay.HasField("until_ms") else (stay.confirmed_at_ms or stay.since_ms)
    fades = min(ended, milliseconds(record.clock)) + RECENT_STAY_DAYS * DAY_MS
    left = [Stayed(*where, fades, record.organisation)]
    if stay.destination.municipality or stay.destination.place:
        left.append(Stayed(stay.destination.municipality, stay.destination.place, fades, record.organisation))
    return left


def _consented(record: Record) -> Consented | None:
    consent = opened(facets_pb2.Consent, record)
    if consent is None or consent.HasField("withdrawn_at_ms") or not consent.given_by:
        return None
    guardian = consent.given_by == facets_pb2.GIVER_GUARDIAN
    if guardian and not consent.guardian_relation.strip():
        return None
    return Consented(
        record=record.id,
        said_by=record.organisation,
        organisations=frozenset(consent.organisations),
        kinds=frozenset(int(kind) for kind in consent.kinds),
        all_local_governments=consent.all_local_governments,
        facets=frozenset(int(facet) for facet in consent.facets),
        from_ms=consent.from_ms,
        until_ms=consent.until_ms if consent.HasField("until_ms") else None,
        given_ms=min(consent.from_ms, milliseconds(record.clock)),
        guardian=guardian,
    )
