"""Everybody of a place, those out for now among them, each person once however many entries they have."""

from typing import Final

from node.desk.post import Post
from node.desk.resemblance import shown_as_one
from node.desk.showing import Showing
from node.desk.views import PersonView

PEOPLE_AT_ONCE: Final = 500


def attending(post: Post, showing: Showing) -> list[PersonView]:
    """The people with an open stay at the place of the post, or anywhere where it stands at none. Not logged here."""
    found: dict[bytes, PersonView] = {}
    for which in ("here", "out"):
        offset = 0
        while rows := post.ledger.people_at(post.place or None, which=which, limit=PEOPLE_AT_ONCE, offset=offset):
            offset += len(rows)
            found |= {row.subject: showing.person(row) for row in rows}
    return shown_as_one(post.ledger, list(found.values()))
