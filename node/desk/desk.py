"""What a shelter clerk can do: every act of the screens and commands, one method each; the rules lie in rooms below."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from node.desk import arrivals, cases, consents, erasures, looking, places, undoing
from node.desk.amending import Amending
from node.desk.answers import SafetyAnswers
from node.desk.duplicates import Duplicates
from node.desk.erasures import ErasureView
from node.desk.forms import Forms
from node.desk.history import Histories
from node.desk.places import SELF_STARTED
from node.desk.reporting import Reports, report
from node.desk.resemblance import Resemblance
from node.desk.roll_calls import RollCalls
from node.desk.seat import Seat
from node.desk.settling import Settling
from node.desk.views import (
    ActView,
    ConsentView,
    Done,
    FieldView,
    NewPerson,
    PersonView,
    PlaceView,
    StandingLine,
    Whereto,
)
from node.errors import NotEnrolled
from node.people.facets import Status
from node.records.kinds import CONSENT

if TYPE_CHECKING:
    from node.desk.cards import Cards
    from node.desk.printing import Printing

OF_THE_NODE: Final = ""
"""Where the desk stands is no single clerk's choice: whoever sits down stands there."""
LAST_PLACE: Final = "place"


class Desk(Seat):
    """One operator at one place. Calls block, may come from any thread, and what they return is durable.

    Raises, from any act: an `ActRefused` or `InputRefused` with its reason; then nothing was written.
    """

    # --- where and who

    @property
    def place(self) -> bytes:
        """Subject of the place the desk stands at; empty: none chosen yet."""
        return self._post.place

    @property
    def place_name(self) -> str:
        """Its name, "" while none is chosen."""
        return self._showing.place_name(self._post.place)

    def use_place(self, place: bytes) -> None:
        """Stand at this place from now on, and at the next start again. Raises PlaceUnknown."""
        self._post.site(place)
        self._post = replace(self._post, place=place)
        with self._post.ledger.write() as writing:
            writing.save_draft(OF_THE_NODE, LAST_PLACE, {"place": place.hex()}, self._post.now_ms())

    def use_last_place(self) -> None:
        """Stand where a desk of this node last chose to stand; nowhere, if none did or that place is gone."""
        chosen = bytes.fromhex((self._post.ledger.draft(OF_THE_NODE, LAST_PLACE) or {}).get("place", ""))
        if chosen and self._post.ledger.place(chosen) is not None:
            self._post = replace(self._post, place=chosen)

    def standing(self) -> StandingLine:
        """The line that is always visible; a desk that stands nowhere says so."""
        return replace(super().standing(), place_missing=not self._post.place)

    # --- looking

    def find(self, text: str, *, purpose: str = "reception", limit: int = 20) -> list[PersonView]:
        """People by name, kana, romaji, birth date, phone or address; the likeliest first. Logged."""
        return super().find(text, purpose=purpose, limit=limit)

    def similar(self, person: NewPerson, *, limit: int = 5) -> list[Resemblance]:
        """People already known who may be this one, and why: shown before saving, not after."""
        return looking.similar(self._post, self._showing, person, limit=limit)

    @property
    def duplicates(self) -> Duplicates:
        """Pairs of entries that may be one person."""
        return Duplicates(self._post, self._showing)

    @property
    def settling(self) -> Settling:
        """Statements that contradict each other."""
        return Settling(self._post, self._showing)

    def person(self, subject: bytes) -> PersonView:
        """One person."""
        return looking.person(self._post, self._showing, subject)

    def household(self, subject: bytes) -> list[PersonView]:
        """The person and everyone of their household, those of the resident register included."""
        return looking.household(self._post, self._showing, subject)

    def details(self, subject: bytes, *, purpose: str = "reception") -> list[FieldView]:
        """Every statement about a person, field by field. Logged as a read."""
        return looking.details(self._post, self._showing, subject, purpose=purpose)

    def roster(
        self, *, place: bytes | None = None, which: str = "here", limit: int = 200, offset: int = 0
    ) -> list[PersonView]:
        """The people of a place: "here", "out", "unconfirmed", "care", "expected" or "left"."""
        return looking.roster(self._post, self._showing, place=place, which=which, limit=limit, offset=offset)

    # --- arriving and leaving

    def check_in(self, subjects: Sequence[bytes], *, place: bytes | None = None, outside: int = 0) -> Done:
        """They are here now."""
        return arrivals.check_in(self._post, subjects, place=place, outside=outside)

    def register(self, person: NewPerson, *, place: bytes | None = None, arrive: bool = True) -> Done:
        """Someone new, written down and checked in at once."""
        return arrivals.register(self._post, person, place=place, arrive=arrive)

    @property
    def amending(self) -> Amending:
        """What is typed of people who are known."""
        return Amending(self._post)

    def out(self, subjects: Sequence[bytes]) -> Done:
        """They go out and will be back."""
        return arrivals.out(self._post, subjects)

    def back(self, subjects: Sequence[bytes]) -> Done:
        """They are back."""
        return arrivals.back(self._post, subjects)

    def seen(self, subjects: Sequence[bytes]) -> Done:
        """They were seen here now."""
        return arrivals.seen(self._post, subjects)

    def leave(self, subjects: Sequence[bytes], where: Whereto) -> Done:
        """They leave for good, and where to."""
        return arrivals.leave(self._post, subjects, where)

    # --- consent and protection

    def give_consent(
        self,
        subject: bytes,
        *,
        facets: Sequence[str] = consents.SHARED_BY_DEFAULT,
        organisations: Sequence[str] = (),
        all_local_governments: bool = False,
        purpose: str = "relief",
        until_ms: int | None = None,
        guardian_relation: str = "",
    ) -> Done:
        """Write down a consent; in force at once."""
        return consents.give(
            self._post,
            subject,
            organisations=organisations,
            all_local_governments=all_local_governments,
            facets=facets,
            purpose=purpose,
            until_ms=until_ms,
            guardian_relation=guardian_relation,
        )

    def withdraw_consent(self, subject: bytes, slot: bytes) -> Done:
        """Take a consent back."""
        return consents.withdraw(self._post, subject, slot)

    def consents(self, subject: bytes) -> list[ConsentView]:
        """The consents of a person and how their withdrawals fare. Logged."""
        views = consents.listed(self._post, subject)
        looking.log_read(
            self._post, "read", purpose="reception", count=len(views), subjects=(subject,), facets={CONSENT}
        )
        return views

    def consent_slots(self, subject: bytes) -> set[bytes]:
        """Which consents there are, and nothing of what they say."""
        return consents.slots(self._post, subject)

    def erasures(self) -> list[ErasureView]:
        """The erasures this organisation has ordered and who has confirmed them, newest first."""
        return erasures.listed(self._post)

    def protect(self, subject: bytes, *, ground: str = "other", recipients: Sequence[str] = ()) -> Done:
        """Hide a person."""
        return cases.protect(self._post, subject, ground=ground, recipients=recipients)

    def lift_protection(self, subject: bytes) -> Done:
        """Lift a protection this organisation set."""
        return cases.lift_protection(self._post, subject)

    def erase(self, subject: bytes, *, ground: str = "request") -> Done:
        """Erase a person here and everywhere, for good."""
        return cases.erase(self._post, subject, ground=ground)

    def close_case(self, subject: bytes, kind: str) -> Done:
        """The case ends, or is opened again."""
        return cases.close_case(self._post, subject, kind)

    # --- places and their state

    def places(self, text: str = "", *, municipality: str | None = None, limit: int = 50) -> list[PlaceView]:
        """Places whose name or id has this text."""
        return places.listed(self._post, self._showing, text, municipality=municipality, limit=limit)

    def create_place(self, name: str, *, address: str = "", kind: int = SELF_STARTED) -> bytes:
        """A shelter that started itself, at once. Returns its subject."""
        return places.create(self._post, name, address=address, kind=kind)

    @property
    def answers(self) -> SafetyAnswers:
        """Whom people said may be told of them."""
        return SafetyAnswers(self._post)

    @property
    def histories(self) -> Histories:
        """What was said of people over time."""
        return Histories(self._post, self._showing)

    @property
    def reports(self) -> Reports:
        """How the place at hand stands."""
        return Reports(self._post, self._showing)

    @property
    def roll_calls(self) -> RollCalls:
        """The roll calls of the place at hand."""
        return RollCalls(self._post, self._showing)

    def report_status(self, place: bytes, status: Status) -> Done:
        """Say how a place stands, and when that was seen."""
        return report(self._post, place, status)

    # --- what people carry

    @property
    def cards(self) -> "Cards":
        """Evacuee cards and wristbands. Raises NotEnrolled where this node is in no federation."""
        from node.desk.cards import Cards  # noqa: PLC0415 -- takes long to load, and is seldom needed

        if self._office is None:
            raise NotEnrolled(what="roster")
        return Cards(self._post, self._office())

    @property
    def forms(self) -> Forms:
        """Check-in sheets on paper."""
        return Forms(self._post)

    @property
    def printing(self) -> "Printing":
        """What goes to the printer."""
        from node.desk.printing import Printing  # noqa: PLC0415 -- takes long to load, and is seldom needed

        return Printing(self._post, self.stick)

    # --- undo

    def last_acts(self) -> list[ActView]:
        """The acts of this operator that can still be undone, newest first."""
        return undoing.listed(self._post)

    def undo(self, token: bytes) -> Done:
        """Take back one act."""
        return undoing.undo(self._post, token)
