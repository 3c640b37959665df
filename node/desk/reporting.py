"""How a shelter stands (避難所状況): what was seen and when, with the headcounts that the roster already knows."""

from dataclasses import dataclass
from typing import Final

from node.desk.attendance import attending
from node.desk.post import Post
from node.desk.showing import Showing
from node.desk.views import Done
from node.errors import NothingReportedYet
from node.pen import PLACE
from node.people.facets import Status, from_content
from node.records.kinds import STATUS

COMMUNICATIONS: Final = ("phone", "mobile", "internet", "radio", "satellite", "none")
"""The words for means of communication that work (EEI v1.1)."""

MALE, FEMALE = 1, 2


@dataclass(frozen=True, slots=True)
class Counted:
    """What the roster of a place comes to now. People who stay outside it are not in it."""

    headcount: int
    men: int
    women: int
    sex_unknown: int
    households: int


class Reports:
    """The state of the place a desk stands at."""

    def __init__(self, post: Post, showing: Showing) -> None:
        self._post = post
        self._showing = showing

    def last(self) -> Status | None:
        """What was seen last; None: nothing was reported of this place yet."""
        said = [from_content(STATUS, held.record.content) for held in self._post.ledger.heads(self._post.place, STATUS)]
        known = [status for status in said if isinstance(status, Status)]
        return max(known, key=lambda status: status.observed_at_ms, default=None)

    def counted(self) -> Counted:
        """The roster, counted: who is here and who is only out for now."""
        people = attending(self._post, self._showing)
        sexes = [each.sex for each in people]
        men, women = sexes.count(MALE), sexes.count(FEMALE)
        households = len({each.household for each in people if each.household})
        alone = sum(not each.household for each in people)
        return Counted(len(people), men, women, len(people) - men - women, households + alone)

    def report(self, status: Status) -> Done:
        """Write down the state of this place. `observed_at_ms` is when it was seen, not when it is typed.

        Raises:
            PlaceNotChosen: the desk stands at no place.
        """
        return report(self._post, self._post.place, status)

    def same_again(self) -> Done:
        """Everything as last time, seen now.

        Raises:
            PlaceNotChosen: the desk stands at no place.
            NothingReportedYet: there is no last time.
        """
        last = self.last()
        if last is None:
            self._post.site(self._post.place)
            raise NothingReportedYet
        return self.report(last.model_copy(update={"observed_at_ms": self._post.now_ms()}))


def report(post: Post, place: bytes, status: Status) -> Done:
    """Write down the state of a place. `observed_at_ms` is when it was seen, not when it is typed.

    Raises:
        PlaceUnknown: no place of that id is known.
    """
    post.site(place)
    with post.pen.sheet(operator=post.operator, act="status") as sheet:
        sheet.put(place, STATUS, status, kind=PLACE)
    return Done((place,), len(sheet.written), b"")
