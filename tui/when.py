"""Says times the way people at a desk say them: "14:20", "yesterday 23:05", "12 min ago". Pure."""

from datetime import date, datetime, timedelta, timezone

from tui.words import Words

JAPAN = timezone(timedelta(hours=9))
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def local(at_ms: int) -> datetime:
    """The moment as clocks in Japan show it."""
    return datetime.fromtimestamp(at_ms / 1000, JAPAN)


def today(now_ms: int) -> date:
    """The day in Japan."""
    return local(now_ms).date()


def clock(at_ms: int, now_ms: int, words: Words) -> str:
    """The time of day, with the day before it where it is not today."""
    at = local(at_ms)
    time = f"{at.hour}:{at.minute:02d}"
    days = (today(now_ms) - at.date()).days
    if days == 0:
        return time
    if days == 1:
        return words("when.yesterday", time=time)
    return words("when.day", month=at.month, day=at.day, time=time)


def ago(at_ms: int | None, now_ms: int, words: Words) -> str:
    """How long it has been, as short as it can be said."""
    if at_ms is None:
        return words("when.never")
    gone = max(0, now_ms - at_ms)
    if gone < MINUTE_MS:
        return words("when.now")
    if gone < HOUR_MS:
        return words("when.minutes", n=gone // MINUTE_MS)
    if gone < 2 * DAY_MS:
        return words("when.hours", n=gone // HOUR_MS)
    return words("when.days", n=gone // DAY_MS)


def age(birth: str, on: date) -> str:
    """The age in years as far as the birth date tells: "75", "~70" from a guess or a year alone, "" where unknown."""
    if birth.startswith("~"):
        return birth
    parts = [int(part) for part in birth.split("-") if part.isdigit()]
    if not parts:
        return ""
    if len(parts) < 3:
        return f"~{on.year - parts[0]}"
    return str(on.year - parts[0] - ((on.month, on.day) < (parts[1], parts[2])))
