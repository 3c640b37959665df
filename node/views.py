"""What both kinds of outbox have in common: the views of one peer, kept by addition, worked out in bounded steps."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

import numpy as np
import structlog
from numpy.typing import NDArray

from moyai.v1 import exchange_pb2
from node.ledger import Direction, Ledger, ViewRow
from node.walk import Walk, Worked
from sync.mapping import Symbols
from sync.ports import Snapshot, Standing, Waiting

CONTROL_VIEW: Final = int(exchange_pb2.VIEW_CONTROL)
DATA_VIEW: Final = int(exchange_pb2.VIEW_DATA)
VIEWS: Final = (CONTROL_VIEW, DATA_VIEW)

SUBJECTS_PER_TRANSACTION: Final = 500
"""A view is worked out in bounded transactions, so that check-in never waits for it."""

MOMENT_MS: Final = 10_000
"""So long a decision stands that was made when nothing has been written since: consents and grants end by time."""

AUDIT_MS: Final = 20 * 3_600_000
"""How long after all ids were compared they are compared again: nightly, whenever the night's conversation begins."""

_log = structlog.get_logger(__name__)


_SCANNING: Final = Lock()
"""One scan of a whole view at a time: at a million ids each takes a hundred megabytes while it lasts."""


class PeerViews(ABC):
    """The part of an `Outbox` that speaks of the views; what is in them is for those who inherit it."""

    def __init__(self, ledger: Ledger, peer: bytes, *, now_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._peer = peer
        self._now_ms = now_ms

    def refresh(self) -> int:
        """Bring both views up to date. Returns how many subjects had to be looked at."""
        looked_at = 0
        while (some := self.step(SUBJECTS_PER_TRANSACTION)) is not None:
            looked_at += some
        return looked_at

    def step(self, most: int) -> int | None:
        """Look at no more than so many subjects, in one transaction. Returns how many; None: nothing was left."""
        walk = self._walk()
        if walk.is_settled():
            return None
        with self._ledger.turn(self._peer):
            return self._work_out(walk, most)

    def refresh_some(self, most: int) -> Worked:
        """Go on bringing them up to date, by at most so many subjects in one transaction; says how far they are."""
        self.step(most)
        return self.worked()

    def worked(self) -> Worked:
        """How far both are worked out."""
        return self._walk().worked()

    def standing(self, view: int) -> Standing:
        """How the view stands, brought up to date first."""
        self.refresh()
        return self._ledger.view_standing(self._peer, view)

    def snapshot(self, view: int) -> Snapshot:
        """The same with its first coded symbols, brought up to date first."""
        self.refresh()
        return self._ledger.view_snapshot(self._peer, view)

    def symbols(self, view: int) -> Symbols:
        """The prefixes of all ids in the view, ascending."""
        with _SCANNING:
            return self._ledger.view_symbols(self._peer, view)

    def ids(self, view: int) -> bytes:
        """All ids of the view, ascending, one after another."""
        with _SCANNING:
            return self._ledger.view_ids_joined(self._peer, view)

    def among(self, view: int, symbols: Symbols) -> NDArray[np.bool_]:
        """Of each of these prefixes, whether the view has an id that begins so."""
        return self._ledger.view_among(self._peer, view, symbols)

    def waiting(self, view: int, most: int) -> Waiting | None:
        """What is in the view and has not passed; None: that is more than `most`."""
        return self._ledger.view_waiting(self._peer, view, most)

    def passed(self, view: int, ids: Sequence[bytes]) -> None:  # noqa: ARG002
        """The peer has said that it holds these durably.

        By that it may become a holder who is to hear of more, while what went is in its view no longer: a stay has
        faded meanwhile, or a consent ended.
        """
        with self._ledger.write() as writing:
            writing.mark_passed(self._peer, ids, Direction.OUT)
            in_view = {row.record for row in writing.view_rows(self._peer, ids)}
            late = writing.records([id_ for id_ in ids if id_ not in in_view])
            writing.recheck_now(self._peer, {held.record.subject for held in late})

    def agreed(self, view: int, root: bytes) -> bool:
        """Both sides were found equal at this root: all of the view has passed. False: it has changed since.

        Where nothing of it waits there is nothing to write: an idle line is asked once a minute.
        """
        if self._ledger.is_agreed(self._peer, view, root):
            return True
        while True:
            with self._ledger.write() as writing:
                marked = writing.mark_agreed(self._peer, view, root)
            if not marked:
                return marked is not None

    def audit_due(self) -> bool:
        """Whether either view was last found equal by all its ids too long ago."""
        last = [self._ledger.audited_ms(self._peer, view) for view in VIEWS]
        return any(at_ms is None or not 0 <= self._now_ms() - at_ms < AUDIT_MS for at_ms in last)

    def audited(self, view: int, equal: bool) -> None:
        """All ids of the view were compared. Unequal ones stay due until they are found equal."""
        if not equal:
            _log.warning("audit_unequal", peer=self._peer.hex()[:8], view=view)
            return
        with self._ledger.write() as writing:
            writing.audited(self._peer, view, self._now_ms())

    @abstractmethod
    def rows_by_rule(self, subjects: Sequence[bytes]) -> list[ViewRow]:
        """What the views should have of these subjects now; nothing is written."""

    @abstractmethod
    def _walk(self) -> Walk:
        """The walk for the standing of this moment."""

    @abstractmethod
    def _work_out(self, walk: Walk, most: int) -> int | None:
        """Take one step of the walk: how many subjects were looked at; None: nothing was left."""

    def _moment(self) -> tuple[int, int]:
        """Another one whenever what may go could be another: something was written, or MOMENT_MS are over."""
        return self._ledger.newest_seq(), self._now_ms() // MOMENT_MS

    def _drop_unsendable(self, prefixes: Sequence[bytes], sendable: Sequence[bytes]) -> None:
        """What the peer lacks and we may not or cannot send is no longer between us: the view must not go on naming
        it."""
        known = {id_[:8] for id_ in sendable}
        lost = [prefix for prefix in prefixes if prefix not in known]
        if lost:
            with self._ledger.write() as writing:
                writing.forget_turned_prefixes(self._peer, lost)
