"""Places: listing them, and making one on the spot."""

from moyai.v1 import facets_pb2
from node.desk.fields import naming_the_field
from node.desk.post import Post
from node.desk.showing import Showing
from node.desk.views import PlaceView
from node.errors import NothingToGoBy
from node.pen import PLACE as A_PLACE
from node.people.facets import Place
from node.records.kinds import PLACE

SELF_STARTED = int(facets_pb2.PLACE_TYPE_SELF_STARTED)


def listed(post: Post, showing: Showing, text: str, *, municipality: str | None, limit: int) -> list[PlaceView]:
    """Places whose name, kana, address or id has this text, or has its words as they may be read; those of this
    organisation first."""
    rows = post.ledger.places(municipality=municipality, text=text, limit=limit, first=post.organisation)
    return [showing.site(row) for row in rows]


@naming_the_field()
def create(post: Post, name: str, *, address: str, kind: int) -> bytes:
    """A place with a random id, known at once here and later everywhere.

    Raises:
        NothingToGoBy: the name is empty.
    """
    if not name.strip():
        raise NothingToGoBy
    subject = post.entropy(16)
    place = Place(name=name.strip(), municipality=post.organisation, address=address, type=kind)
    with post.pen.sheet(operator=post.operator, act="create-place") as sheet:
        sheet.put(subject, PLACE, place, kind=A_PLACE)
    return subject
