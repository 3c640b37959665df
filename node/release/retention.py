"""When what is held of a person has to be erased because the disaster is over (rule 6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from moyai.v1 import facets_pb2, record_pb2
from node.records import kinds
from node.records.clock import milliseconds
from node.release.known import SubjectKnown
from node.release.statements import DAY_MS, opened

INQUIRY_DAYS = 365
"""How long a safety inquiry and its answer are kept, unless the organisation has a rule of its own (decision 0016)."""

RETENTION_DAYS = 5 * 365
"""How long after the last closed disaster personal facets are kept, unless the organisation has a rule of its own."""

NOTICE_DAYS = 30
"""So long before it goes everybody is told that it will."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A disaster as its head tells."""

    area: frozenset[str]
    from_ms: int
    closed_at_ms: int | None


def erase_from_ms(
    known: SubjectKnown, disasters: Iterable[Declared], *, now_ms: int, retention_days: int = RETENTION_DAYS
) -> int | None:
    """From when on what is held of a person must go; None: not yet to be said.

    The period runs from the latest close of the disasters that touch where the person lives or stayed, or from when
    they last came somewhere: who comes to a shelter long after the close comes because of something that nobody has
    declared yet. While a disaster is open, or none is known, nothing runs: a missing declaration must not destroy a
    ledger.
    """
    stayed = {stay.municipality for stay in known.stays_as_told if stay.municipality}
    where = known.homes_as_told | stayed or {known.here}
    touching = [disaster for disaster in disasters if not disaster.area.isdisjoint(where)]
    if not touching or any(disaster.closed_at_ms is None or disaster.closed_at_ms > now_ms for disaster in touching):
        return None
    return max(_came_ms(known), *(disaster.closed_at_ms or 0 for disaster in touching)) + retention_days * DAY_MS


def announced_for_ms(due_ms: int, announced_ms: int | None, now_ms: int) -> int:
    """When somebody goes of whom it was announced that they go at `announced_ms`; None: nobody was told yet.

    Never before they are due, and never sooner than it was said; said anew, `NOTICE_DAYS` before.
    """
    notice = now_ms + NOTICE_DAYS * DAY_MS
    return max(due_ms, notice if announced_ms is None else min(announced_ms, notice))


def may_be_retired(known: SubjectKnown) -> bool:
    """Whether this organisation may erase the person, and holds something that retention takes.

    Of a resident whom nobody has seen since nothing was ever written but the row, and at most how to handle it.
    """
    if known.here not in known.erasers:
        return False
    of_people = [fact.record for fact in known.facts if fact.record.subject_kind == record_pb2.SUBJECT_KIND_PERSON]
    personal = {record.facet for record in of_people if falls_under_retention(record.facet)}
    registered = any(record.facet == kinds.RESIDENT for record in of_people)
    return bool(personal - kinds.PERSON_CONTROL if registered else personal)


def _came_ms(known: SubjectKnown) -> int:
    """When the person last came somewhere, as anybody tells; where nobody tells of a stay, when they were last
    written down. Never later than whoever says so said it."""
    stays, written = [0], [0]
    for (facet, _), facts in known.current.items():
        for record in (fact.record for fact in facts):
            said_ms = milliseconds(record.clock)
            if facet == kinds.STAY and (stay := opened(facets_pb2.Stay, record)):
                stays.append(min(stay.since_ms, said_ms))
            elif facet == kinds.IDENTITY:
                written.append(said_ms)
    return max(stays) or max(written)


def inquiries_end_ms(at_ms: int, touching: Iterable[Declared], *, now_ms: int, days: int) -> int | None:
    """From when on a safety inquiry must go: so many days after it was asked, or after the close of the last disaster
    that was still open then. None while one of the disasters that touch the organisation's area is open.

    Where none was ever declared the days run from the asking: an inquiry tells of two people, and serves nobody once
    nobody looks for anybody any more.
    """
    closes = [disaster.closed_at_ms for disaster in touching]
    if any(closed is None or closed > now_ms for closed in closes):
        return None
    return max(at_ms, *(closed for closed in closes if closed is not None), at_ms) + days * DAY_MS


def falls_under_retention(facet: int) -> bool:
    """Whether records of a facet go at the end: all about people but the resident register, which has a law of its own.

    What makes an erasure stick, and proves it, stays: it says nothing about the person.
    """
    stays = kinds.TRUST_CONTROL | {kinds.RESIDENT, kinds.ERASURE, kinds.RECEIPT, kinds.PLACE, kinds.STATUS, kinds.TALLY}
    return facet not in stays
