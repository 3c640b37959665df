"""When what is held of a person has to be erased because the disaster is over (rule 6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from node.records import kinds
from node.release.known import SubjectKnown
from node.release.statements import DAY_MS

INQUIRY_DAYS = 365
"""How long a safety inquiry and its answer are kept, unless the organisation has a rule of its own (decision 0016)."""

RETENTION_DAYS = 5 * 365
"""How long after the last closed disaster personal facets are kept, unless the organisation has a rule of its own."""


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

    The period runs from the latest close of the disasters that touch where the person lives or stayed. While one of
    them is open, or none is known, nothing runs: a missing declaration must not destroy a ledger.
    """
    stayed = {stay.municipality for stay in known.stays_as_told if stay.municipality}
    where = known.homes_as_told | stayed or {known.here}
    touching = [disaster for disaster in disasters if not disaster.area.isdisjoint(where)]
    if not touching or any(disaster.closed_at_ms is None or disaster.closed_at_ms > now_ms for disaster in touching):
        return None
    return max(disaster.closed_at_ms or 0 for disaster in touching) + retention_days * DAY_MS


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
