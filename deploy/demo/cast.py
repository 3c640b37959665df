"""Chooses from the made-up residents who plays which part; nothing about the choice is left to chance."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deploy.demo.people import Resident, households_of


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what in the story."""

    at_hand: list[Resident]
    """Whole households that reach the shelter with a network; the leavers first."""
    far: list[Resident]
    """Whole households that reach the shelter without one."""
    leavers: list[Resident]
    """Of those at hand, the ones who go to Kanazawa."""
    late: list[Resident]
    """Households that arrive while the lines are cut."""
    hidden: Resident
    """Someone protected, at hand, whose name nobody else bears."""
    consenting: Resident
    """A grown-up at the far shelter with a telephone, whose name nobody else bears."""


def cast(people: Sequence[Resident], *, at_hand: int = 600, far: int = 200, leavers: int = 300, late: int = 40) -> Cast:
    """Cast the story; people fill the shelters household by household, in the order of the register.

    Raises:
        ValueError: the town is too small to cast from.
    """
    borne = Counter(person.written for person in people)
    households = list(households_of(people))
    with_hidden = next(
        (home for home in households if any(one.protected and borne[one.written] == 1 for one in home)), None
    )
    if with_hidden is None:
        raise ValueError("nobody in this town is protected: choose more residents or another seed")
    open_homes = iter([home for home in households if not any(one.protected for one in home)])
    leaving = _fill(open_homes, leavers)
    staying = with_hidden + _fill(open_homes, at_hand - leavers - len(with_hidden))
    distant = _fill(open_homes, far)
    consenting = next(
        (one for one in distant if one.phone and one.age() >= 20 and borne[one.written] == 1),
        None,
    )
    if consenting is None:
        raise ValueError("nobody in the far shelter has a telephone: choose another seed")
    return Cast(
        at_hand=leaving + staying,
        far=distant,
        leavers=leaving,
        late=_fill(open_homes, late),
        hidden=next(one for one in with_hidden if one.protected and borne[one.written] == 1),
        consenting=consenting,
    )


def _fill(homes: Iterator[list[Resident]], seats: int) -> list[Resident]:
    """Household after household until exactly that many; the last one may be torn apart, as it happens."""
    seated: list[Resident] = []
    while len(seated) < seats:
        home = next(homes, None)
        if home is None:
            raise ValueError("this town is too small for the story: choose more residents")
        seated.extend(home[: seats - len(seated)])
    return seated
