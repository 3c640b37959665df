"""Our views beside what a bundle says of the writer's: what has arrived there is marked, what was lost waits again."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from node.errors import LedgerBusy
from node.ledger import Ledger
from sync.bundle import LISTED_MAX, Followed, Ours, Told, follow
from sync.envelope import PREFIX_BYTES
from sync.errors import LimitPassed
from sync.limits import IDS_PER_VIEW_MAX
from sync.ports import Outbox, Peer

TRIES: Final = 20
"""How often a view that others write to meanwhile is looked at anew."""


def ours_now(outbox: Outbox, view: int) -> Ours:
    """The view at one moment. The ids of a large one are read when they are asked for, and may be later ones.

    Raises:
        LedgerBusy: it never stood still.
    """
    for _ in range(TRIES):
        snapshot = outbox.snapshot(view)
        waiting = outbox.waiting(view, IDS_PER_VIEW_MAX)
        if waiting is None:
            raise LimitPassed(limit="IDS_PER_VIEW_MAX")
        ids = outbox.ids(view) if snapshot.count <= LISTED_MAX else None
        if outbox.standing(view).root == snapshot.root:
            return Ours(
                snapshot.count,
                snapshot.root,
                snapshot.cells,
                partial(_ids, outbox, view, ids),
                waiting.prefixes,
                waiting.root,
            )
    raise LedgerBusy


def _ids(outbox: Outbox, view: int, read: bytes | None) -> bytes:
    return outbox.ids(view) if read is None else read


def apply(ledger: Ledger, outbox: Outbox, peer: Peer, told: Told) -> tuple[Followed, int]:
    """Mark what follows from what was said. Returns it, and how many records that waited have arrived there.

    Raises:
        LedgerBusy: our view never stood still.
    """
    view = told.statement.view
    for _ in range(TRIES):
        ours = ours_now(outbox, view)
        followed = follow(ours, told)
        if followed.equal:
            if outbox.agreed(view, ours.root):
                return followed, len(ours.waiting)
        elif outbox.standing(view).root == ours.root:
            outbox.passed(view, followed.has)
            _wait_again(ledger, peer, followed.lost)
            return followed, len(followed.has)
    raise LedgerBusy


def _wait_again(ledger: Ledger, peer: Peer, lost: Sequence[bytes]) -> None:
    """They were restored from a backup, say: what had passed is to pass again, and what they gave us and we set aside
    is nothing between us any more."""
    if not lost:
        return
    with ledger.write() as writing:
        subjects = {held.record.subject for held in writing.records(lost)}
        writing.forget_passed(peer.node, lost)
        writing.forget_turned_prefixes(peer.node, [id_[:PREFIX_BYTES] for id_ in lost])
        writing.recheck_now(peer.node, subjects)
