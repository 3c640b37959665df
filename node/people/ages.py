"""The age bands of a count, from birth dates that may be partial. Pure."""

from datetime import date
from typing import Final

BANDS: Final = {"infant": (0, 5), "child": (6, 14), "adult": (15, 64), "senior": (65, 74), "elder": (75, 150)}
"""First and last age of each band."""

UNKNOWN: Final = "unknown"
ALL: Final = (*BANDS, UNKNOWN)


def age_on(birth: str, on: date) -> int | None:
    """Years of age; of a birth date that is only a year, or a year and a month, as if on its last day. None: unknown,
    or not yet born."""
    if birth.startswith("~"):
        return int(birth[1:]) if birth[1:].isdigit() else None
    parts = [int(part) for part in birth.split("-") if part.isdigit()]
    if not parts:
        return None
    month = parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else 31
    age = on.year - parts[0] - ((on.month, on.day) < (month, day))
    return age if age >= 0 else None


def band_of(birth: str, on: date) -> str:
    """The band somebody is in."""
    age = age_on(birth, on)
    if age is None:
        return UNKNOWN
    return next((band for band, (first, last) in BANDS.items() if first <= age <= last), UNKNOWN)
