"""Turns rows of the ledger into what the desk shows, with names for codes and ids."""

from dataclasses import dataclass, field

from moyai.v1 import facets_pb2
from node.desk.views import PersonView, PlaceView
from node.ledger import Ledger, PersonRow, PlaceRow
from node.reference.municipalities import municipality_name

PRESENT = int(facets_pb2.STAY_STATE_PRESENT)
OUT = int(facets_pb2.STAY_STATE_OUT)
TRANSFERRED = int(facets_pb2.STAY_STATE_TRANSFERRED)


@dataclass(slots=True)
class Showing:
    """Shows rows as seen from one place of one organisation; keeps the names of places it has looked up."""

    ledger: Ledger
    organisation: str
    place: bytes
    _names: dict[bytes, str] = field(default_factory=dict)

    def person(self, row: PersonRow, match: str = "") -> PersonView:
        """One person."""
        present = row.stay_state in (PRESENT, OUT)
        expected = row.stay_state == TRANSFERRED and (
            (bool(row.destination_place) and row.destination_place == self.place)
            or (not row.destination_place and row.destination_municipality == self.organisation)
        )
        return PersonView(
            subject=row.subject,
            family_name=row.family_name,
            given_name=row.given_name,
            kana=row.kana,
            description=row.description,
            birth=row.birth,
            sex=row.sex,
            address=row.address,
            phone=row.phone,
            municipality=row.municipality,
            municipality_name=municipality_name(row.municipality),
            household=row.household,
            care_codes=row.care_codes,
            protected=row.protected,
            resident_only=row.resident_only,
            conflict=row.conflict,
            closed=row.closed,
            death_reported=row.death_reported,
            stay_state=row.stay_state,
            place=row.place,
            place_name=self.place_name(row.place),
            outside=row.outside,
            stay_municipality=row.stay_municipality,
            since_ms=row.since_ms,
            confirmed_at_ms=row.confirmed_at_ms,
            confirmed_by=row.confirmed_by,
            here=present and bool(row.place) and row.place == self.place,
            expected=expected,
            from_organisation=row.came_from,
            match=match,
        )

    def place_name(self, place: bytes) -> str:
        """The name of a place, "" where this node knows none."""
        if not place:
            return ""
        if place not in self._names:
            self._names[place] = self.ledger.place_name(place)
        return self._names[place]

    def site(self, row: PlaceRow) -> PlaceView:
        """One place with its newest figures."""
        return PlaceView(
            subject=row.subject,
            name=row.name,
            national_id=row.national_id,
            local_id=row.local_id,
            municipality=row.municipality,
            municipality_name=municipality_name(row.municipality),
            address=row.address,
            capacity=row.capacity,
            capacity_text=row.capacity_text,
            present=row.present,
            opening=row.opening,
            headcount=row.headcount,
            observed_at_ms=row.observed_at_ms,
            status_source=row.status_source,
        )
