"""What a prefecture or crisis office can do: see the shelters, and search over what its node holds."""

from node.desk import looking, places
from node.desk.seat import Seat
from node.desk.views import Answered, PlaceView, SourceView, Totals
from node.reference.municipalities import municipality_name
from node.reference.organisations import organisation_name


class Coordination(Seat):
    """One operator of a coordinating office. It looks and asks; it writes nothing about anybody."""

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
        people = looking.find(self._post, self._showing, text, purpose=purpose, limit=limit)
        return Answered(tuple(people), tuple(self._sources()))

    def _sources(self) -> list[SourceView]:
        """Every other member, those of whom nothing may be known here included: an answer says what it lacks."""
        held = self._post.ledger.people_by_source()
        contacts = {peer.organisation: peer for peer in looking.peers(self._post)}
        return [
            SourceView(
                organisation=code,
                organisation_name=organisation_name(code),
                people=held.get(code, 0),
                last_contact_ms=contacts[code].last_contact_ms if code in contacts else None,
            )
            for code in sorted({*held, *contacts} - {self._post.organisation})
        ]


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
