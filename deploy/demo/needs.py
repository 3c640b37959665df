"""Who needs special consideration, and how many: rates of the country applied to a made-up person."""

from random import Random

_DEMENTIA = ((85, 0.35), (75, 0.12), (65, 0.03))
"""From which age, which share."""


_CARE_LEVEL = ((85, 0.5), (75, 0.18), (65, 0.04))


def needs(chance: Random, *, age: int, woman: bool) -> tuple[str, ...]:
    """Codes of the care list, in its order."""
    drawn = {
        "elderly": age >= 75,
        "care-level": chance.random() < _share(_CARE_LEVEL, age),
        "dementia": chance.random() < _share(_DEMENTIA, age),
        "wheelchair": chance.random() < (0.03 if age >= 75 else 0.002),
        "blind": chance.random() < (0.012 if age >= 65 else 0.0008),
        "deaf": chance.random() < (0.03 if age >= 65 else 0.001),
        "pregnant": woman and 20 <= age <= 42 and chance.random() < 0.05,
        "infant": age < 2,
        "oxygen": age >= 50 and chance.random() < 0.002,
        "dialysis": age >= 40 and chance.random() < 0.0034,
    }
    return tuple(code for code, is_so in drawn.items() if is_so)


def _share(by_age: tuple[tuple[int, float], ...], age: int) -> float:
    return next((share for start, share in by_age if age >= start), 0.0)
