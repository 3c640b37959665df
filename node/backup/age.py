"""Of when the last backup is that was read back whole, as the ledger has it noted for everybody who asks."""

from node.ledger import Reading
from node.vault import BACKUP_VERIFIED


def last_backup_ms(ledger: Reading) -> int | None:
    """The moment it is a copy of; None: there has been none."""
    noted = ledger.meta(BACKUP_VERIFIED)
    return int(noted) if noted else None
