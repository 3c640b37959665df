"""What is held goes when the disasters that touched the person are long over."""

from node.records import kinds
from node.release.retention import Declared, erase_from_ms, falls_under_retention
from tests.builders.release import DAY, KANAZAWA, NANAO, NOW, WAJIMA, fact, known, left, residence, written

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


def test_someone_of_whom_nothing_is_known_belongs_to_our_own_area() -> None:
    assert erase_from_ms(known([]), [OVER], now_ms=NOW, retention_days=1) == NOW


def test_personal_facets_go_and_what_makes_erasures_stick_stays() -> None:
    assert falls_under_retention(kinds.IDENTITY)
    assert falls_under_retention(kinds.PROTECTION)
    assert falls_under_retention(99)
    assert not falls_under_retention(kinds.ERASURE)
    assert not falls_under_retention(kinds.RESIDENT)
    assert not falls_under_retention(kinds.PLACE)
