"""Which erasures this organisation has ordered, and who of those that held something has confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.desk.post import Post
from node.errors import ContentMalformed
from node.people.facets import Erasure, ErasureGround, from_content
from node.receipts import confirmations
from node.records.kinds import ERASURE


@dataclass(frozen=True, slots=True)
class ErasureView:
    """One erasure and how it fares. Of the person only the id is left."""

    subject: bytes
    ground: int
    """One of `moyai.v1.Erasure.Ground`."""
    at_ms: int
    """By the clock of whoever wrote it."""
    holders: tuple[str, ...]
    """Organisations other than ours that ever held something of the person, as far as is known here."""
    confirmed: tuple[str, ...]
    """Those of which every node has confirmed, ours among them."""
    awaited: Mapping[str, int]
    """Those that have confirmed in part, and how many of their nodes are still awaited."""

    @property
    def open(self) -> tuple[str, ...]:
        """Holders that have not confirmed at all."""
        return tuple(code for code in self.holders if code not in self.confirmed and code not in self.awaited)


def listed(post: Post) -> list[ErasureView]:
    """Erasures of whole people and of facets, newest first; what took back a mistake waits for nobody's word."""
    organisations = post.ledger.organisations_of_peers()
    views = []
    for held in post.ledger.heads_of_facet(ERASURE):
        record = held.record
        if record.organisation != post.organisation:
            continue
        try:
            erasure = from_content(ERASURE, record.content)
        except ContentMalformed:  # kept before this was checked: erased nothing
            continue
        if not isinstance(erasure, Erasure) or erasure.ground == ErasureGround.MISTAKE:
            continue
        holders = {organisations.get(node, "") for node in post.ledger.holders(record.subject)}
        confirmed = confirmations(post.ledger, record.subject, record.id)
        views.append(
            ErasureView(
                subject=record.subject,
                ground=int(erasure.ground),
                at_ms=record.clock >> 16,
                holders=tuple(sorted(holders - {post.organisation, ""})),
                confirmed=tuple(sorted(confirmed.organisations)),
                awaited=confirmed.awaited,
            )
        )
    return sorted(views, key=lambda view: view.at_ms, reverse=True)
