"""Birth dates as people type them: digits, western or Japanese era, in full or in part; and ages."""

import calendar as _calendar
import re
import unicodedata
from datetime import date
from typing import Final

from node.errors import BirthDateRefused
from node.people.eras import era_named, eras_between
from node.people.facets.person import BirthDate

_OLDEST_YEARS: Final = 130
_ERA: Final = r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令]|[mtshrMTSHR])"
_SEPARATED: Final = re.compile(
    rf"(?:{_ERA}\s*(?P<era_year>元|[0-9]{{1,2}})|(?P<year>[0-9]{{4}}))"
    r"(?:年|\s*[./\-]\s*|年?$)(?:(?P<month>[0-9]{1,2})(?:月|\s*[./\-]\s*|月?$)(?:(?P<day>[0-9]{1,2})日?)?)?"
)
_DIGITS: Final = re.compile(r"(?P<year>(?:1[89]|2[01])[0-9]{2})(?:(?P<month>[0-9]{2})(?P<day>[0-9]{2})?)?")
_ERA_DIGITS: Final = re.compile(rf"{_ERA}\s*(?P<era_year>[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})?")
_AGE: Final = re.compile(r"(?:約|推定)?\s*([0-9]{1,3})\s*(?:歳|才)\s*(?:くらい|ぐらい|位|前後|程度)?")


def parse_birth(text: str, *, today: date) -> BirthDate:
    """A birth date, or a guessed age ("80歳くらい"), from what was typed.

    Understood: 19480503, 194805, 1948, 1948-05-03, 1948/5/3, 1948年5月, S230503, s23.5.3, 昭和23年5月3日, 昭23.

    Raises:
        BirthDateRefused: `rule` is "shape" (not understood), "no-such-day", "era" (the era had no such day), "future"
            or "too-old" (more than 130 years ago).
    """
    age = _AGE.fullmatch(_plain(text))
    if age:
        if int(age[1]) > _OLDEST_YEARS:
            raise BirthDateRefused(rule="too-old")
        return BirthDate(estimated_age=int(age[1]), estimated_on=today.isoformat())
    return BirthDate(date=read_date(text, today=today))


def read_date(text: str, *, today: date) -> str:
    """The same without ages, as "1948-05-03", "1948-05" or "1948".

    Raises:
        BirthDateRefused: as above.
    """
    plain = _plain(text)
    match = _DIGITS.fullmatch(plain) or _ERA_DIGITS.fullmatch(plain) or _SEPARATED.fullmatch(plain)
    if not match:
        raise BirthDateRefused(rule="shape")
    parts = match.groupdict()
    era = era_named(parts["era"]) if parts.get("era") else None
    if era:
        era_year = 1 if parts["era_year"] == "元" else int(parts["era_year"])
        year = era.western(era_year)
    else:
        era_year, year = 1, int(parts["year"])
    month = int(parts["month"]) if parts["month"] else None
    day = int(parts["day"]) if parts["day"] else None
    first, last = _days(year, month, day)
    if era and (era_year < 1 or last < era.first or first > era.last):
        raise BirthDateRefused(rule="era")
    if first > today:
        raise BirthDateRefused(rule="future")
    if year < today.year - _OLDEST_YEARS:
        raise BirthDateRefused(rule="too-old")
    return first.isoformat()[: 10 if day else 7 if month else 4]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _days(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    """The first and last day of a date in part."""
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, _calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:  # IllegalMonthError is one
        refused = BirthDateRefused(rule="no-such-day")
    raise refused


def _of_iso(iso: str) -> tuple[int, int | None, int | None]:
    year, month, day = [*iso.split("-"), "", ""][:3]
    return int(year), int(month) if month else None, int(day) if day else None


def in_japanese_era(iso: str) -> str:
    """ "1948-05-03" as 昭和23年5月3日, "1989" as 昭和64年・平成元年; days before 1868 as a western date."""
    year, month, day = _of_iso(iso)
    rest = (f"{month}月" if month else "") + (f"{day}日" if day else "")
    eras = eras_between(*_days(year, month, day))
    if not eras:
        return f"{year}年{rest}"
    return "・".join(f"{era.name}{_year_word(era.year(year))}年{rest}" for era in eras)


def _year_word(year: int) -> str:
    return "元" if year == 1 else str(year)


def birth_words(birth: BirthDate | None, *, japanese: bool = True) -> str:
    """For showing: 昭和23年5月3日 or 1948-05-03, 約80歳 or "about 80"; empty where nothing is known."""
    if birth is None:
        return ""
    if birth.date:
        return in_japanese_era(birth.date) if japanese else birth.date
    if birth.estimated_age is None:
        return ""
    return f"約{birth.estimated_age}歳" if japanese else f"about {birth.estimated_age}"


def ages_on(birth: BirthDate | None, day: date) -> tuple[int, int] | None:
    """The least and the greatest age the person can have on that day; None where nothing is known or it lies ahead."""
    if birth is None:
        return None
    if birth.date:
        first, last = _days(*_of_iso(birth.date))
        least, greatest = _years(last, day), _years(first, day)
    elif birth.estimated_age is not None:
        least = greatest = birth.estimated_age + _years(date.fromisoformat(birth.estimated_on), day)
    else:
        return None
    return (max(least, 0), greatest) if greatest >= 0 else None


def age_on(birth: BirthDate | None, day: date) -> int | None:
    """The age on that day in completed years; the least possible one where the date is known in part."""
    ages = ages_on(birth, day)
    return ages[0] if ages else None


def _years(start: date, day: date) -> int:
    return day.year - start.year - ((day.month, day.day) < (start.month, start.day))
