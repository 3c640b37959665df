"""Reads when something was seen, as lists and file names tell it: 令和6年1月9日午後6時時点, 2024-01-09-1800."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from node.errors import BirthDateRefused
from node.people.calendar import read_date

JAPAN: Final = timezone(timedelta(hours=9))
"""What tells no zone was written in Japan."""

_LATEST: Final = date(2099, 12, 31)
"""The calendar is asked what a day is called, not whether it has come."""

_DAY: Final = re.compile(
    r"(?P<day>(?:令和|平成|昭和|[RHS])\s*(?:[0-9]{1,2}|元)\s*[年./-]\s*[0-9]{1,2}\s*[月./-]\s*[0-9]{1,2}\s*日?"
    r"|[0-9]{4}\s*[年./-]\s*[0-9]{1,2}\s*[月./-]\s*[0-9]{1,2}\s*日?|[0-9]{8})"
)
_HOUR: Final = re.compile(
    r"(?P<noon>正午)"
    r"|(?P<half>午前|午後|AM|PM)?\s*(?P<hour>[0-9]{1,2})\s*(?::(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"|時(?:(?P<minutes>[0-9]{1,2})分|(?P<thirty>半))?)\s*(?P<half_after>AM|PM)?"
    r"|(?P<hhmm>[0-2][0-9][0-5][0-9])"
)
_ZONE: Final = re.compile(r"(Z|[+-][0-9]{2}:?[0-9]{2})$")
_TAIL: Final = re.compile(r"\s*(時点|現在|現時点|頃|ごろ)$")
_BETWEEN: Final = re.compile(r"[\s_T-]*(?:\([月火水木金土日]\))?[\s_T-]*")


@dataclass(frozen=True, slots=True)
class Told:
    """A moment as told."""

    at_ms: int
    day_only: bool
    """Only the day was told: the moment is its beginning, so that it is never taken for later than it was."""


def read_moment(text: str) -> Told | None:
    """The moment a text tells from its first letter to its last; None for anything else."""
    plain = _TAIL.sub("", unicodedata.normalize("NFKC", text).strip().upper())
    match = _DAY.match(plain)
    return _after_day(match, plain) if match else None


def moment_in_file_name(name: str) -> Told | None:
    """The last moment a file name tells, such as open_shelter_Nanao-shi_2024-01-09-1800.csv."""
    stem = unicodedata.normalize("NFKC", name).upper().rsplit("/", 1)[-1].split(".")[0]
    for match in reversed(list(_DAY.finditer(stem))):
        told = _after_day(match, stem) or _after_day(match, stem[: match.end()])
        if told:
            return told
    return None


def _after_day(match: re.Match[str], text: str) -> Told | None:
    try:
        day = date.fromisoformat(read_date(re.sub(r"\s+", "", match["day"]), today=_LATEST))
    except (BirthDateRefused, ValueError):
        return None
    rest = text[match.end() :]
    rest = rest[_BETWEEN.match(rest).end() :]  # type: ignore[union-attr]
    zone = JAPAN
    if (offset := _ZONE.search(rest)) and ":" in rest:
        zone = _zone(offset[1])
        rest = rest[: offset.start()]
    if not rest:
        return Told(_ms(datetime(day.year, day.month, day.day, tzinfo=zone)), day_only=True)
    clock = _HOUR.fullmatch(rest.strip())
    minutes = _minutes(clock) if clock else None
    if minutes is None:
        return None
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    return Told(_ms(start) + minutes * 60_000, day_only=False)


def _minutes(clock: re.Match[str]) -> int | None:
    """Minutes since midnight; 24:00 is the end of the day."""
    if clock["noon"]:
        return 12 * 60
    if clock["hhmm"]:
        return int(clock["hhmm"][:2]) * 60 + int(clock["hhmm"][2:]) if int(clock["hhmm"]) <= 2400 else None
    hour = int(clock["hour"])
    minute = 30 if clock["thirty"] else int(clock["minute"] or clock["minutes"] or 0)
    half = clock["half"] or clock["half_after"]
    if half in ("午後", "PM") and hour < 12:
        hour += 12
    elif half in ("午前", "AM") and hour == 12:
        hour = 0
    total = hour * 60 + minute
    return total if minute < 60 and total <= 24 * 60 else None


def _zone(text: str) -> timezone:
    if text == "Z":
        return timezone(timedelta(0))
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(sign * timedelta(hours=min(hours, 14), minutes=min(minutes, 59)))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000
