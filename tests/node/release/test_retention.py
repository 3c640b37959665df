"""What is held goes when the disasters that touched the person are long over."""

import pytest

from node.records import kinds
from node.release.retention import (
    NOTICE_DAYS,
    RETENTION_DAYS,
    Declared,
    announced_for_ms,
    erase_from_ms,
    falls_under_retention,
    may_be_retired,
)
from tests.builders.release import (
    DAY,
    KANAZAWA,
    NANAO,
    NOW,
    WAJIMA,
    fact,
    identity,
    known,
    left,
    residence,
    stay,
    written,
)

PERSON = known(
    [
        fact(written(WAJIMA, kinds.RESIDENCE, residence())),
        fact(written(WAJIMA, kinds.STAY, left(to=KANAZAWA), slot=b"1")),
    ]
)
OVER = Declared(frozenset({WAJIMA}), NOW - 90 * DAY, NOW - DAY)


def test_the_period_runs_from_the_close() -> None:
    assert erase_from_ms(PERSON, [OVER], now_ms=NOW, retention_days=10) == NOW + 9 * DAY


def test_the_latest_close_counts() -> None:
    earlier = Declared(frozenset({KANAZAWA}), 0, NOW - 50 * DAY)
    assert erase_from_ms(PERSON, [OVER, earlier], now_ms=NOW, retention_days=10) == NOW + 9 * DAY


def test_an_open_disaster_at_the_host_holds_it() -> None:
    assert erase_from_ms(PERSON, [OVER, Declared(frozenset({KANAZAWA}), 0, None)], now_ms=NOW) is None


def test_a_disaster_elsewhere_does_not() -> None:
    assert erase_from_ms(PERSON, [OVER, Declared(frozenset({NANAO}), 0, None)], now_ms=NOW) is not None


def test_without_a_declared_disaster_nothing_runs() -> None:
    assert erase_from_ms(PERSON, [], now_ms=NOW) is None


def test_a_close_to_come_does_not_run_yet() -> None:
    assert erase_from_ms(PERSON, [Declared(frozenset({WAJIMA}), 0, NOW + DAY)], now_ms=NOW) is None


def test_who_comes_after_the_close_is_kept_from_then_on() -> None:
    came = written(WAJIMA, kinds.STAY, stay(since_ms=NOW - DAY // 2), slot=b"2")
    assert erase_from_ms(known([fact(came)]), [OVER], now_ms=NOW, retention_days=10) == NOW + 10 * DAY - DAY // 2


def test_nobody_comes_later_than_whoever_says_so_said_it() -> None:
    came = written(WAJIMA, kinds.STAY, stay(since_ms=NOW + 900 * DAY), slot=b"2")
    assert erase_from_ms(known([fact(came)]), [OVER], now_ms=NOW, retention_days=10) == NOW + 10 * DAY


def test_of_whom_no_stay_is_told_it_runs_from_when_they_were_written_down() -> None:
    assert erase_from_ms(known([fact(written(WAJIMA, kinds.IDENTITY, identity()))]), [OVER], now_ms=NOW) == (
        NOW + RETENTION_DAYS * DAY
    )


@pytest.mark.parametrize(
    ("due", "announced", "goes"),
    [
        (NOW, None, NOW + NOTICE_DAYS * DAY),
        (NOW + 99 * DAY, None, NOW + 99 * DAY),
        (NOW - 9 * DAY, NOW, NOW),
        (NOW - 9 * DAY, NOW + 3 * DAY, NOW + 3 * DAY),
        (NOW - 9 * DAY, NOW + 999 * DAY, NOW + NOTICE_DAYS * DAY),
        (NOW + 5 * DAY, NOW, NOW + 5 * DAY),
    ],
)
def test_nobody_goes_before_the_day_or_sooner_than_announced(due: int, announced: int | None, goes: int) -> None:
    assert announced_for_ms(due, announced, NOW) == goes


def test_only_who_may_erase_retires_and_never_whom_nobody_has_seen() -> None:
    row = fact(written(WAJIMA, kinds.RESIDENT))
    hides = fact(written(WAJIMA, kinds.PROTECTION, slot=b"p"))
    seen = fact(written(WAJIMA, kinds.IDENTITY, identity()))
    assert may_be_retired(known([row, seen]))
    assert not may_be_retired(known([row]))
    assert not may_be_retired(known([row, hides]))
    assert may_be_retired(known([hides]))
    assert not may_be_retired(known([seen], here=KANAZAWA))
    assert not may_be_retired(known([]))


def test_someone_of_whom_nothing_is_known_belongs_to_our_own_area() -> None:
    assert erase_from_ms(known([]), [OVER], now_ms=NOW, retention_days=1) == NOW


def test_personal_facets_go_and_what_makes_erasures_stick_stays() -> None:
    assert falls_under_retention(kinds.IDENTITY)
    assert falls_under_retention(kinds.PROTECTION)
    assert falls_under_retention(99)
    assert not falls_under_retention(kinds.ERASURE)
    assert not falls_under_retention(kinds.RESIDENT)
    assert not falls_under_retention(kinds.PLACE)
