"""Puts on paper what the desk has: sheets, cards, wristbands, the list of who is here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from node.desk import consents
from node.desk.card_reading import DAYS_MAX
from node.desk.cards import CardMade
from node.desk.post import JAPAN, Post
from node.desk.views import ConsentView
from node.errors import FileNotWritten
from node.exchange.card_symbols import to_symbols
from node.exchange.wristband import wristband
from node.files import write_durably
from node.ledger import AuditEntry, PersonRow
from node.paper.card import draw_card, draw_wristbands, picture
from node.paper.form import draw_forms
from node.paper.receipt import Decided, draw_receipt
from node.paper.roster import Row, draw_roster
from node.people.calendar import age_on
from node.people.facets import BirthDate
from node.records.kinds import CONSENT
from node.reference.codes import care_word
from node.reference.organisations import organisation_name

PEOPLE_MAX = 5_000
"""On one list; the largest shelter of 2011 held 2,500."""
SEX_WORDS = {1: "male", 2: "female", 9: "other"}
OUT = 2


@dataclass(frozen=True, slots=True)
class Printing:
    """What one desk prints; every answer is a PDF."""

    post: Post
    stick: Callable[[], str] = lambda: ""
    """The folder of a stick that is plugged in; empty: none is."""

    def save(self, name: str, content: bytes) -> str:
        """Write a file for the printer onto the stick, or into the home folder; nothing that is there is written over.
        Returns where it is. Raises FileNotWritten."""
        folder = Path(self.stick() or Path.home())
        stem, _, ending = name.rpartition(".")
        at = self._now().strftime("%Y%m%d-%H%M%S")
        numbers = (f"-{number}" if number else "" for number in count())
        path = next(one for one in (folder / f"{stem}-{at}{more}.{ending}" for more in numbers) if not one.exists())
        try:
            write_durably(path, content)
        except OSError as error:
            raise FileNotWritten(expected=path.name, what=type(error).__name__) from error
        return str(path)

    def forms(
        self, numbers: Sequence[str], *, progress: Callable[[int, int], object] = lambda _done, _total: None
    ) -> bytes:
        """Check-in sheets with these numbers."""
        return draw_forms(
            numbers,
            organisation_name=self.post.organisation_name,
            made_at=self._now(),
            drill=self.post.is_drill,
            progress=progress,
        )

    def card(self, card: CardMade) -> bytes:
        """An evacuee card. Raises CardTooLarge."""
        return draw_card(
            to_symbols(card.packed),
            name=card.name,
            kana=card.kana,
            facets=card.facets,
            organisation_name=self.post.organisation_name,
            made_at=datetime.fromtimestamp(card.issued_at_ms / 1000, tz=JAPAN),
            days_max=DAYS_MAX,
            drill=self.post.is_drill,
        )

    def card_picture(self, card: CardMade) -> bytes:
        """The same as a PNG, for a telephone. Raises CardTooLarge."""
        return picture(to_symbols(card.packed))

    def wristbands(self, subjects: Sequence[bytes]) -> bytes:
        """Wristbands. Raises SubjectUnknown."""
        for subject in subjects:
            self.post.person(subject)
        return draw_wristbands(
            [wristband(subject) for subject in subjects], made_at=self._now(), drill=self.post.is_drill
        )

    def receipt(self, subject: bytes) -> bytes:
        """What a person has consented to, newest first; logged as a read of theirs. Raises SubjectUnknown."""
        row = self.post.person(subject)
        self._log("print-receipt", "request", subject=subject, facets=(CONSENT,))
        views = sorted(consents.listed(self.post, subject), key=lambda one: one.from_ms, reverse=True)
        return draw_receipt(
            [_decided(one) for one in views],
            name=row.name,
            organisation_name=self.post.organisation_name,
            made_at=self._now(),
            drill=self.post.is_drill,
        )

    def roster(self, place: bytes) -> bytes:
        """Everybody who is at a place, households together; logged as a read. Raises PlaceUnknown."""
        name = self.post.site(place).name
        people = self.post.ledger.people_at(place, which="here", limit=PEOPLE_MAX)
        self._log("print-roster", "reception", count=len(people))
        first = {row.household or row.subject: number for number, row in reversed(list(enumerate(people)))}
        ordered = sorted(people, key=lambda row: first[row.household or row.subject])
        return draw_roster(
            [self._row(row) for row in ordered],
            place=name,
            organisation_name=self.post.organisation_name,
            made_at=self._now(),
            drill=self.post.is_drill,
        )

    def _row(self, row: PersonRow) -> Row:
        return Row(
            name=row.name,
            kana=row.kana,
            sex=SEX_WORDS.get(row.sex, ""),
            age=self._age(row.birth),
            address=row.address,
            needs="、".join(care_word(code) for code in row.care_codes),
            is_out=row.stay_state == OUT,
            hidden=row.protected,
            household=row.household,
        )

    def _age(self, birth: str) -> str:
        if birth.startswith("~"):
            return birth
        age = age_on(BirthDate(date=birth), self.post.today()) if birth else None
        return "" if age is None else str(age)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.post.now_ms() / 1000, tz=JAPAN)

    def _log(
        self,
        act: str,
        purpose: str,
        *,
        subject: bytes | None = None,
        facets: tuple[int, ...] = (),
        count: int | None = None,
    ) -> None:
        with self.post.ledger.write() as writing:
            writing.log(
                AuditEntry(
                    at_ms=self.post.now_ms(),
                    act=act,
                    operator=self.post.operator,
                    node=self.post.pen.node,
                    organisation=self.post.organisation,
                    purpose=purpose,
                    subject=subject,
                    facets=facets,
                    count=count,
                )
            )


def _decided(one: ConsentView) -> Decided:
    return Decided(
        to=tuple(organisation_name(code) for code in one.organisations) if not one.all_local_governments else (),
        facets=one.facets,
        purpose=one.purpose,
        since=_day(one.from_ms),
        until=_day(one.until_ms),
        guardian=one.guardian_relation,
        withdrawn=_day(one.withdrawn_at_ms),
    )


def _day(at_ms: int | None) -> str:
    return "" if at_ms is None else f"{datetime.fromtimestamp(at_ms / 1000, tz=JAPAN):%Y-%m-%d %H:%M}"
