"""A backup that can't be made, read or put back."""

from sync.errors import MoyaiError


class BackupRefused(MoyaiError):
    """A backup can't be made, read or put back; nothing was changed."""

    reason = "BACKUP_REFUSED"


class BackupUnreadable(BackupRefused):
    """The file is not what it should be."""

    reason = "BACKUP_UNREADABLE"


class BackupForeign(BackupUnreadable):
    """The file is no backup."""

    reason = "BACKUP_FOREIGN"


class BackupNewer(BackupUnreadable):
    """A newer program has made it; `got` is the version of its form, `known` the highest this one knows."""

    reason = "BACKUP_NEWER"


class BackupCut(BackupUnreadable):
    """The file ends too early: it was not written or copied to its end."""

    reason = "BACKUP_CUT"


class BackupChanged(BackupUnreadable):
    """The file is not as it was written, by a fault of the medium or by somebody's hand."""

    reason = "BACKUP_CHANGED"


class BackupForged(BackupUnreadable):
    """What is in it is not of the node and the organisation it is signed and named by; `what` says which part."""

    reason = "BACKUP_FORGED"


class BackupKeyAnother(BackupRefused):
    """It is sealed to other keys than the one that was given."""

    reason = "BACKUP_KEY_ANOTHER"


class BackupKeyMissing(BackupRefused):
    """Neither the organisation's key nor the recovery code was given."""

    reason = "BACKUP_KEY_MISSING"


class BackupUnsound(BackupRefused):
    """What is in it is not what was put in, or not sound; `what` says what does not fit."""

    reason = "BACKUP_UNSOUND"


class BackupRoomMissing(BackupRefused):
    """There is not room enough in `folder`; `need` and `free` are megabytes."""

    reason = "BACKUP_ROOM_MISSING"


class BackupRunning(BackupRefused):
    """Another backup of this node is being made."""

    reason = "BACKUP_RUNNING"


class BackupNotWritten(BackupRefused):
    """The file can't be written; `what` is the system's name for that."""

    reason = "BACKUP_NOT_WRITTEN"


class BackupOfAnother(BackupRefused):
    """In `file`, which was to be written over, is a backup of `node` of `organisation`. It was left alone."""

    reason = "BACKUP_OF_ANOTHER"


class RestorePlaceTaken(BackupRefused):
    """Something is in the place where a backup was to be put back; `found` says what. It was left alone."""

    reason = "RESTORE_PLACE_TAKEN"


class RestoreRunning(BackupRefused):
    """Another restore is at work in `directory`. Nothing of it was touched."""

    reason = "RESTORE_RUNNING"


class RestoreKeyFileTaken(BackupRefused):
    """Another key stands in the file in which the ledger's key is to be put back. It was left alone."""

    reason = "RESTORE_KEY_FILE_TAKEN"


class RecoveryKeyMissing(BackupRefused):
    """This node has no recovery key yet: a backup would open with the organisation's key only."""

    reason = "RECOVERY_KEY_MISSING"


class RecoveryKeyThere(BackupRefused):
    """This node has a recovery key; another one must be asked for by name. `fingerprint` is of the one it has."""

    reason = "RECOVERY_KEY_THERE"


class RecoveryCodeWrong(BackupRefused):
    """A recovery code was typed wrongly; `groups` says which of its groups, counted from 1."""

    reason = "RECOVERY_CODE_WRONG"


class RecoveryCodeAnother(BackupRefused):
    """The code is well typed, and of another recovery key than the one this node seals to."""

    reason = "RECOVERY_CODE_ANOTHER"
