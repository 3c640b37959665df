"""How two birth dates stand to each other: the slips of people who tell, hear and type them."""

from collections.abc import Iterator
from typing import Final

from node.people.eras import ERAS
from node.people.matching.slips import one_digit_slip

_ERAS_APART: Final = frozenset(
    later.first.year - earlier.first.year for earlier in ERAS for later in ERAS if later.first > earlier.first
)
"""Years between dates that differ in the era alone: S5 and H5 are 63 apart."""


def birth_level(first: str, second: str) -> str:
    """A level of `weights.BIRTH`, or "" where one of them is not known."""
    if not first or not second:
        return ""
    shorter, longer = sorted((first, second), key=len)
    if longer.startswith(shorter):
        return {10: "exact", 7: "year_month", 4: "year"}[len(shorter)]
    if len(shorter) < 10:
        return "other" if abs(int(first[:4]) - int(second[:4])) > 1 else ""
    return _full(first, second)


def births_beside(birth: str) -> Iterator[str]:
    """The dates, as digits, that one of the slips makes of a full date: month and day changed, year or era beside."""
    year, month, day = birth.split("-")
    yield f"{year}{day}{month}"
    for years in (1, *sorted(_ERAS_APART)):
        yield f"{int(year) - years:04}{month}{day}"
        yield f"{int(year) + years:04}{month}{day}"


def _full(first: str, second: str) -> str:
    year, month, day = first.split("-")
    other_year, other_month, other_day = second.split("-")
    years = abs(int(year) - int(other_year))
    if years == 0 and (month, day) == (other_day, other_month):
        return "swapped"
    if (month, day) == (other_month, other_day):
        if years == 1:
            return "year_beside"
        if years in _ERAS_APART:
            return "era"
    if one_digit_slip(first.replace("-", ""), second.replace("-", "")):
        return "digit"
    if years == 0:
        return "month" if month == other_month else "year_alone"
    return "other"
