"""The Japanese eras since 1868: their first and last days, and years counted in them."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Era:
    """An era (元号)."""

    name: str
    letter: str
    short: str
    """One kanji, as on forms."""
    first: date
    last: date
    """The last day on which it may be written; the days of 1912 and 1926 on which the era changed have two names."""

    def western(self, year: int) -> int:
        """The western year of a year of the era, which counts from 1."""
        return self.first.year + year - 1

    def year(self, western: int) -> int:
        """The year of the era."""
        return western - self.first.year + 1


ERAS: Final = (
    Era("明治", "M", "明", date(1868, 1, 25), date(1912, 7, 30)),
    Era("大正", "T", "大", date(1912, 7, 30), date(1926, 12, 25)),
    Era("昭和", "S", "昭", date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", "平", date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", "令", date(2019, 5, 1), date.max),
)
"""改元の詔書 of 1912 and 1926 say "from this day on"; 元号を改める政令 of 1989 and 2019 begin with a new day."""


def era_named(word: str) -> Era | None:
    """By name, one kanji, or letter of either case."""
    return next((era for era in ERAS if word in (era.name, era.short) or word.upper() == era.letter), None)


def eras_between(first: date, last: date) -> tuple[Era, ...]:
    """The eras of these days, oldest first; on a day with two names the newer one alone."""
    found = [era for era in ERAS if era.first <= last and first <= era.last]
    return tuple(found[-1:]) if first == last else tuple(found)
