"""When what is held of a person has to be erased because the disaster is over (rule 6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from node.records import kinds
from node.release.known import SubjectKnown
from node.release.statements import DAY_MS

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


def falls_under_retention(facet: int) -> bool:
    """Whether records of a facet go at the end: all about people but the resident register, which has a law of its own.

    What makes an erasure stick, and proves it, stays: it says nothing about the person.
    """
    stays = kinds.TRUST_CONTROL | {kinds.RESIDENT, kinds.ERASURE, kinds.RECEIPT, kinds.PLACE, kinds.STATUS, kinds.TALLY}
    return facet not in stays
