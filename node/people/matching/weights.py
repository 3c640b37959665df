"""How much each agreement says, in bits: log2(m / u), as Fellegi and Sunter have it (JASA 64, 1969).

m is how often two entries of one person stand so to each other, u how often two of different people do. Neither is
learnt from what the matcher is measured on.

- u of a surname is its frequency: bearers in the shipped list (`surnames.tsv`) over the population. Places have names
  of their own: one that is rare in Japan may be half a village, so no surname counts as rarer than RAREST.
- u of a given name: the list has no bearers. The yearly rankings of newborns' names give the most frequent ones about
  one in a hundred of a year; written 1 in 500 and read 1 in 200 are on the careful side of that, over all years.
- u of a birth date: 85 years of days, evenly. Of its slips: how many dates are one such slip away.
- u of an address and a telephone: households of a town, some ten thousand.
- m is set by hand from how records are taken down: four entries of five agree in a field in full, some in a hundred
  have each kind of slip, one in three has moved or gives another number. Halving or doubling an m is one bit.

Fields are not independent among those who live together, and the sum must know: see `comparison`.
"""

from math import log2
from typing import Final

POPULATION: Final = 125_000_000
RAREST: Final = 1 / 2_000
"""As frequent as this counts the rarest surname."""
_DAYS: Final = 31_000
"""In 85 years."""

Chance = tuple[float, float]
"""m and u."""

SURNAME: Final[dict[str, Chance]] = {
    "exact": (0.80, 1.0),
    "folded": (0.06, 0.1),
    "misread": (0.05, 0.1),
    "reread": (0.03, 0.1),
    "reading": (0.90, 1.0),
    "may_read": (0.85, 1.0),
    "homophone": (0.03, 1.0),
}
"""Levels at which the surname is shared: u is to be multiplied by its frequency."""

FAMILY: Final[dict[str, Chance]] = {
    "slip": (0.05, 0.004),
    "slip_other": (0.005, 0.004),
    "one_kana": (0.02, 0.010),
    "former": (0.02, 0.001),
    "other": (0.02, 0.985),
}

GIVEN: Final[dict[str, Chance]] = {
    "exact": (0.85, 1 / 500),
    "folded": (0.06, 1 / 5_000),
    "misread": (0.05, 1 / 4_000),
    "reread": (0.03, 1 / 3_000),
    "reading": (0.90, 1 / 200),
    "may_read": (0.80, 1 / 150),
    "homophone": (0.04, 1 / 250),
    "slip": (0.05, 0.006),
    "slip_other": (0.002, 0.006),
    "one_kana": (0.02, 0.012),
    "former": (0.01, 0.002),
    "other": (0.005, 0.98),
}

BIRTH: Final[dict[str, Chance]] = {
    "exact": (0.90, 1 / _DAYS),
    "year_month": (0.95, 1 / 1_020),
    "year": (0.95, 1 / 85),
    "swapped": (0.01, 1 / _DAYS),
    "year_beside": (0.02, 2 / _DAYS),
    "era": (0.01, 2 / _DAYS),
    "digit": (0.03, 30 / _DAYS),
    "month": (0.005, 30 / _DAYS),
    "year_alone": (0.005, 1 / 85),
    "other": (0.003, 0.98),
}

SEX: Final[dict[str, Chance]] = {"exact": (0.99, 0.5), "other": (0.01, 0.5)}

ADDRESS: Final[dict[str, Chance]] = {
    "exact": (0.60, 1 / 16_000),
    "part": (0.08, 1 / 1_000),
    "street": (0.05, 1 / 200),
    "town": (0.12, 0.30),
    "other": (0.15, 0.70),
}

PHONE: Final[dict[str, Chance]] = {"exact": (0.70, 1 / 20_000), "digit": (0.04, 1 / 2_000), "other": (0.26, 0.999)}

REGISTER: Final[dict[str, Chance]] = {"other": (1e-6, 1.0)}
"""Two rows of one register are two people: that is what a register is."""

HOUSEHOLD_MAX: Final = 12.0
"""Address and telephone together say one thing: the same home. There are 4,000 homes where the next namesake is."""

AT_HOME_FAMILY: Final[Chance] = (0.97, 0.80)
"""In one home four of five share the surname: that it agrees says nearly nothing."""
AT_HOME_OTHER_FAMILY: Final[Chance] = (0.02, 0.20)
AT_HOME_BIRTH: Final[Chance] = (0.90, 1 / 300)
"""One birth in a hundred is one of twins, and three live in a home."""
TWINS_GIVEN: Final[dict[str, Chance]] = {
    "slip": (0.05, 0.10),
    "slip_other": (0.002, 0.15),
    "one_kana": (0.02, 0.15),
    "homophone": (0.04, 0.02),
    "other": (0.003, 0.80),
}
"""In one home and born on one day: twins are given names that are like each other."""


def bits(chance: Chance, frequency: float = 1.0) -> float:
    """The weight; `frequency` is that of the value itself, where u is told for a value as frequent as can be."""
    agree, by_chance = chance
    return log2(agree / (by_chance * frequency))
