"""An emergency in one line: whose, where, and the clock that runs down. Pure."""

from node.declaring import HOUR_MS, EmergencyView
from tui.towns import name_of
from tui.when import MINUTE_MS, clock
from tui.words import Words

AREA_NAMED = 3


def clock_line(emergency: EmergencyView, now_ms: int, words: Words) -> str:
    """How long it still runs, or when it ended."""
    values = {"who": name_of(emergency.organisation), "area": area_told(emergency.area, words)}
    left = emergency.left_ms(now_ms)
    if left:
        return words("emergency.runs", left=hours_left(left), reason=emergency.reason, **values)
    return words("emergency.over", at=clock(emergency.until_ms, now_ms, words), reason=emergency.reason, **values)


def hours_left(left_ms: int) -> str:
    """71:05, the minute begun counted whole."""
    minutes = -(-left_ms // MINUTE_MS)
    return f"{minutes // (HOUR_MS // MINUTE_MS)}:{minutes % (HOUR_MS // MINUTE_MS):02d}"


def area_told(area: tuple[str, ...], words: Words) -> str:
    """The towns by name; of many the first ones and how many more."""
    named = words("list.comma").join(name_of(code) for code in area[:AREA_NAMED])
    more = len(area) - AREA_NAMED
    return named + words("emergency.more", n=more) if more > 0 else named
