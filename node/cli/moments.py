"""Says a moment as clocks in Japan show it, whatever the machine's own say."""

from datetime import datetime

from node.desk.post import JAPAN
from node.words import word


def moment(at_ms: int | None, language: str) -> str:
    """Day and time; where there was none, that."""
    if at_ms is None:
        return word("moment.never", language)
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=JAPAN):%Y-%m-%d %H:%M}"


def clock(at_ms: int) -> str:
    """The time alone."""
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=JAPAN):%H:%M}"


def day(at_ms: int | None, language: str) -> str:
    """The day alone; where there is none, that."""
    return moment(at_ms, language)[:10] if at_ms is not None else word("moment.no_end", language)
