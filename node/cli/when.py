"""Moments as the command line prints them: the day and the time of day in Japan."""

from datetime import datetime

from node.desk.post import JAPAN


def japan(at_ms: int) -> str:
    """2024-01-09 18:00."""
    return datetime.fromtimestamp(at_ms / 1000, tz=JAPAN).strftime("%Y-%m-%d %H:%M")
