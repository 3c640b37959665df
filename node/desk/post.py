"""What every act at one desk shares: the ledger, the pen, the operator and the place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from node.desk.rights import ROLES, Right, may
from node.errors import NotAllowed, PlaceNotChosen, PlaceUnknown, SubjectUnknown
from node.knowing import known_of
from node.ledger import Ledger, PersonRow, PlaceRow, Writing
from node.neighbours import Neighbours
from node.pen import Pen
from node.records.subjects import mint_person
from node.release.known import SubjectKnown

JAPAN = timezone(timedelta(hours=9), "JST")
"""Japan has one time zone and no summer time."""


@dataclass(frozen=True, slots=True)
class Post:
    """One operator at one place of one node."""

    ledger: Ledger
    pen: Pen
    organisation: str
    """Code of the organisation."""
    organisation_name: str
    operator: str
    now_ms: Callable[[], int]
    entropy: Callable[[int], bytes]
    """Cryptographically secure random bytes, so many."""
    neighbours: Neighbours
    """Whom the node speaks with."""
    is_home: bool = True
    """Whether the node is the town hall's."""
    place: bytes = b""
    """Subject of the place the desk stands at; empty: none chosen."""
    is_drill: bool = False
    """Whether all this is a drill."""

    def today(self) -> date:
        """Today in Japan."""
        return datetime.fromtimestamp(self.now_ms() / 1000, tz=JAPAN).date()

    def need(self, right: Right) -> None:
        """Make sure that the operator's role allows an act. A node where no operator was made yet allows everything.

        Raises:
            NotAllowed: it does not, or nobody of that code works here.
        """
        row = self.ledger.operator(self.operator)
        if row is None and not self.ledger.has_operators():
            return
        if row is None or row.retired_at_ms is not None or not may(row.role, right):
            raise NotAllowed(act=right.value, expected=", ".join(sorted(ROLES[right])))

    def works_here(self) -> bool:
        """Whether the operator is one of the staff of this node."""
        row = self.ledger.operator(self.operator)
        return row is not None and row.retired_at_ms is None

    def mint(self) -> bytes:
        """The id of someone new."""
        return mint_person(self.organisation, self.entropy)

    def known(self, writing: Writing, subject: bytes) -> SubjectKnown:
        """What the rules go by, within an act."""
        return known_of(writing, subject, self.organisation, writing.organisations_of_peers())

    def person(self, subject: bytes) -> PersonRow:
        """The row of someone this node knows.

        Raises:
            SubjectUnknown: it knows nobody of that id.
        """
        row = self.ledger.person(subject)
        if row is None:
            raise SubjectUnknown(subject=subject.hex()[:8])
        return row

    def site(self, place: bytes) -> PlaceRow:
        """The row of a place.

        Raises:
            PlaceNotChosen: none was chosen yet.
            PlaceUnknown: this node knows no such place.
        """
        if not place:
            raise PlaceNotChosen
        row = self.ledger.place(place)
        if row is None:
            raise PlaceUnknown(place=place.hex()[:8])
        return row
