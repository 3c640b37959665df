"""Whether the log still is the chain it was written as."""

from collections.abc import Iterator
from typing import Final

from node.doctor.finding import Finding, Grade
from node.errors import AuditBroken
from node.installation import Installation

NEWEST: Final = 10_000
"""Entries looked through where the whole would take long: a tenth of a second."""


def look(node: Installation, *, thorough: bool) -> Iterator[Finding]:
    """The newest entries, or all."""
    length, _ = node.ledger.audit_head()
    after = 0 if thorough else max(0, length - NEWEST)
    try:
        held = node.ledger.verify_audit(after=after)
    except AuditBroken as error:
        yield Finding("log", "broken", Grade.BAD, {"entry": int(error.details["entry"])})
        return
    yield Finding("log", "holds" if not after else "newest_hold", Grade.OK, {"entries": held - after, "of": held})
