"""Answers a session's questions from the node's ports. Blocking: runs in the thread that may touch the ledger."""

from collections.abc import Iterator
from threading import Lock

from sync import effects
from sync.effects import Batch, Effect
from sync.envelope import Parcel
from sync.limits import PARCELS_PER_FRAME_MAX
from sync.ports import Inbox, Outbox, Peer, PeerBook, Prepared, Tally


class Portside:
    """The node's side of one conversation. Nothing of the ledger can be asked for before the greeting was checked."""

    def __init__(self, book: PeerBook, peer: Peer) -> None:
        self.peer = peer
        self._book = book
        self._checked: tuple[Outbox, Inbox] | None = None
        self._parcels: _Parcels | None = None

    def answer(self, effect: Effect, *, frame_bytes: int) -> object:  # noqa: PLR0911 -- one case a kind
        """The result of an effect that is the node's to answer; parcels come in batches of about `frame_bytes`."""
        match effect:
            case effects.FetchParcels(view, prefixes):
                self._parcels = _Parcels(self._outbox().parcels(view, prefixes))
                return self._parcels.batch(frame_bytes)
            case effects.FetchMore():
                return self._fetched().batch(frame_bytes)
            case effects.TakeParcels(view, parcels):
                return self.commit(self.prepare(view, parcels))
            case effects.ReadRoster():
                return self._book.roster()
            case effects.Reckon(act):
                return act()
            case effects.TakeRoster() | effects.CheckGreeting() | effects.MarkPassed() | effects.NoteAudited():
                self._act(effect)
                return None
            case _:
                return self._of_view(effect)

    def _of_view(self, effect: Effect) -> object:  # noqa: PLR0911 -- one case a question
        """What is asked of a view."""
        outbox = self._outbox()
        match effect:
            case effects.LoadStanding(view):
                return outbox.standing(view)
            case effects.LoadView(view):
                return outbox.snapshot(view)
            case effects.LoadSymbols(view):
                return outbox.symbols(view)
            case effects.LoadIds(view):
                return outbox.ids(view)
            case effects.LoadWaiting(view, most):
                return outbox.waiting(view, most)
            case effects.Among(view, symbols):
                return outbox.among(view, symbols)
            case effects.MarkAgreed(view, root):
                return outbox.agreed(view, root)
            case effects.AskAuditDue():
                return outbox.audit_due()
            case _:
                raise AssertionError(type(effect).__name__)

    def prepare(self, view: int, parcels: tuple[Parcel, ...]) -> Prepared:
        """The first half of taking parcels; may run beside `commit` of those before."""
        return self._inbox().prepare(view, parcels)

    def commit(self, prepared: Prepared) -> Tally:
        """The second half."""
        return self._inbox().commit(prepared)

    def close(self) -> None:
        """Let the outbox end what it has open."""
        if self._parcels is not None:
            self._parcels.close()

    def _act(self, effect: Effect) -> None:
        match effect:
            case effects.MarkPassed(view, ids):
                self._outbox().passed(view, ids)
            case effects.NoteAudited(view, equal):
                self._outbox().audited(view, equal)
            case effects.TakeRoster(signed):
                self._book.offered_roster(signed)
            case effects.CheckGreeting(greeting):
                self.peer = self._book.greeted(self.peer, greeting)
                self._checked = (self._book.outbox(self.peer), self._book.inbox(self.peer))
            case _:
                raise AssertionError(type(effect).__name__)

    def _outbox(self) -> Outbox:
        if self._checked is None:
            raise AssertionError("nothing is given before the greeting was checked")
        return self._checked[0]

    def _inbox(self) -> Inbox:
        if self._checked is None:
            raise AssertionError("nothing is taken before the greeting was checked")
        return self._checked[1]

    def _fetched(self) -> "_Parcels":
        if self._parcels is None:
            raise AssertionError("more of nothing")
        return self._parcels


class _Parcels:
    """An outbox's parcels, cut into frames; safe to close while another thread still fetches."""

    def __init__(self, parcels: Iterator[Parcel]) -> None:
        self._parcels = parcels
        self._lock = Lock()

    def batch(self, bytes_max: int) -> Batch:
        """Parcels for the next frame, at least one unless there are no more."""
        some: list[Parcel] = []
        size = 0
        with self._lock:
            for parcel in self._parcels:
                some.append(parcel)
                size += len(parcel.record.body)
                if size >= bytes_max or len(some) >= PARCELS_PER_FRAME_MAX:
                    return Batch(tuple(some), last=False)
        return Batch(tuple(some), last=True)

    def close(self) -> None:
        """Close the outbox's iterator where it is one that can be closed."""
        with self._lock:
            close = getattr(self._parcels, "close", None)
            if close is not None:
                close()
