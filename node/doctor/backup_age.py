"""How long ago a backup was last made that could be read back."""

from collections.abc import Iterator
from typing import Final

from node.doctor.finding import Finding, Grade
from node.installation import Installation
from node.ledger import Ledger
from node.vault import BACKUP_VERIFIED

VERIFIED: Final = BACKUP_VERIFIED
"""Under this name the ledger's settings keep of when the last backup is that was read back whole."""
DAY_MS: Final = 86_400_000
LATE_MS: Final = 2 * DAY_MS
"""One is made every night: then two were missed."""
TOO_LATE_MS: Final = 7 * DAY_MS


def look(node: Installation) -> Iterator[Finding]:
    """The last backup of this node."""
    yield judge(last_backup_ms(node.ledger), node.now_ms(), is_home=node.is_home)


def last_backup_ms(ledger: Ledger) -> int | None:
    """The moment it is a copy of; None: there has been none."""
    noted = ledger.meta(VERIFIED)
    return int(noted) if noted else None


def judge(made_ms: int | None, now_ms: int, *, is_home: bool) -> Finding:
    """What a backup of that moment is worth; None: there is none."""
    if made_ms is None:
        return Finding("backup", "none", Grade.WARN) if is_home else Finding("backup", "laptop")
    values = {"age_ms": max(0, now_ms - made_ms)}
    if values["age_ms"] > TOO_LATE_MS:
        return Finding("backup", "too_old", Grade.BAD, values)
    if values["age_ms"] > LATE_MS:
        return Finding("backup", "old", Grade.WARN, values)
    return Finding("backup", "made", Grade.OK, values)
