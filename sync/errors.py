"""The errors of the exchange, and the root of every error in the house.

MoyaiError
├── ExchangeError        a conversation with a peer came to an end before it was done
│   ├── PeerRefused      the peer said goodbye with a reason
│   ├── PeerUnreachable  no connection could be made, or it broke
│   ├── ProtocolBroken   the peer sent what the specification forbids
│   ├── LimitPassed      the peer sent more than limits.py allows
│   ├── WrongFederation  the peer belongs to another federation
│   ├── NoCommonVersion  the peer speaks no version of the protocol that we speak
│   ├── PeerSilent       the peer said nothing for too long
│   ├── NotSettled       everything was sent, but the views still differ
│   ├── Undecodable      the sketches of two views contradict each other
│   ├── StoreFailed      our own store could not be read or written
│   └── Stopping         this node is being stopped
├── ListenFailed         the address to listen on can't be had
└── (node.errors)        everything a node itself refuses
"""

from typing import ClassVar


class MoyaiError(Exception):
    """Root of all errors: a stable reason, and numbers, codes and versions as details, never a person's data."""

    reason: ClassVar[str] = "UNKNOWN"
    """Stable name of the error; its sentence and its hint stand in the locales under this key."""

    def __init__(self, **details: str | int) -> None:
        self.details: dict[str, str | int] = details
        super().__init__(self.reason, details)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.reason} ({told})" if told else self.reason


class ExchangeError(MoyaiError):
    """A conversation with a peer came to an end before it was done."""

    reason = "EXCHANGE_FAILED"


class PeerRefused(ExchangeError):
    """The peer said goodbye with a reason; `details["peer_reason"]` is one of the specification's list, or "OTHER"."""

    reason = "PEER_REFUSED"


class PeerUnreachable(ExchangeError):
    """No connection could be made, or it broke; what was acknowledged stays."""

    reason = "PEER_UNREACHABLE"


class ProtocolBroken(ExchangeError):
    """The peer sent what the specification forbids."""

    reason = "PROTOCOL_BROKEN"


class LimitPassed(ExchangeError):
    """The peer sent more than limits.py allows; `details` name the limit and what was got."""

    reason = "LIMIT_PASSED"


class WrongFederation(ExchangeError):
    """The peer belongs to another federation, or one of us to a drill."""

    reason = "WRONG_FEDERATION"


class NoCommonVersion(ExchangeError):
    """The peer speaks no version of the protocol that we speak; `highest` is the highest it does."""

    reason = "NO_COMMON_VERSION"


class PeerSilent(ExchangeError):
    """The peer said nothing for longer than limits.py waits."""

    reason = "SILENT"


class NotSettled(ExchangeError):
    """What could be moved was moved, but the views still differed at the last comparison; the next goes on."""

    reason = "NOT_SETTLED"


class Undecodable(ExchangeError):
    """The sketches of two views contradict each other: no set of symbols makes these cells, and more will not help."""

    reason = "UNDECODABLE"


class StoreFailed(ExchangeError):
    """Our own store could not be read or written; `fault` is the kind of error, never its text.

    A node's own errors of its store are of this kind: whatever was to be written, the peer hears of the store.
    """

    reason = "STORE_FAILED"


class Stopping(ExchangeError):
    """This node is being stopped; what was acknowledged stays."""

    reason = "STOPPING"


class NoLongerKnown(ExchangeError):
    """The peer was revoked, or is gone from the roster, while we spoke."""

    reason = "UNKNOWN_PEER"


class GaveWay(ExchangeError):
    """A resting conversation ended because its peer, whose line had broken, has called again."""

    reason = "BUSY"


class ListenFailed(MoyaiError):
    """The address to listen on can't be had: it is taken, or not ours."""

    reason = "LISTEN_FAILED"
