"""How a shelter stands (避難所状況): what was seen, and when."""

from node.desk.post import Post
from node.desk.views import Done
from node.pen import PLACE
from node.people.facets import Status
from node.records.kinds import STATUS


def report(post: Post, place: bytes, status: Status) -> Done:
    """Write down the state of a place. `observed_at_ms` is when it was seen, not when it is typed."""
    post.site(place)
    with post.pen.sheet(operator=post.operator, act="status") as sheet:
        sheet.put(place, STATUS, status, kind=PLACE)
    return Done((place,), len(sheet.written), b"")
