"""The roll call (点呼): who of a place has been seen since it began, by whom, and who has not."""

from dataclasses import dataclass, replace
from typing import Final

from node.desk import arrivals, looking
from node.desk.attendance import attending
from node.desk.post import Post
from node.desk.showing import Showing
from node.desk.views import Done, PersonView
from node.errors import NoOpenStay, PlaceNotChosen

OF_THE_PLACE: Final = ""
"""A roll call is no single clerk's: it is kept under nobody's name, so that whoever sits down goes on with it."""


@dataclass(frozen=True, slots=True)
class RollCall:
    """A roll call under way: its people in the order of the list, households together."""

    begun_ms: int
    begun_by: str
    people: tuple[PersonView, ...]

    def with_one(self, person: PersonView) -> "RollCall":
        """The same list, with this person as they stand now."""
        people = tuple(person if each.subject == person.subject else each for each in self.people)
        return replace(self, people=people)

    def is_seen(self, person: PersonView) -> bool:
        """Whether somebody has seen this one since it began."""
        return person.confirmed_at_ms >= self.begun_ms

    @property
    def seen(self) -> int:
        """How many have been seen."""
        return sum(self.is_seen(each) for each in self.people)

    @property
    def next_unseen(self) -> int | None:
        """Where it goes on; None: everybody has been seen."""
        return next((number for number, each in enumerate(self.people) if not self.is_seen(each)), None)


class RollCalls:
    """The roll calls of the place a desk stands at."""

    def __init__(self, post: Post, showing: Showing) -> None:
        self._post = post
        self._showing = showing

    def under_way(self) -> RollCall | None:
        """The roll call last begun here; None: there was none. Logged as a read of the roster.

        Raises:
            PlaceNotChosen: the desk stands at no place.
        """
        begun = self._post.ledger.draft(OF_THE_PLACE, self._key())
        if begun is None:
            return None
        return RollCall(int(begun["begun_ms"]), begun["begun_by"], self._people())

    def begin(self) -> RollCall:
        """Begin anew: nobody counts as seen yet, the moment is now.

        Raises:
            PlaceNotChosen: the desk stands at no place.
        """
        key, now = self._key(), self._post.now_ms()
        with self._post.ledger.write() as writing:
            fields = {"begun_ms": str(now), "begun_by": self._post.operator}
            writing.save_draft(OF_THE_PLACE, key, fields, now)
        return RollCall(now, self._post.operator, self._people())

    def seen(self, person: PersonView) -> tuple[Done, PersonView]:
        """This one was seen here now; who was out for now is back with it. The act, and how they stand after it.

        Raises:
            NoOpenStay: they have left meanwhile.
        """
        row = self._post.person(person.subject)
        if row.stay_state not in (arrivals.PRESENT, arrivals.OUT):
            raise NoOpenStay(subject=person.subject.hex()[:8])
        act = arrivals.back if row.stay_state == arrivals.OUT else arrivals.seen
        done = act(self._post, (person.subject,))
        return done, self._showing.person(self._post.person(person.subject))

    def _key(self) -> str:
        if not self._post.place:
            raise PlaceNotChosen
        return f"roll-call:{self._post.place.hex()}"

    def _people(self) -> tuple[PersonView, ...]:
        found = attending(self._post, self._showing)
        looking.log_read(self._post, "read", purpose="roster", count=len(found), subjects=())
        first: dict[bytes, tuple[str, str]] = {}
        for each in found:
            spoken = (each.kana or each.name, each.name)
            if each.household:
                first[each.household] = min(first.get(each.household, spoken), spoken)
        return tuple(
            sorted(
                found,
                key=lambda each: (
                    *first.get(each.household, (each.kana or each.name, each.name)),
                    each.household,
                    each.birth or "9",
                    each.subject,
                ),
            )
        )
