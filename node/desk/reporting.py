"""How a shelter stands (避難所状況): what was seen and when, with the headcounts that the roster already knows."""

from dataclasses import dataclass
from typing import Final

from node.desk.post import Post
from node.desk.views import Done
from node.errors import NothingReportedYet
from node.pen import PLACE
from node.people.facets import Status, from_content
from node.records.kinds import STATUS

COMMUNICATIONS: Final = ("phone", "mobile", "internet", "radio", "satellite", "none")
"""The words for means of communication that work (EEI v1.1)."""

MALE, FEMALE = 1, 2
PEOPLE_AT_ONCE: Final = 500


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

    def __init__(self, post: Post) -> None:
        self._post = post

    def last(self) -> Status | None:
        """What was seen last; None: nothing was reported of this place yet."""
        said = [from_content(STATUS, held.record.content) for held in self._post.ledger.heads(self._post.place, STATUS)]
        known = [status for status in said if isinstance(status, Status)]
        return max(known, key=lambda status: status.observed_at_ms, default=None)

    def counted(self) -> Counted:
        """The roster, counted: who is here and who is only out for now."""
        sexes: list[int] = []
        households: set[bytes] = set()
        alone = 0
        for which in ("here", "out"):
            offset = 0
            while rows := self._post.ledger.people_at(
                self._post.place or None, which=which, limit=PEOPLE_AT_ONCE, offset=offset
            ):
                offset += len(rows)
                sexes += [row.sex for row in rows]
                households |= {row.household for row in rows if row.household}
                alone += sum(not row.household for row in rows)
        men, women = sexes.count(MALE), sexes.count(FEMALE)
        return Counted(len(sexes), men, women, len(sexes) - men - women, len(households) + alone)

    def report(self, status: Status) -> Done:
        """Write down the state of this place. `observed_at_ms` is when it was seen, not when it is typed.

        Raises:
            PlaceUnknown: the desk stands at no place.
        """
        return report(self._post, self._post.place, status)

    def same_again(self) -> Done:
        """Everything as last time, seen now.

        Raises:
            PlaceUnknown: the desk stands at no place.
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
