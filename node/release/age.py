"""Whether someone is surely sixteen, from a birth date that may be partial or a guess."""

from collections.abc import Iterable
from datetime import date, timedelta

from moyai.v1 import facets_pb2

AGE_OF_CONSENT = 16
ESTIMATE_MARGIN_YEARS = 2
"""A guessed age may be this many years too high: who is guessed 17 may be 15."""

EPOCH = date(1970, 1, 1)
JAPAN_AHEAD_MS = 9 * 3_600_000
"""A birthday begins at midnight in Japan."""


def surely_sixteen_from_ms(births: Iterable[facets_pb2.BirthDate]) -> int | None:
    """From when on the person is surely sixteen, milliseconds since 1970 UTC; None: it can't be said.

    Of several statements the latest day counts. A month or year stands for its last day. Without any statement the
    person may be a child: a guardian must speak, or the clerk writes down a guess of the age.
    """
    days = [_latest_sixteenth_birthday(birth) for birth in births]
    known = [day for day in days if day is not None]
    if not known:
        return None
    return (max(known) - EPOCH).days * 86_400_000 - JAPAN_AHEAD_MS


def _latest_sixteenth_birthday(birth: facets_pb2.BirthDate) -> date | None:
    if birth.date:
        return _birthday(birth.date, AGE_OF_CONSENT)
    if birth.HasField("estimated_age") and birth.estimated_on:
        return _birthday(birth.estimated_on, AGE_OF_CONSENT + ESTIMATE_MARGIN_YEARS - birth.estimated_age)
    return None


def _birthday(text: str, years: int) -> date | None:
    """The last day that `text` can mean, moved by `years`; 29 February becomes 1 March."""
    parts = text.split("-")
    try:
        numbers = [int(part) for part in parts]
        year = numbers[0] + years
        if len(numbers) == 1:
            return date(year, 12, 31)
        if len(numbers) == 2:
            return date(year + numbers[1] // 12, numbers[1] % 12 + 1, 1) - timedelta(days=1)
        date(numbers[0], numbers[1], numbers[2])
        leap = (numbers[1], numbers[2]) == (2, 29)
        return date(year, 3, 1) if leap else date(year, numbers[1], numbers[2])
    except (ValueError, OverflowError, IndexError):
        return None
