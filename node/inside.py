"""The outbox of one of our own nodes that serves everywhere: whatever this node holds as head, with nothing to decide.

Use inside the organisation has one ground and no exceptions (Art. 90-4(1) no. 2), so the view is made by the ledger in
bulk, a town's whole register in seconds. What is erased between the comparison and the sending does not go.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from moyai.v1 import exchange_pb2
from node.ledger import AuditEntry, Direction, HeadsView, Ledger
from node.outbox import CONTROL_VIEW, DATA_VIEW, INTERNAL, PARCELS_AT_ONCE, URGENT, USUAL
from node.records.kinds import CONSENT, CONTROL
from sync.envelope import PREFIX_BYTES, Parcel

FINGERPRINT: Final = b"inside"
"""In place of the federation's: whatever it decides, between our own nodes everything goes."""

SUBJECTS_PER_TRANSACTION: Final = 2_000

HEADS: Final = HeadsView(
    control=CONTROL_VIEW,
    data=DATA_VIEW,
    control_facets=CONTROL,
    basis=INTERNAL,
    urgency={**URGENT, CONSENT: 0},
    usual_urgency=USUAL,
)
"""How heads become rows of a view: consents go with what is most urgent, since any may be a withdrawal."""


class InsideOutbox:
    """The `Outbox` of one of our own nodes that serves everywhere."""

    def __init__(
        self, ledger: Ledger, peer: bytes, *, organisation: str, author: bytes, now_ms: Callable[[], int]
    ) -> None:
        self._ledger = ledger
        self._peer = peer
        self._organisation = organisation
        self._author = author
        self._now_ms = now_ms

    def refresh(self) -> int:
        """Bring the view up to date. Returns how many subjects were looked at."""
        state = self._ledger.progress(self._peer)
        since = state.as_of if state.fingerprint == FINGERPRINT else 0
        newest, subjects = self._ledger.subjects_changed_since(since)
        for start in range(0, len(subjects), SUBJECTS_PER_TRANSACTION):
            with self._ledger.write() as writing:
                writing.view_heads(self._peer, subjects[start : start + SUBJECTS_PER_TRANSACTION], HEADS)
        if subjects or state.as_of != newest:
            with self._ledger.write() as writing:
                writing.advance(self._peer, since=state, as_of=newest, fingerprint=FINGERPRINT)
        return len(subjects)

    def ids(self, view: int) -> Sequence[bytes]:
        """The ids of the view, brought up to date first."""
        self.refresh()
        return sorted({*self._ledger.view_ids(self._peer, view), *self._ledger.turned_away(self._peer, view)})

    def parcels(self, view: int, prefixes: Sequence[bytes]) -> Iterator[Parcel]:
        """The records with these prefixes, most urgent first, as far as they are still held when their turn comes."""
        named = {held.record.id: held.record.sealed for held in self._ledger.by_prefix(prefixes)}
        rows = [row for row in self._ledger.view_rows(self._peer, list(named)) if row.view == view]
        self._forget_lost(prefixes, [row.record for row in rows])
        for start in range(0, len(rows), PARCELS_AT_ONCE):
            batch = [row.record for row in rows[start : start + PARCELS_AT_ONCE]]
            held = self._ledger.has(batch)
            self._log(len(held))
            yield from (Parcel(named[id_], INTERNAL, b"") for id_ in batch if id_ in held)

    def passed(self, view: int, ids: Sequence[bytes]) -> None:  # noqa: ARG002
        """The peer has said that it holds these durably."""
        with self._ledger.write() as writing:
            writing.mark_passed(self._peer, ids, Direction.OUT)

    def _forget_lost(self, prefixes: Sequence[bytes], sendable: Sequence[bytes]) -> None:
        known = {id_[:PREFIX_BYTES] for id_ in sendable}
        lost = [prefix for prefix in prefixes if prefix not in known]
        if lost:
            with self._ledger.write() as writing:
                writing.forget_turned_prefixes(self._peer, lost)

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
