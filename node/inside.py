"""The outbox of one of our own nodes that serves everywhere: whatever this node holds as head, with nothing to decide.

Use inside the organisation has one ground and no exceptions (Art. 90-4(1) no. 2), so the view is made by the ledger in
bulk, a town's whole register in seconds. What is erased between the comparison and the sending does not go.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from moyai.v1 import exchange_pb2
from node.ledger import AuditEntry, HeadsView, Held, Ledger, ViewRow
from node.outbox import INTERNAL, PARCELS_AT_ONCE, URGENT, USUAL
from node.records.kinds import CONSENT, CONTROL
from node.views import CONTROL_VIEW, DATA_VIEW, PeerViews
from node.walk import Walk
from sync.envelope import Parcel

FINGERPRINT: Final = b"inside"
"""In place of the federation's: whatever it decides, between our own nodes everything goes."""

HEADS: Final = HeadsView(
    control=CONTROL_VIEW,
    data=DATA_VIEW,
    control_facets=CONTROL,
    basis=INTERNAL,
    urgency={**URGENT, CONSENT: 0},
    usual_urgency=USUAL,
)
"""How heads become rows of a view: consents go with what is most urgent, since any may be a withdrawal."""


def parcel_inside(held: Held) -> Parcel:
    """A record on its way to a node of our own; that it does not count here goes along (SPECIFICATION 6)."""
    return Parcel(held.record.sealed, INTERNAL, b"" if held.counts else held.record.id)


class InsideOutbox(PeerViews):
    """The `Outbox` of one of our own nodes that serves everywhere."""

    def __init__(
        self, ledger: Ledger, peer: bytes, *, organisation: str, author: bytes, now_ms: Callable[[], int]
    ) -> None:
        super().__init__(ledger, peer, now_ms=now_ms)
        self._organisation = organisation
        self._author = author

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        """The records with these prefixes, most urgent first, as far as they are still held when their turn comes."""
        named = {held.record.id: held for held in self._ledger.by_prefix(prefixes)}
        rows = [row for row in self._ledger.view_rows(self._peer, list(named)) if row.view == view]
        self._drop_unsendable(prefixes, [row.record for row in rows])
        for start in range(0, len(rows), PARCELS_AT_ONCE):
            batch = [row.record for row in rows[start : start + PARCELS_AT_ONCE]]
            moment = self._moment()
            held = self._ledger.has(batch)
            self._log(len(held))
            for id_ in batch:
                if self._moment() != moment:
                    moment, held = self._moment(), self._ledger.has(batch)
                if id_ in held:
                    yield parcel_inside(named[id_])

    def rows_by_rule(self, subjects: Sequence[bytes]) -> list[ViewRow]:
        """What the views should have of these subjects now; nothing is written."""
        return [
            ViewRow(
                held.record.id,
                HEADS.control if held.record.facet in HEADS.control_facets else HEADS.data,
                HEADS.basis,
                b"",
                HEADS.urgency.get(held.record.facet, HEADS.usual_urgency),
            )
            for about in self._ledger.about_many(subjects).values()
            for held in about
            if held.is_head
        ]

    def _walk(self) -> Walk:
        return Walk(self._ledger, self._peer, FINGERPRINT, now_ms=self._now_ms)

    def _work_out(self, walk: Walk, most: int) -> int | None:
        step = walk.step(most)
        if step is None:
            return None
        with self._ledger.write() as writing:
            writing.view_heads(self._peer, step.subjects, HEADS)
            walk.finish(writing, step, dict.fromkeys(step.subjects))
        return len(step.subjects)

    def _log(self, count: int) -> None:
        with self._ledger.write() as writing:
            writing.log(
                AuditEntry(
                    at_ms=self._now_ms(),
                    act="send",
                    operator="moyai",
                    node=self._author,
                    organisation=self._organisation,
                    purpose="aid",
                    recipient=self._organisation,
                    basis=int(exchange_pb2.BASIS_INTERNAL),
                    count=count,
                )
            )
