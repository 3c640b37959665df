"""Remembers what one peer has handed over: what it holds by that, what of it is not held here, and an entry in the log.

A record that is turned away counts as passed between us, like one that is kept: the peer has it, and its view of what
is between us names it. So both become the other where one that was turned away is kept after all, or one that was kept
is let go (`node.holdings`): of everyone who has it, not only of who sent it last.
"""

from collections.abc import Callable, Sequence
from typing import Final

from node.ledger import AuditEntry, Direction, TurnedAway, Writing
from node.pen import OPERATOR
from node.records.record import Record
from node.vetting import Turned
from sync.limits import SET_ASIDE_PER_PEER_MAX, TURNED_AWAY_PER_PEER_MAX
from sync.ports import Peer

SUPPRESSED: Final = "SUPPRESSED"


class Ways:
    """What came from one peer."""

    def __init__(self, peer: Peer, *, now_ms: Callable[[], int]) -> None:
        self._peer = peer
        self._now_ms = now_ms

    def has_come(self, writing: Writing, kept: Sequence[bytes], *, count: int) -> None:
        """These are kept: set aside no longer, and whoever sent one before has it."""
        writing.mark_passed(self._peer.node, kept, Direction.IN)
        for node, ids in writing.senders_of_turned(kept).items():
            writing.mark_passed(node, ids, Direction.IN)
        writing.forget_turned(kept)
        writing.drop_quarantined(kept)
        if count:  # what is sent again and again is no news, and is not to fill the log
            writing.log(self._entry("receive", count=count))

    def has_come_again(self, writing: Writing, ids: Sequence[bytes]) -> None:
        """What we know already has now come from this peer as well: it holds something of these people, and its view of
        them is to be worked out again."""
        if not ids:
            return
        passed = writing.passed_among(self._peer.node, ids)
        subjects = {held.record.subject for held in writing.records([id_ for id_ in ids if id_ not in passed])}
        writing.recheck_now(self._peer.node, subjects)
        writing.mark_passed(self._peer.node, ids, Direction.IN)

    def was_turned_away(self, writing: Writing, view: int, turned: Sequence[Turned]) -> None:
        """These are not kept. What may not even be kept as evidence is nowhere."""
        self._note_holders_of_erased(writing, turned)
        before, first = self._told_apart(writing, turned)
        writing.turn_away(
            self._peer.node,
            [
                TurnedAway(
                    record=one.parcel.record.id,
                    view=view,
                    subject=one.record.subject if one.record else b"",
                    reason=one.reason,
                    basis=one.parcel.basis,
                    basis_record=one.parcel.basis_record,
                )
                for one in (*before, *first)
            ],
        )
        wanted = any(one.evidence for one in turned)
        room = SET_ASIDE_PER_PEER_MAX - writing.set_aside_from(self._peer.node) if wanted else 0
        for one in (*before, *first):
            if one.evidence and room > 0:
                room -= 1
                writing.quarantine(
                    one.parcel.record,
                    one.reason,
                    came_from_node=self._peer.node,
                    at_ms=self._now_ms(),
                    retry_at_ms=one.retry_at_ms,
                )
        for one in first:
            writing.log(self._entry("refuse", purpose=one.reason, record=one.record))
        writing.drop_quarantined([one.parcel.record.id for one in turned if not one.evidence])

    def _told_apart(self, writing: Writing, turned: Sequence[Turned]) -> tuple[list[Turned], list[Turned]]:
        """What this peer has sent before, and of what it sends for the first time as many as may still be remembered.
        Beyond that nothing is: views stay unequal, and the peer sends it again, but no disk is filled."""
        known = writing.turned_among(self._peer.node, [one.parcel.record.id for one in turned])
        before = [one for one in turned if one.parcel.record.id in known]
        first = [one for one in turned if one.parcel.record.id not in known]
        room = max(0, TURNED_AWAY_PER_PEER_MAX - writing.turned_count(self._peer.node)) if first else 0
        if len(first) > room > 0:
            writing.log(self._entry("refuse", purpose="LIMIT_PASSED", count=len(first) - room))
        return before, first[:room]

    def _note_holders_of_erased(self, writing: Writing, turned: Sequence[Turned]) -> None:
        """Who hands over what was erased here has not heard of it: an acknowledgement was lost. So that it shall hear,
        it is a holder. But of who is not erased as a whole nobody becomes one by what it wrote itself."""
        subjects = {
            one.record.subject
            for one in turned
            if one.reason == SUPPRESSED
            and one.record
            and (one.record.organisation != self._peer.organisation or writing.is_barred(one.record.subject))
        }
        writing.note_holder(self._peer.node, subjects)
        writing.recheck_now(self._peer.node, subjects)

    def _entry(self, act: str, *, purpose: str = "", record: Record | None = None, count: int = 1) -> AuditEntry:
        return AuditEntry(
            at_ms=self._now_ms(),
            act=act,
            operator=OPERATOR,
            node=self._peer.node,
            organisation=self._peer.organisation,
            purpose=purpose,
            subject=record.subject if record else None,
            facets=(record.facet,) if record else (),
            record=record.id if record else None,
            count=count,
        )
