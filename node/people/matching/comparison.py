"""How much speaks for two entries being one person, field by field; it never decides.

The weights of `weights` are added, but not as if fields knew nothing of each other. Who lives together shares address,
telephone and mostly the surname; twins share the birth date as well, and parents name children after themselves. So
address and telephone count as one thing with a bound, in one home the surname says nearly nothing and the birth date
less, and of two who share home and birth date the given name has to say it. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from node.people.matching import weights
from node.people.matching.births import birth_level
from node.people.matching.frequency import frequency_read, frequency_written
from node.people.matching.places import address_level, phone_level
from node.people.matching.portrait import NamePart, Portrait
from node.people.matching.readings import part_level, usual_sounds
from node.people.matching.weights import bits

POSSIBLE: Final = 16.0
"""From here on a pair is worth a look: of a town's pairs of people, one in 2^16 gets as far by chance."""
LIKELY: Final = 22.0
"""From here on most are one person."""
ALIKE: Final = 9.0
"""From here on somebody is shown before another one is saved: that much a name alone can say."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One field of the comparison."""

    field: str
    """"family", "given", "birth", "sex", "address", "phone" or "register"."""
    level: str
    """How the two stand to each other there, a level of `weights`."""
    weight: float
    """Bits for (above 0) or against (below)."""
    shared_at_home: bool = False
    """It says less than it would, because people of one home share it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two entries, compared. Fields that one of them lacks are left out."""

    agreements: tuple[Agreement, ...]

    @property
    def score(self) -> float:
        """The sum of the weights."""
        return sum(each.weight for each in self.agreements)

    @property
    def is_alike(self) -> bool:
        """Whether to show somebody before another one is saved."""
        return self.score >= ALIKE

    @property
    def is_possible(self) -> bool:
        """Whether somebody should look at it."""
        return self.score >= POSSIBLE

    @property
    def is_likely(self) -> bool:
        """Whether it most likely is one person."""
        return self.score >= LIKELY

    def level(self, field: str) -> str:
        """The level of a field, "" where it was not compared."""
        return next((each.level for each in self.agreements if each.field == field), "")


def compare(first: Portrait, second: Portrait) -> Comparison:
    """Compare two entries; the order does not matter."""
    address = address_level(first.address, second.address, first.municipality, second.municipality)
    phone = phone_level(first.phones, second.phones)
    at_home = "exact" in (address, phone)
    birth = birth_level(first.birth, second.birth)
    found = [
        *_family(first, second, at_home=at_home),
        *_given(first, second, twins=at_home and birth == "exact"),
        *_birth(birth, at_home=at_home),
        *_home(address, phone),
    ]
    if first.sex and second.sex:
        level = "exact" if first.sex == second.sex else "other"
        found.append(Agreement("sex", level, bits(weights.SEX[level])))
    if first.register_key and second.register_key and first.register_key != second.register_key:
        found.append(Agreement("register", "other", bits(weights.REGISTER["other"])))
    return Comparison(tuple(found))


def _family(first: Portrait, second: Portrait, *, at_home: bool) -> Iterator[Agreement]:
    level = part_level(first.family, second.family, is_family=True)
    if level in ("other", "homophone") and _once_called(first, second):
        level = "former"
    if not level:
        return
    if at_home:
        chance = weights.AT_HOME_OTHER_FAMILY if level == "other" else weights.AT_HOME_FAMILY
        yield Agreement("family", level, bits(chance), shared_at_home=True)
    elif level in weights.SURNAME:
        yield Agreement("family", level, bits(weights.SURNAME[level], _frequency(level, first.family, second.family)))
    else:
        yield Agreement("family", level, bits(weights.FAMILY[level]))


def _frequency(level: str, first: NamePart, second: NamePart) -> float:
    if level in ("exact", "folded", "misread", "reread"):
        return frequency_written(first.folded)
    sounds = usual_sounds(first, is_family=True) & usual_sounds(second, is_family=True)
    return max(frequency_read(sound) for sound in sounds)


def _once_called(first: Portrait, second: Portrait) -> bool:
    """Whether one bears as another name what the other is called."""
    return _bears(first, second) or _bears(second, first)


def _bears(one: Portrait, other: Portrait) -> bool:
    family = other.family.folded
    return bool(family) and bool({family, family + other.given.folded} & set(one.other_names))


def _given(first: Portrait, second: Portrait, *, twins: bool) -> Iterator[Agreement]:
    level = part_level(first.given, second.given, is_family=False)
    if level == "other" and {first.given.folded, second.given.folded} & {*first.other_names, *second.other_names}:
        level = "former"
    if level:
        may_be_twins = twins and level in weights.TWINS_GIVEN
        chance = weights.TWINS_GIVEN[level] if may_be_twins else weights.GIVEN[level]
        yield Agreement("given", level, bits(chance), shared_at_home=may_be_twins)


def _birth(level: str, *, at_home: bool) -> Iterator[Agreement]:
    if level:
        damped = at_home and level == "exact"
        yield Agreement("birth", level, bits(weights.AT_HOME_BIRTH if damped else weights.BIRTH[level]), damped)


def _home(address: str, phone: str) -> Iterator[Agreement]:
    """Address and telephone, together at most HOUSEHOLD_MAX: the address first."""
    room = weights.HOUSEHOLD_MAX
    for field, level, table in (("address", address, weights.ADDRESS), ("phone", phone, weights.PHONE)):
        if not level:
            continue
        weight = bits(table[level])
        given = min(weight, room)
        room -= max(given, 0.0)
        yield Agreement(field, level, given, shared_at_home=given < weight)
