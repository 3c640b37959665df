"""Notices that this ledger is an older copy of itself, or one of two, and sees to it that no counter is given twice.

What was written after the backup that was put back is lost here and lives on elsewhere. Peers hand it back by
themselves, since their views lack nothing of it. But this node must not number what it says next like what it has said
before: to others the new would be the old, or be buried by it. So it counts on from a range above: a new life. Four
things show that it must, the first two before anything is written:

1. the mark beside the ledger is ahead of it;
2. the ledger stands in another file than the one that was marked: a whole folder was put back, moved, or copied;
3. a record comes with this node's seal and a counter it never gave, or gave to another: proof, since nobody else can
   seal so;
4. a peer says that it has witnessed more of our log than there is, or another: a claim, since it can't be checked.

A claim may be a lie. All it gains is that we count on from above, which hurts nobody, at most once in ten minutes; a
claim that is explained, and the same peer's shorter ones, gain nothing at all.
"""

from collections.abc import Callable, Sequence
from typing import Final

from node.counterclaims import CLAIM_MAX, VERSION_CLAIM
from node.ledger import AuditEntry, Ledger, Why, Writing
from node.ledger.numbers import INCARNATION_BITS, INCARNATION_MS
from node.pen import OPERATOR
from node.records.record import Record

WITNESSED_BYTES: Final = 8
"""Of a hash a peer has witnessed: enough to tell two logs apart."""
RESTORED: Final = "restored"
"""The act in the log: its count is the new incarnation."""


class Restores:
    """Looks at what speaks of another life of this ledger."""

    def __init__(self, ledger: Ledger, *, node: bytes, organisation: str, now_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._node = node
        self._organisation = organisation
        self._now_ms = now_ms

    def at_opening(self) -> None:
        """Before anything is written: by the mark beside the ledger."""
        why = self._ledger.earlier_life()
        if why is None:
            return
        marked = self._ledger.marked
        with self._ledger.write() as writing:
            self._begin(writing, why, above=marked.counter, clock=marked.clock)
        self._ledger.settle_mark()

    def put_back(self) -> int:
        """A backup has been put in an empty place: there is no mark to show it, so whoever put it there says it.

        Returns the incarnation.
        """
        now_ms = self._now_ms()
        with self._ledger.write() as writing:
            incarnation = self._begin(writing, Why.FILE_COPIED, clock=now_ms << 16)
        self._ledger.settle_mark()
        return incarnation

    def came_back(self, own: Sequence[Record]) -> None:
        """Records that bear our seal, checked and not held, have come from a peer."""
        life = self._ledger.life()
        strange = [one for one in own if one.counter < CLAIM_MAX and self._is_of_another_life(one)]
        if not strange:
            return
        with self._ledger.write() as writing:
            self._begin(writing, Why.OWN_RECORD, above=max(one.counter for one in strange))
            if life.began_ms and any(one.clock > life.began_clock for one in strange):
                writing.note_twin(self._now_ms())

    def _is_of_another_life(self, record: Record) -> bool:
        """Whether this life has not given its counter, or has given it to another record. What was erased is neither.

        What is of an incarnation before this one is no news.
        """
        given = self._ledger.counter()
        if record.counter > given:
            return True
        if record.counter >> INCARNATION_BITS < given >> INCARNATION_BITS:
            return False
        return self._ledger.written_here(self._node, record.counter) not in (None, record.id)

    def witnessed(self, peer: bytes, length: int, head: bytes) -> None:
        """A peer has said how long our log was when it last saw it, and how its last hash began."""
        if length == 0 or len(head) != WITNESSED_BYTES or (self._ledger.audit_hash(length) or b"").startswith(head):
            return
        now_ms, life, explained = self._now_ms(), self._ledger.life(), self._ledger.explained(peer)
        if length <= explained:
            return
        contact = self._ledger.peer(peer)
        since_contact = life.began_ms >= ((contact and contact.last_done_ms) or 0)
        recent = self._ledger.counter() >> INCARNATION_BITS >= now_ms // INCARNATION_MS
        if recent and not since_contact:
            return  # said too soon after the last time: it will be said again
        with self._ledger.write() as writing:
            writing.explain(peer, length)
            if not since_contact:
                self._begin(writing, Why.PEER_WITNESS)

    def _begin(self, writing: Writing, why: Why, *, above: int = 0, clock: int = 0) -> int:
        now_ms = self._now_ms()
        incarnation = writing.begin_life(why, now_ms=now_ms, above=above, clock=clock)
        writing.reconsider_all({VERSION_CLAIM})  # what looked like a false claim may be about the life before
        writing.log(
            AuditEntry(
                at_ms=now_ms,
                act=RESTORED,
                operator=OPERATOR,
                node=self._node,
                organisation=self._organisation,
                purpose=why.name,
                count=incarnation,
            )
        )
        return incarnation
