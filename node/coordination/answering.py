"""What an answer rests on: which organisations' records are held, how old they are, and who has not been heard."""

from collections.abc import Iterable
from typing import Final

from node.desk import looking
from node.desk.post import Post
from node.desk.views import Laptops, PeerView, SourceView
from node.reference.organisations import organisation_name

SILENT_AFTER_MS: Final = 3_600_000
"""Who has not been heard for an hour is out of reach: since then people may have come and gone there."""


def sources(post: Post, members: Iterable[str]) -> list[SourceView]:
    """Every other member, those of whom nothing may be known here included: an answer says what it lacks."""
    now, held = post.now_ms(), post.ledger.people_by_source()
    peers: dict[str, list[PeerView]] = {}
    for peer in looking.peers(post):
        peers.setdefault(peer.organisation, []).append(peer)
    others = sorted({*held, *peers, *members} - {post.organisation, ""})
    return [_source(code, held.get(code, 0), peers.get(code, []), now) for code in others]


def laptops(post: Post) -> Laptops:
    """The organisation's own field nodes: what they have not brought yet is in no answer."""
    own = [peer for peer in looking.peers(post) if peer.organisation == post.organisation]
    contacts = [peer.last_contact_ms for peer in own]
    heard = [at_ms for at_ms in contacts if at_ms is not None]
    return Laptops(
        count=len(own),
        silent=sum(is_silent(at_ms, post.now_ms()) for at_ms in contacts),
        oldest_contact_ms=min(heard, default=None) if len(heard) == len(own) else None,
    )


def is_silent(last_contact_ms: int | None, now_ms: int) -> bool:
    """Whether nothing has been heard for an hour or longer, or never."""
    return last_contact_ms is None or now_ms - last_contact_ms >= SILENT_AFTER_MS


def _source(code: str, people: int, peers: list[PeerView], now_ms: int) -> SourceView:
    heard = [peer for peer in peers if peer.last_contact_ms is not None]
    newest = max(heard, key=lambda peer: peer.last_contact_ms or 0, default=None)
    last = newest.last_contact_ms if newest else None
    tried = max(peers, key=lambda peer: peer.last_try_ms or 0, default=None)
    return SourceView(
        organisation=code,
        organisation_name=organisation_name(code),
        people=people,
        last_contact_ms=last,
        silent=is_silent(last, now_ms),
        last_reason=tried.last_reason if tried else "",
    )
