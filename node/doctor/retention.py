"""Whether anybody is about to be erased because the retention period ends, so that nobody is surprised."""

from collections.abc import Iterator, Mapping

from node.believable import Doubt, doubt_of
from node.doctor.finding import Finding, Grade
from node.installation import Installation
from node.retention_of_people import Foretold


def look(node: Installation) -> Iterator[Finding]:
    """Who goes in the next 30 days; the laptops of a town hall leave that to it."""
    if not node.is_home:
        yield Finding("retention", "laptop")
        return
    now = node.now_ms()
    foretold = node.people_retention.foretold()
    doubt = doubt_of(node.ledger, node.room, node.config.organisation, now) if foretold.soon else None
    yield judge(foretold, doubt, now)


def judge(foretold: Foretold, doubt: Doubt | None, now_ms: int) -> Finding:
    """By how many there are, and what speaks against erasing them now."""
    if not foretold.soon or foretold.first_ms is None:
        return Finding("retention", "nobody")
    left = max(0, foretold.first_ms - now_ms)
    values: dict[str, str | int] = {"people": foretold.soon, "left_ms": left}
    if doubt is not None:
        return _waiting(doubt, values)
    return Finding("retention", "soon", Grade.WARN, values)


def _waiting(doubt: Doubt, values: Mapping[str, str | int]) -> Finding:
    match doubt:
        case Doubt.ROSTER:
            return Finding("retention", "waits_roster", Grade.WARN, values)
        case Doubt.AHEAD:
            return Finding("retention", "waits_ahead", Grade.WARN, values)
        case Doubt.STEADY:
            return Finding("retention", "waits_steady", Grade.WARN, values)
        case Doubt.APART:
            return Finding("retention", "waits_apart", Grade.WARN, values)
        case Doubt.ALONE:
            return Finding("retention", "waits_alone", Grade.WARN, values)
        case Doubt.LAPTOP:
            return Finding("retention", "waits_laptop", Grade.WARN, values)
