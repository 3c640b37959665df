"""What this node knows of one subject, worked out once for every decision about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from moyai.v1 import exchange_pb2, facets_pb2
from node.records import kinds
from node.records.record import Record
from node.records.version import dominates
from node.release.age import surely_sixteen_from_ms
from node.release.once import once
from node.release.statements import Consented, Stayed, closes, consented, erases, municipalities, opened, stayed


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


Slots = Mapping[tuple[int, bytes], tuple[HeldRecord, ...]]
"""Records by facet and slot."""


@dataclass(frozen=True, slots=True)
class Fact:
    """The least that is a held record."""

    record: Record
    came_from: str
    basis: int = int(exchange_pb2.BASIS_INTERNAL)
    basis_record: bytes = b""
    counts: bool = True


@dataclass(frozen=True)
class SubjectKnown:
    """All that is held of one subject and counts, sorted by what it opens. Build it with `of`."""

    here: str
    subject: bytes
    facts: tuple[HeldRecord, ...]
    minted_by: str | None
    holders: frozenset[str]
    """Organisations to which something of the subject has passed, or from which something came."""
    current: Slots
    """Of what counts, the records nothing that counts dominates, by facet and slot."""
    last_words: Slots
    """Of what counts, what each organisation itself said last, by facet and slot."""
    protectors: Mapping[str, frozenset[str]]
    """Organisations whose protection stands, with the recipients each names."""
    protections: Mapping[str, bytes]
    """The same organisations, with the id of the record that protects."""

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
        protecting = [
            *_standing(words for (facet, _), words in last_words.items() if facet == kinds.PROTECTION),
            *_standing(_last_words([fact for fact in linked if fact.counts]).values()),
        ]
        protectors: dict[str, frozenset[str]] = {}
        for record, names in protecting:
            code = record.organisation
            protectors[code] = protectors[code] & names if code in protectors else names
        return cls(
            here=here,
            subject=facts[0].record.subject if facts else b"",
            facts=facts,
            minted_by=minted_by,
            holders=known_holders,
            current=_current(last_words),
            last_words=last_words,
            protectors=protectors,
            protections={record.organisation: record.id for record, _ in protecting},
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

    @once
    def voices(self) -> frozenset[str]:
        """Organisations whose word on where the person lives and stays is believed.

        Ourselves; who first registered the person; and whom a believed one names as home, host or destination. Nobody
        becomes one by naming itself. Of a protected person only our own staff is believed.
        """
        return frozenset({self.here}) if self.protected else self.voices_unprotected

    @once
    def voices_unprotected(self) -> frozenset[str]:
        """The same as if nobody protected the person: whose word weighs in what concerns keeping."""
        believed = {self.here}
        if self.minted_by:
            believed.add(self.minted_by)
        named: dict[str, set[str]] = {}
        for fact in (*self._words(kinds.RESIDENCE), *self._words(kinds.STAY)):
            named.setdefault(fact.record.organisation, set()).update(self._named[fact.record.id])
        waiting = list(believed)
        while waiting:
            for code in named.get(waiting.pop(), set()) - believed:
                believed.add(code)
                waiting.append(code)
        return frozenset(believed)

    @once
    def homes(self) -> frozenset[str]:
        """Home municipalities as the believed ones say; our own where the person is in our resident register only."""
        return self._homes(self.voices)

    @once
    def homes_as_told(self) -> frozenset[str]:
        """Home municipalities as anybody says whose word counts; enough to keep, never enough to release."""
        return self._homes(None)

    @once
    def stays(self) -> tuple[Stayed, ...]:
        """Where the person is, was or is bound for, as the believed ones say."""
        return tuple(stay for stay in self.stays_as_told if stay.said_by in self.voices)

    @once
    def stays_as_told(self) -> tuple[Stayed, ...]:
        """The same as anybody says whose word counts; enough to keep, never enough to release."""
        return tuple(stay for fact in self._heads(kinds.STAY) for stay in stayed(fact.record, self._closed_ms))

    def hosts(self, now_ms: int) -> frozenset[str]:
        """Municipalities where the person has an open or recent stay, or is bound for."""
        return frozenset(stay.municipality for stay in self.stays if stay.municipality and stay.holds(now_ms))

    @once
    def homes_in_any_case(self) -> frozenset[str]:
        """`homes`, as if nobody protected the person: for who may write, which opens nothing by itself."""
        return self._homes(self.voices_unprotected)

    def hosts_in_any_case(self, now_ms: int) -> frozenset[str]:
        """`hosts`, as if nobody protected the person."""
        return frozenset(
            stay.municipality
            for stay in self.stays_as_told
            if stay.municipality and stay.said_by in self.voices_unprotected and stay.holds(now_ms)
        )

    def municipalities(self, now_ms: int) -> frozenset[str]:
        """Where the person lives or stays; where nothing is known, our own."""
        return (self.homes | self.hosts(now_ms)) or frozenset({self.here})

    @once
    def consents(self) -> tuple[tuple[Consented, ...], ...]:
        """By slot, the consents that stand; a slot with a withdrawal among its heads is gone, whoever was faster."""
        return _consented_slots(heads for (facet, _), heads in self.current.items() if facet == kinds.CONSENT)

    @once
    def consents_as_told(self) -> tuple[tuple[Consented, ...], ...]:
        """The same with those that do not count, where nothing that counts is in their slot; enough to keep only."""
        told = [fact for fact in self.facts if fact.record.facet == kinds.CONSENT and not fact.counts]
        slots = _last_words([fact for fact in told if (kinds.CONSENT, fact.record.slot) not in self.current])
        return self.consents + _consented_slots(_maximal(heads) for heads in slots.values())

    @once
    def sixteen_ms(self) -> int | None:
        """From when on the person is surely sixteen; None: it can't be said."""
        births = []
        for fact in self._words(kinds.IDENTITY):
            if fact.record.organisation in self.voices:
                identity = opened(facets_pb2.Identity, fact.record)
                births += [identity.birth] if identity and identity.HasField("birth") else []
        for fact in self._heads(kinds.RESIDENT):
            resident = opened(facets_pb2.Resident, fact.record)
            births += [resident.birth] if resident and resident.HasField("birth") else []
        return surely_sixteen_from_ms(births)

    def is_current(self, fact: HeldRecord) -> bool:
        """Whether it counts and nothing that counts has replaced it."""
        return fact.record.id in self._current_ids

    def erased_by(self, record: Record) -> bytes | None:
        """Id of the erasure that covers a record; None: none does.

        One of the whole subject counts only from who may (asked when it arrived: what they were known by may be erased
        since). One of some facets covers what others wrote only if it is by one of `erasers`.
        """
        for by, id_, erasure in self._erasures:
            whole = not erasure.facets
            if erases(erasure, record) and (whole or by in self.erasers or by == record.organisation):
                return id_
        return None

    @once
    def _erasures(self) -> list[tuple[str, bytes, facets_pb2.Erasure]]:
        read = ((fact.record, opened(facets_pb2.Erasure, fact.record)) for fact in self._heads(kinds.ERASURE))
        return [(record.organisation, record.id, erasure) for record, erasure in read if erasure]

    @once
    def _current_ids(self) -> frozenset[bytes]:
        return frozenset(fact.record.id for heads in self.current.values() for fact in heads)

    @once
    def erasers(self) -> frozenset[str]:
        """Who may erase what others wrote: who first registered the person, and the home that one, or we, name."""
        namers = {self.here, self.minted_by}
        homes = {
            code
            for fact in self._words(kinds.RESIDENCE)
            if fact.record.organisation in namers
            for code in self._named[fact.record.id]
        }
        if any(fact.record.organisation == self.here for fact in self._heads(kinds.RESIDENT)):
            homes.add(self.here)
        return frozenset(homes | ({self.minted_by} if self.minted_by else set()))

    @once
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
                named |= self._named[fact.record.id]
        if not named and any(fact.record.organisation == self.here for fact in self._heads(kinds.RESIDENT)):
            named.add(self.here)
        return frozenset(named)

    @once
    def _named(self) -> Mapping[bytes, set[str]]:
        """Which municipalities the residences and stays name, by record id."""
        words = (*self._words(kinds.RESIDENCE), *self._words(kinds.STAY))
        return {fact.record.id: municipalities(fact.record) for fact in words}

    def _heads(self, facet: int) -> Sequence[HeldRecord]:
        return self._heads_by_facet.get(facet, ())

    def _words(self, facet: int) -> Sequence[HeldRecord]:
        return self._words_by_facet.get(facet, ())

    @once
    def _heads_by_facet(self) -> Mapping[int, list[HeldRecord]]:
        return _by_facet(self.current)

    @once
    def _words_by_facet(self) -> Mapping[int, list[HeldRecord]]:
        return self._heads_by_facet if self.last_words is self.current else _by_facet(self.last_words)


