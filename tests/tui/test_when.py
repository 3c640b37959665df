"""Times as people at a desk say them."""

from datetime import date

import pytest

from tui.when import DAY_MS, HOUR_MS, MINUTE_MS, age, ago, clock
from tui.words import Words

NOW = 1_704_250_200_000
"""3 January 2024, 11:50 in Japan."""
JA, EN = Words("ja"), Words("en")


def test_today_needs_no_day() -> None:
    assert clock(NOW, NOW, JA) == "11:50"


def test_yesterday_is_said() -> None:
    assert clock(NOW - 12 * HOUR_MS, NOW, EN) == "yesterday 23:50"


def test_an_older_day_is_named() -> None:
    assert clock(NOW - 3 * DAY_MS, NOW, JA) == "12月31日11:50"


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (0, "just now"),
        (-5, "just now"),
        (3 * MINUTE_MS, "3 min ago"),
        (5 * HOUR_MS, "5 h ago"),
        (3 * DAY_MS, "3 days ago"),
    ],
)
def test_how_long_ago(gone: int, told: str) -> None:
    assert ago(NOW - gone, NOW, EN) == told


def test_never_is_said() -> None:
    assert ago(None, NOW, EN) == "never"


@pytest.mark.parametrize(
    ("birth", "years"),
    [("1948-05-03", "75"), ("1948-01-03", "76"), ("1948-01-04", "75"), ("1948", "~76"), ("~70", "~70"), ("", "")],
)
def test_ages(birth: str, years: str) -> None:
    assert age(birth, date(2024, 1, 3)) == years
