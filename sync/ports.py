"""What the exchange asks of a node: three small ports, each already cut to one peer where it matters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sync.envelope import Parcel

if TYPE_CHECKING:  # who only needs to know a peer loads nothing that reckons
    import numpy as np
    from numpy.typing import NDArray

    from sync.mapping import Symbols
    from sync.sketch import Cells


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
    bytes_per_second: int | None = None
    """What the line to it was seen to carry the last time; None: not known."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a batch."""

    held: int
    quarantined: int
    new: int = 0
    """Of those held, how many were not known before."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a view stands: what the two sides compare first."""

    count: int
    root: bytes
    """16 bytes (SPECIFICATION 7.3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A view at one moment, from one row: `cells` is the sketch of exactly the ids that `root` is the root of."""

    count: int
    root: bytes
    cells: "Cells"
    """The first `KEPT_CELLS` coded symbols, unkeyed. Its holder's own: nobody changes it afterwards."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """What is in a view and has not passed, and what the view would be without it."""

    prefixes: "Symbols"
    """Ascending; ids that begin alike each."""
    root: bytes
    """Root of the view less these: equal to the peer's root exactly when these are all that it lacks."""


class Outbox(Protocol):
    """What may go to one peer, now. Every call decides anew; nothing that is withheld can be reached through it.

    `standing` brings the views of the peer up to date; it and `snapshot` then cost one row, whatever the size of the
    view. The others read the view as it is. Where several answers must belong to one moment, compare the roots of a
    `snapshot` before and after: the same root is the same view.
    """

    def standing(self, view: int) -> Standing:
        """How the view (`moyai.v1.View`) stands, brought up to date first."""
        ...

    def snapshot(self, view: int) -> Snapshot:
        """The same with its first coded symbols, brought up to date first."""
        ...

    def symbols(self, view: int) -> "Symbols":
        """The prefixes of all ids in the view, ascending, ids that begin alike each; one scan of the view."""
        ...

    def ids(self, view: int) -> bytes:
        """All 32-byte ids of the view, ascending, one after another: for the last resort and the nightly audit."""
        ...

    def among(self, view: int, symbols: "Symbols") -> "NDArray[np.bool_]":
        """Of each of these prefixes, whether the view has an id that begins so."""
        ...

    def waiting(self, view: int, most: int) -> Waiting | None:
        """What is in the view and has not passed; None: that is more than `most`."""
        ...

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        """The records with these 8-byte prefixes, most urgent first; what may no longer go is left out.

        The disclosure is durable in the log before a parcel is handed out.
        """
        ...

    def passed(self, view: int, ids: Sequence[bytes]) -> None:
        """The peer has said that it holds these durably."""
        ...

    def agreed(self, view: int, root: bytes) -> bool:
        """Both sides were found equal at this root: all of the view has passed.

        False: the view has changed since, so nothing is marked; what is new waits for the next comparison.
        """
        ...

    def audit_due(self) -> bool:
        """Whether it is time to compare all ids of both views by a salted hash."""
        ...

    def audited(self, view: int, equal: bool) -> None:
        """All ids of the view were compared by a salted hash. Unequal ones stay due until they are found equal."""
        ...


Prepared = Any
"""What an inbox makes of a batch before it commits it: its own affair."""


class Inbox(Protocol):
    """What one peer hands us: checked, then kept or set aside with a reason."""

    def prepare(self, view: int, parcels: Sequence[Parcel]) -> Prepared:
        """The half that needs no turn at the ledger: what is known, shape, signatures. Beside the commit of another."""
        ...

    def commit(self, prepared: Prepared) -> Tally:
        """The other half: what may be kept is durable when it returns. Never raises for what a record says."""
        ...


class PeerBook(Protocol):
    """Who the peers are, and what both sides say of themselves first."""

    def peers(self) -> Sequence[Peer]:
        """Every node we may dial."""
        ...

    def caller(self, tls_certificate: bytes) -> Peer | None:
        """Who owns exactly this certificate (DER); None: nobody we speak to."""
        ...

    def greeting(self, peer: Peer) -> bytes:
        """Our own `moyai.v1.Greeting` to this peer, serialised."""
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

    def contact(self, peer: Peer, reason: str, bytes_per_second: int | None = None) -> None:
        """A conversation has ended, "DONE" or why not, or has come to rest, "OPEN"; and what the line was seen to
        carry."""
        ...