def _by_facet(slots: Slots) -> Mapping[int, list[HeldRecord]]:
    facets: dict[int, list[HeldRecord]] = {}
    for (facet, _), facts in slots.items():
        facets.setdefault(facet, []).extend(facts)
    return facets


def _last_words(counting: Sequence[HeldRecord]) -> Slots:
    groups: dict[tuple[int, bytes], list[HeldRecord]] = {}
    for fact in counting:
        groups.setdefault((fact.record.facet, fact.record.slot), []).append(fact)
    return {key: _undominated(facts, own_only=True) for key, facts in groups.items()}


def _current(last_words: Slots) -> Slots:
    """What stands of the last words; they themselves, in the usual case that nobody wrote over another."""
    if all(len(words) == 1 for words in last_words.values()):
        return last_words
    return {key: _maximal(words) for key, words in last_words.items()}


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


def _standing(groups: Iterable[tuple[HeldRecord, ...]]) -> Iterator[tuple[Record, frozenset[str]]]:
    """Last words that the person is protected, with whom they name; one that can't be read names nobody."""
    for words in groups:
        for fact in words:
            protection = opened(facets_pb2.Protection, fact.record)
            if protection is None or protection.active:
                yield fact.record, frozenset(protection.recipients) if protection else frozenset()


def _consented_slots(slots: Iterable[tuple[HeldRecord, ...]]) -> tuple[tuple[Consented, ...], ...]:
    standing = []
    for heads in slots:
        read = [consented(head.record, told_by=head.came_from) for head in heads]
        given = tuple(consent for consent in read if consent)
        if given and len(given) == len(read):
            standing.append(given)
    return tuple(standing)
