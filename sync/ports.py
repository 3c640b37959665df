"""What the exchange asks of a node: three small ports, each already cut to one peer where it matters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.envelope import Parcel


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end, as the roster and the enrolments say; never as the peer says."""

    node: bytes
    """Node id, 16 bytes; empty until a home node's first greeting, checked, has told it."""
    organisation: str
    """Code of its organisation."""
    endpoints: tuple[str, ...] = ()
    """Where it listens, "host:port", first tried first; empty: it can only call us."""
    tls_certificates: tuple[bytes, ...] = ()
    """Its pinned certificates, DER."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a batch."""

    held: int
    quarantined: int
    new: int = 0
    """Of those held, how many were not known before."""


class Outbox(Protocol):
    """What may go to one peer, now. Every call decides anew; nothing that is withheld can be reached through it."""

    def ids(self, view: int) -> Sequence[bytes]:
        """The 32-byte ids of the view (`moyai.v1.View`), ascending: a snapshot, unchanged while in use."""
        ...

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        """The records with these 8-byte prefixes, most urgent first; what may no longer go is left out.

        The disclosure is durable in the log before a parcel is handed out.
        """
        ...

    def passed(self, view: int, ids: Sequence[bytes]) -> None:
        """The peer has said that it holds these durably."""
        ...


class Inbox(Protocol):
    """What one peer hands us: checked, then kept or set aside with a reason."""

    def take(self, view: int, parcels: Sequence[Parcel]) -> Tally:
        """Take a batch; durable when it returns. Never raises for what a record says."""
        ...


class PeerBook(Protocol):
    """Who the peers are, and what both sides say of themselves first."""

    def peers(self) -> Sequence[Peer]:
        """Every node we may dial."""
        ...

    def caller(self, tls_certificate: bytes) -> Peer | None:
        """Who owns exactly this certificate (DER); None: nobody we speak to."""
        ...

    def greeting(self) -> bytes:
        """Our own `moyai.v1.Greeting`, serialised."""
        ...

    def greeted(self, peer: Peer, greeting: bytes) -> Peer:
        """Check the peer's greeting against roster and certificates, remember what it witnesses, and return who it is.

        Raises:
            MoyaiError: with the reason to say goodbye with.
        """
        ...

    def roster(self) -> bytes:
        """Our signed roster, serialised."""
        ...

    def offered_roster(self, signed_roster: bytes) -> None:
        """A peer sent a newer roster: check it, keep it. Raises MoyaiError when it may not be believed."""
        ...

    def outbox(self, peer: Peer) -> Outbox:
        """The outbox cut to this peer."""
        ...

    def inbox(self, peer: Peer) -> Inbox:
        """The inbox for this peer."""
        ...

    def contact(self, peer: Peer, reason: str) -> None:
        """A conversation ended: "DONE", or why not. Kept for the screen and the schedule."""
        ...
