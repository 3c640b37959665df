"""Takes files in: what a reader took becomes records, a batch a transaction; the same file again writes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from node.desk.post import Post
from node.exchange.apply import Outcome, import_places, import_residents, import_statuses
from node.exchange.places import PlaceRow, read_places
from node.exchange.report import Journal, Report
from node.exchange.residents import ResidentRow, read_residents
from node.exchange.statuses import StatusRow, read_statuses
from node.ledger import Held
from node.pen import PLACE as A_PLACE, Sheet
from node.people.facets import Place, Protection, Status, from_content
from node.records.kinds import PLACE, PROTECTION, RESIDENT, STATUS

Progress = Callable[[int, int], None]

TIDY_FROM_ROWS = 1_000
"""After a load of at least so many new rows the search index is put in order: searches take half the time then."""

PLACES_MAX = 100_000
"""Of one municipality: the largest has 875 shelters; of all Japan there are 82,557."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The `Importer` of a desk."""

    post: Post

    def residents(self, stream: BinaryIO, name: str, *, progress: Progress, journal: Journal | None) -> Report:
        """A resident roster. Raises InputRefused where the file as a whole can't be read."""
        rows = read_residents(stream, today=self.post.today(), progress=progress)
        report = import_residents(rows, self, Report(name, journal))
        if report.outcomes["new"] >= TIDY_FROM_ROWS:
            self.post.ledger.tidy()
        return report

    def places(self, stream: BinaryIO, name: str, *, progress: Progress, journal: Journal | None) -> Report:
        """A list of places. Raises InputRefused where the file as a whole can't be read."""
        rows = read_places(stream, municipality=self._own_municipality, progress=progress)
        return import_places(rows, self, Report(name, journal))

    def statuses(self, stream: BinaryIO, name: str, *, progress: Progress, journal: Journal | None) -> Report:
        """A list of headcounts. Raises InputRefused where the file as a whole can't be read."""
        rows = read_statuses(
            stream,
            name=name,
            now_ms=self.post.now_ms(),
            municipality=self._own_municipality,
            progress=progress,
        )
        return import_statuses(rows, self, Report(name, journal))

    def places_of(self, municipality: str) -> Mapping[bytes, Place]:
        """All places known in a municipality, by subject."""
        known: dict[bytes, Place] = {}
        for row in self.post.ledger.places(municipality, limit=PLACES_MAX):
            place = _place(self.post.ledger.heads(row.subject, PLACE))
            if place is not None:
                known[row.subject] = place
        return known

    def put_residents(self, batch: Sequence[ResidentRow]) -> Sequence[Outcome]:
        """Residents, found again by the municipality's own key."""
        with self.post.pen.sheet(operator=self.post.operator, act="import") as sheet:
            minted: dict[str, bytes] = {}
            return [self._put_resident(sheet, row, minted) for row in batch]

    def put_places(self, batch: Sequence[PlaceRow]) -> Sequence[Outcome]:
        """Places by subject."""
        with self.post.pen.sheet(operator=self.post.operator, act="import") as sheet:
            return [self._put_place(sheet, row) for row in batch]

    def put_statuses(self, batch: Sequence[StatusRow]) -> Sequence[Outcome]:
        """What was seen of places, never over what was seen later."""
        with self.post.pen.sheet(operator=self.post.operator, act="import") as sheet:
            return [_put_status(sheet, row) for row in batch]

    @property
    def _own_municipality(self) -> str:
        """The code for rows that tell none: ours, except that a prefecture's own code is no municipality."""
        code = self.post.organisation
        return "" if code[2:5] == "000" else code

    def _put_resident(self, sheet: Sheet, row: ResidentRow, minted: dict[str, bytes]) -> Outcome:
        key = row.resident.municipal_key
        known = self.post.ledger.resident_by_key(key) or minted.get(key)
        subject = known or minted.setdefault(key, self.post.mint())
        if known is None:
            sheet.first_of(subject, RESIDENT)
        written = sheet.put(subject, RESIDENT, row.resident)
        if row.protect and not self._is_protected(sheet, subject, known):
            protection = Protection(active=True, ground="other", decided_by=self.post.operator)
            written = sheet.put(subject, PROTECTION, protection, slot=self.post.organisation.encode()) or written
        if written is None:
            return Outcome.UNCHANGED
        return Outcome.NEW if known is None else Outcome.CHANGED

    def _is_protected(self, sheet: Sheet, subject: bytes, known: bytes | None) -> bool:
        if known is None:
            sheet.first_of(subject, PROTECTION, slot=self.post.organisation.encode())
            return False
        said = [
            from_content(PROTECTION, head.content)
            for head in sheet.heads(subject, PROTECTION, self.post.organisation.encode())
        ]
        return any(isinstance(one, Protection) and one.active for one in said)

    def _put_place(self, sheet: Sheet, row: PlaceRow) -> Outcome:
        heads = sheet.heads(row.subject, PLACE)
        if any(from_content(PLACE, head.content) == row.place for head in heads):
            return Outcome.UNCHANGED
        sheet.put(row.subject, PLACE, row.place, kind=A_PLACE)
        return Outcome.CHANGED if heads else Outcome.NEW


def _put_status(sheet: Sheet, row: StatusRow) -> Outcome:
    subject = row.place.subject
    heads = sheet.heads(subject, STATUS)
    said = [status for status in (from_content(STATUS, head.content) for head in heads) if isinstance(status, Status)]
    if row.status in said:
        return Outcome.UNCHANGED
    if any(status.observed_at_ms > row.status.observed_at_ms for status in said):
        return Outcome.OLDER
    sheet.put(subject, STATUS, row.status, kind=A_PLACE)
    return Outcome.CHANGED if heads else Outcome.NEW


def _place(heads: Sequence[Held]) -> Place | None:
    """Of several heads the newest; the ledger lists it first."""
    said = (from_content(PLACE, held.record.content) for held in heads)
    return next((place for place in said if isinstance(place, Place)), None)
