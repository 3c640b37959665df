"""What a prefecture or crisis office can do: see the shelters, search over what its node holds, decide, answer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from node.coordination import answering
from node.coordination.decisions import Decisions
from node.coordination.trends import Trends
from node.coordination.unconfirmed import Missing
from node.desk import places
from node.desk.carrying import Carrier
from node.desk.post import Post
from node.desk.seat import Seat
from node.desk.views import Answered, PlaceView, Totals
from node.errors import NotEnrolled
from node.reference.municipalities import municipality_name

if TYPE_CHECKING:
    from node.installation import Installation  # which opens this office


class Coordination(Seat):
    """One operator of a coordinating office. It looks, asks, decides and answers; it writes nothing about
    anybody."""

    def __init__(
        self,
        node: "Installation",
        post: Post,
        *,
        poke: Callable[[str | None], None] = lambda _organisation: None,
        carrier: Callable[[], Carrier] | None = None,
    ) -> None:
        super().__init__(post, poke=poke, carrier=carrier)
        self._node = node

    def shelters(self, *, municipality: str | None = None, text: str = "", limit: int = 2000) -> list[PlaceView]:
        """Shelters with what was last reported of them."""
        return places.listed(self._post, self._showing, text, municipality=municipality, limit=limit)

    def totals(self) -> list[Totals]:
        """By municipality: shelters known, open, people reported, people by record, and how old the oldest figure
        is."""
        found: dict[str, list[PlaceView]] = {}
        for shelter in self.shelters():
            found.setdefault(shelter.municipality, []).append(shelter)
        return [_totals(code, shelters) for code, shelters in sorted(found.items())]

    def search(self, text: str, *, purpose: str, limit: int = 20) -> Answered:
        """People this node may know of, with whose records the answer draws on and how old they are. Logged.

        Raises:
            PurposeMissing: no purpose was given.
        """
        people = self.find(text, purpose=purpose, limit=limit)
        return Answered(
            tuple(people), tuple(answering.sources(self._post, self._members())), answering.laptops(self._post)
        )

    @property
    def trends(self) -> Trends:
        """Headcounts over time."""
        return Trends(self._post)

    @property
    def missing(self) -> Missing:
        """Residents nobody has confirmed."""
        return Missing(self._post, self._showing)

    @property
    def decisions(self) -> Decisions:
        """Applications and emergencies."""
        return Decisions(self._node, self._post)

    def _members(self) -> list[str]:
        """All of the roster; nobody where none is installed."""
        try:
            return list(self._node.room.now().federation.members)
        except NotEnrolled:
            return []


def _totals(code: str, shelters: list[PlaceView]) -> Totals:
    seen = [shelter.observed_at_ms for shelter in shelters if shelter.observed_at_ms is not None]
    counted = [shelter.headcount for shelter in shelters if shelter.headcount is not None]
    return Totals(
        municipality=code,
        municipality_name=municipality_name(code),
        shelters=len(shelters),
        open=sum(shelter.opening == 1 for shelter in shelters),
        headcount=sum(counted) if counted else None,
        present=sum(shelter.present for shelter in shelters),
        oldest_observed_ms=min(seen) if seen else None,
        unreported=sum(shelter.opening == 1 and shelter.headcount is None for shelter in shelters),
    )
