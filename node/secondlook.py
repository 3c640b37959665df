"""Looks again at what was set aside for a while: its time has come, or more is known now."""

from collections.abc import Callable

from node.ledger import Ledger, Quarantined
from sync.envelope import Parcel
from sync.ports import Inbox, Peer


class SecondLook:
    """Hands what is due to the inbox once more, as if the peer that sent it had sent it again."""

    def __init__(self, ledger: Ledger, inbox: Callable[[Peer], Inbox], *, now_ms: Callable[[], int]) -> None:
        self._ledger = ledger
        self._inbox = inbox
        self._now_ms = now_ms

    def look(self) -> int:
        """Judge everything that is due anew. Returns how many records are held now that were set aside before."""
        organisations = self._ledger.organisations_of_peers()
        batches: dict[tuple[bytes, int], list[Parcel]] = {}
        nobodys: list[Quarantined] = []
        for aside in self._ledger.quarantine_due(self._now_ms()):
            ways = [(node, way) for node, way in self._ledger.turned(aside.sealed.id) if node in organisations]
            if not ways:
                nobodys.append(aside)
            for node, way in ways[:1]:
                batches.setdefault((node, way.view), []).append(Parcel(aside.sealed, way.basis, way.basis_record))
        self._leave(nobodys)
        new = 0
        for (node, view), parcels in batches.items():
            inbox = self._inbox(Peer(node, organisations[node]))
            new += inbox.commit(inbox.prepare(view, parcels)).new
        return new

    def _leave(self, nobodys: list[Quarantined]) -> None:
        """What no peer offers any more stays as evidence; if one offers it again, it is judged then."""
        if not nobodys:
            return
        with self._ledger.write() as writing:
            for aside in nobodys:
                writing.quarantine(
                    aside.sealed, aside.reason, came_from_node=aside.came_from_node, at_ms=self._now_ms()
                )
