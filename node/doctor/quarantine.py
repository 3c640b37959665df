"""What was set aside, from whom and why."""

from collections.abc import Iterator, Mapping
from typing import Final

from node.doctor.finding import Finding, Grade
from node.installation import Installation

NAMED_MOST: Final = 10


def look(node: Installation) -> Iterator[Finding]:
    """Records set aside."""
    organisations = node.ledger.organisations_of_peers()
    yield from judge(node.ledger.quarantine_counts(), organisations)


def judge(counts: Mapping[tuple[bytes, str], int], organisations: Mapping[bytes, str]) -> Iterator[Finding]:
    """By the node they came from and the reason."""
    if not counts:
        yield Finding("quarantine", "empty")
        return
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    for (node, reason), count in most[:NAMED_MOST]:
        whose = organisations.get(node, node.hex()[:8])
        values: dict[str, str | int] = {"count": count, "organisation": whose, "reason": reason}
        yield Finding("quarantine", "set_aside", Grade.WARN, values)
    rest = sum(count for _, count in most[NAMED_MOST:])
    if rest:
        yield Finding("quarantine", "others", Grade.WARN, {"count": rest})
