"""A store that can't be opened or written."""

from sync.errors import StoreFailed


class LedgerRefused(StoreFailed):
    """The store can't be opened or written. To a peer it is no more than that, whatever was to be written."""

    reason = "LEDGER_REFUSED"


class LedgerMissing(LedgerRefused):
    """There is no ledger at this place."""

    reason = "LEDGER_MISSING"


class LedgerExists(LedgerRefused):
    """A new ledger was to be made where a file already is; it is left alone."""

    reason = "LEDGER_EXISTS"


class LedgerKeyRefused(LedgerRefused):
    """The ledger does not open with this key, or its first page is damaged: the two can't be told apart."""

    reason = "LEDGER_KEY_REFUSED"


class LedgerForeign(LedgerRefused):
    """The file is no ledger."""

    reason = "LEDGER_FOREIGN"


class LedgerTooNew(LedgerRefused):
    """A newer program has changed the schema: `taken` steps, of which this one knows `known`. Nothing was touched."""

    reason = "LEDGER_TOO_NEW"


class LedgerNoRoomToUpgrade(LedgerRefused):
    """An older ledger is not brought up: `folder` has not room for the copy before; `need` and `free` are megabytes."""

    reason = "LEDGER_NO_ROOM_TO_UPGRADE"


class LedgerUpgradeFailed(LedgerRefused):
    """An older ledger could not be brought up: `step` failed. The file is as it was."""

    reason = "LEDGER_UPGRADE_FAILED"


class LedgerBusy(LedgerRefused):
    """Another process kept the ledger for longer than we wait. Nothing was written."""

    reason = "LEDGER_BUSY"


class LedgerFull(LedgerRefused):
    """The disk is full. Nothing of this was written; what was saved before is safe."""

    reason = "LEDGER_FULL"


class LedgerReplaced(LedgerRefused):
    """Another file was put in the place of the ledger while it was open. Nothing of this was written."""

    reason = "LEDGER_REPLACED"


class LedgerDamaged(LedgerRefused):
    """The file can't be read or written as it should be."""

    reason = "LEDGER_DAMAGED"


class AuditBroken(LedgerRefused):
    """The log does not follow from itself, from `entry` on: someone has changed it."""

    reason = "AUDIT_BROKEN"
