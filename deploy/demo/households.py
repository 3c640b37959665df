"""Who lives together: households of an ageing town on the Noto peninsula."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Member:
    """One member before they have a name."""

    relation: str
    age: int
    woman: bool


HEAD = "世帯主"

_KINDS: tuple[tuple[str, int], ...] = (
    ("old alone", 28),
    ("alone", 11),
    ("old couple", 24),
    ("couple", 8),
    ("family", 11),
    ("one parent", 4),
    ("old with child", 10),
    ("three generations", 4),
)
"""Kinds of household in per cent; nearly half of all people come out 65 or older, one in eleven under 16."""


def household(chance: Random) -> tuple[Member, ...]:
    """Draw one household; its first member is the head."""
    names = [name for name, _ in _KINDS]
    kind = chance.choices(names, weights=[share for _, share in _KINDS])[0]
    return _BUILDERS[kind](chance)


def _old_alone(chance: Random) -> tuple[Member, ...]:
    return (Member(HEAD, _age(chance, 65, 98, 78), chance.random() < 0.7),)


def _alone(chance: Random) -> tuple[Member, ...]:
    return (Member(HEAD, chance.randint(19, 64), chance.random() < 0.4),)


def _old_couple(chance: Random) -> tuple[Member, ...]:
    his = _age(chance, 65, 95, 75)
    return Member(HEAD, his, woman=False), Member("妻", max(60, his - chance.randint(-2, 7)), woman=True)


def _couple(chance: Random) -> tuple[Member, ...]:
    his = chance.randint(25, 64)
    return Member(HEAD, his, woman=False), Member("妻", max(20, his - chance.randint(-3, 6)), woman=True)


def _family(chance: Random) -> tuple[Member, ...]:
    hers = chance.randint(24, 49)
    parents = Member(HEAD, hers + chance.randint(-2, 7), woman=False), Member("妻", hers, woman=True)
    return parents + _children(chance, hers)


def _one_parent(chance: Random) -> tuple[Member, ...]:
    mother = Member(HEAD, chance.randint(24, 49), woman=True)
    return (mother, *_children(chance, mother.age))


def _old_with_child(chance: Random) -> tuple[Member, ...]:
    parent = Member("母", _age(chance, 70, 99, 83), woman=True)
    return Member(HEAD, parent.age - chance.randint(22, 34), woman=False), parent


def _three_generations(chance: Random) -> tuple[Member, ...]:
    young = _family(chance)
    return (*young, Member("母", young[0].age + chance.randint(23, 34), woman=True))


def _children(chance: Random, mothers_age: int) -> tuple[Member, ...]:
    """Up to three children, born when the mother was 20 to 40; the grown-up ones have left."""
    children = []
    for _ in range(chance.choices((1, 2, 3), weights=(4, 5, 2))[0]):
        age = mothers_age - chance.randint(20, 40)
        if 0 <= age <= 22:
            children.append(age)
    return tuple(Member("子", age, chance.random() < 0.49) for age in sorted(children, reverse=True))


def _age(chance: Random, low: int, high: int, mode: int) -> int:
    return round(chance.triangular(low, high, mode))


_BUILDERS = {
    "old alone": _old_alone,
    "alone": _alone,
    "old couple": _old_couple,
    "couple": _couple,
    "family": _family,
    "one parent": _one_parent,
    "old with child": _old_with_child,
    "three generations": _three_generations,
}
