"""What the records about one person say, read as far as a decision needs it."""

from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import DecodeError, Message

from moyai.v1 import facets_pb2
from node.records import kinds
from node.records.clock import milliseconds
from node.records.record import Record
from node.records.version import Order, compare, dominates

DAY_MS = 86_400_000
RECENT_STAY_DAYS = 30
"""For so long after its end a stay still joins home and host: what is owed on leaving needs time to arrive."""

_M = TypeVar("_M", bound=Message)


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
    told_by: str
    """Code of the organisation that handed it to us."""

    def in_force(self, now_ms: int) -> bool:
        """Whether it stands now; the end itself is outside."""
        return self.from_ms <= now_ms and (self.until_ms is None or now_ms < self.until_ms)


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
    """Whether an erasure covers a record: all but control, or the facets it lists, up to its vector if it has one.

    A mistake is taken back and nothing else: what others said without knowing of it stands.
    """
    if record.facet in kinds.PERSON_CONTROL:
        return False
    if not erasure.facets:
        return True
    up_to = tuple((entry.author, entry.counter) for entry in erasure.up_to)
    if record.facet not in erasure.facets or not up_to:
        return record.facet in erasure.facets
    if erasure.ground == facets_pb2.Erasure.GROUND_MISTAKE:
        return compare(record.version, up_to) in (Order.BEFORE, Order.EQUAL)
    return not dominates(record.version, up_to)


def municipalities(record: Record) -> set[str]:
    """The municipalities a residence or a stay names."""
    if record.facet == kinds.RESIDENCE:
        residence = opened(facets_pb2.Residence, record)
        return {residence.municipality} - {""} if residence else set()
    stay = opened(facets_pb2.Stay, record)
    return {stay.municipality, stay.destination.municipality} - {""} if stay else set()


def stayed(record: Record, closed_ms: int | None) -> list[Stayed]:
    """Where a stay says the person is, was or is bound for; `closed_ms` is when the case was closed."""
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


def withdrawn(record: Record) -> bool:
    """Whether a consent record takes the consent back; one that can't be read does."""
    consent = opened(facets_pb2.Consent, record)
    return consent is None or consent.HasField("withdrawn_at_ms")


def shields(record: Record) -> bool:
    """Whether a record takes away from others and opens nothing: an erasure, a withdrawal, a protection that stands."""
    if record.facet == kinds.CONSENT:
        consent = opened(facets_pb2.Consent, record)
        return consent is not None and consent.HasField("withdrawn_at_ms")
    if record.facet == kinds.PROTECTION:
        protection = opened(facets_pb2.Protection, record)
        return protection is not None and protection.active
    return record.facet == kinds.ERASURE


def consented(record: Record, *, told_by: str) -> Consented | None:
    """A consent that stands; None where it was withdrawn, can't be read, or nobody is known to have given it."""
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
        told_by=told_by,
    )
