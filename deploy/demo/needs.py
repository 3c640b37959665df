"""Who needs special consideration, and how many: rates of the country applied to a made-up person."""

from random import Random

_DEMENTIA = ((85, 0.35), (75, 0.12), (65, 0.03))
"""From which age, which share."""


def needs(chance: Random, *, age: int, woman: bool) -> tuple[str, ...]:
    """Codes of the care list, ascending."""
    drawn = {
        "dialysis": age >= 40 and chance.random() < 0.0034,
        "dementia": chance.random() < next((share for start, share in _DEMENTIA if age >= start), 0),
        "elderly": age >= 75,
        "hearing": chance.random() < (0.03 if age >= 65 else 0.001),
        "infant": age < 2,
        "oxygen": age >= 50 and chance.random() < 0.002,
        "pregnant": woman and 20 <= age <= 42 and chance.random() < 0.05,
        "vision": chance.random() < (0.012 if age >= 65 else 0.0008),
        "wheelchair": chance.random() < (0.03 if age >= 75 else 0.002),
    }
    return tuple(code for code, is_so in drawn.items() if is_so)
