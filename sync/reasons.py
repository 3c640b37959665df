"""Why a conversation ends: the one list of reasons a goodbye may carry."""

from enum import StrEnum

from sync.errors import MoyaiError, StoreFailed


class Reason(StrEnum):
    """What a goodbye may say; anything else a peer says is read as OTHER and never shown as it came."""

    DONE = "DONE"
    """Both views were compared and nothing is owed either way."""
    NOT_SETTLED = "NOT_SETTLED"
    """What could be moved was moved, but the views were still different at the last comparison."""
    WRONG_FEDERATION = "WRONG_FEDERATION"
    NO_COMMON_VERSION = "NO_COMMON_VERSION"
    UNKNOWN_PEER = "UNKNOWN_PEER"
    """The caller's certificate belongs to nobody we speak to."""
    CERTIFICATE_REFUSED = "CERTIFICATE_REFUSED"
    """The certificate in the greeting can't be believed, or is revoked."""
    ROSTER_EXPIRED = "ROSTER_EXPIRED"
    ROSTER_REFUSED = "ROSTER_REFUSED"
    """The roster that was offered can't be believed."""
    CODE_REFUSED = "CODE_REFUSED"
    """An enrolment's one-time code is wrong, spent or too old."""
    BUSY = "BUSY"
    """As many conversations as limits.py allows are under way; call again."""
    LIMIT_PASSED = "LIMIT_PASSED"
    PROTOCOL_BROKEN = "PROTOCOL_BROKEN"
    SILENT = "SILENT"
    """Nothing was heard for SILENCE_S_MAX."""
    STORE_FAILED = "STORE_FAILED"
    """Our own store could not be read or written; what was acknowledged stays."""
    STOPPING = "STOPPING"
    """The node is being stopped."""
    OTHER = "OTHER"
    """A reason this version does not know."""


def heard(said: str) -> Reason:
    """The reason a peer gave; OTHER for whatever is not in the list."""
    try:
        return Reason(said)
    except ValueError:
        return Reason.OTHER


def said_for(error: MoyaiError, otherwise: Reason) -> Reason:
    """The reason to say goodbye with: the error's own where it is in the list."""
    if isinstance(error, StoreFailed):
        return Reason.STORE_FAILED
    known = heard(error.reason)
    return otherwise if known is Reason.OTHER else known
