"""Whom to try when: a table of decisions."""

from sync.schedule import BACK_OFF_FIRST_S, BACK_OFF_MOST_S, GAP_S, REST_S, SOON_S, SPREAD_S, Schedule


def most() -> float:
    return 1.0


def least() -> float:
    return 0.0


def known(*keys: str) -> Schedule:
    schedule = Schedule(most)
    schedule.know(keys, 0.0)
    return schedule


def tried(schedule: Schedule, reason: str, now: float) -> None:
    schedule.began("wajima")
    schedule.ended("wajima", reason, now)


def test_new_peers_are_spread() -> None:
    assert known("wajima").next_at() == SPREAD_S
    early = Schedule(least)
    early.know(["wajima"], 0.0)
    assert early.due(0.0) == ["wajima"]


def test_nobody_known_nobody_due() -> None:
    assert Schedule(most).next_at() is None


def test_a_peer_off_the_book_is_forgotten() -> None:
    schedule = known("wajima", "nanao")
    schedule.know(["nanao"], 1.0)
    assert schedule.due(SPREAD_S) == ["nanao"]
    tried(schedule, "DONE", 2.0)  # it was under way when it was taken off
    assert schedule.due(SPREAD_S) == ["nanao"]


def test_who_is_under_way_is_not_due() -> None:
    schedule = known("wajima")
    schedule.began("wajima")
    assert schedule.due(1_000.0) == []
    assert schedule.next_at() is None


def test_who_has_waited_longest_comes_first() -> None:
    schedule = known("wajima", "nanao")
    tried(schedule, "DONE", 0.0)
    assert schedule.due(REST_S) == ["nanao", "wajima"]


def test_after_success_there_is_rest() -> None:
    schedule = known("wajima")
    tried(schedule, "DONE", 10.0)
    assert schedule.next_at() == 10.0 + REST_S


def test_failures_in_a_row_double_the_wait_up_to_a_cap() -> None:
    schedule = known("wajima")
    waits = []
    for _ in range(9):
        tried(schedule, "PEER_UNREACHABLE", 0.0)
        waits.append(schedule.next_at())
    assert waits[:4] == [BACK_OFF_FIRST_S * factor for factor in (1, 2, 4, 8)]
    assert waits[-1] == BACK_OFF_MOST_S


def test_chance_takes_up_to_half_off_a_wait() -> None:
    schedule = Schedule(least)
    schedule.know(["wajima"], 0.0)
    tried(schedule, "PEER_UNREACHABLE", 0.0)
    assert schedule.next_at() == BACK_OFF_FIRST_S / 2


def test_success_forgets_failures() -> None:
    schedule = known("wajima")
    for reason in ("BUSY", "BUSY", "BUSY", "DONE", "BUSY"):
        tried(schedule, reason, 0.0)
    assert schedule.next_at() == BACK_OFF_FIRST_S


def test_a_call_from_the_peer_ends_its_back_off() -> None:
    schedule = known("wajima")
    for _ in range(9):
        tried(schedule, "PEER_UNREACHABLE", 0.0)
    schedule.called("wajima", "DONE", 0.0)
    assert schedule.next_at() == REST_S
    schedule.called("wajima", "LIMIT_PASSED", 0.0)
    assert schedule.next_at() == SOON_S
    schedule.called("somebody", "DONE", 0.0)


def test_a_poke_is_now() -> None:
    schedule = known("wajima", "nanao")
    for _ in range(9):
        tried(schedule, "PEER_UNREACHABLE", 100.0)
    schedule.poke(101.0, "wajima")
    assert schedule.due(101.0) == ["nanao", "wajima"]
    tried(schedule, "PEER_UNREACHABLE", 102.0)
    assert schedule.next_at() == SPREAD_S
    schedule.poke(103.0)
    assert set(schedule.due(103.0)) == {"wajima", "nanao"}


def test_a_poke_while_under_way_is_obeyed_when_it_has_ended() -> None:
    schedule = known("wajima")
    schedule.began("wajima")
    schedule.poke(1.0)
    assert schedule.due(1.0) == []
    schedule.ended("wajima", "DONE", 2.0)
    assert schedule.due(2.0) == ["wajima"]


def test_news_goes_soon() -> None:
    schedule = known("wajima")
    tried(schedule, "DONE", 0.0)
    schedule.news(50.0)
    assert schedule.next_at() == 50.0 + SOON_S


def test_news_keeps_its_distance_from_the_last_conversation() -> None:
    schedule = known("wajima")
    tried(schedule, "DONE", 100.0)
    schedule.news(101.0)
    assert schedule.next_at() == 100.0 + GAP_S


def test_news_while_under_way_goes_with_the_next() -> None:
    schedule = known("wajima")
    schedule.began("wajima")
    schedule.news(0.0)
    schedule.ended("wajima", "DONE", 5.0)
    assert schedule.next_at() == 5.0 + GAP_S


def test_news_does_not_end_a_back_off() -> None:
    schedule = known("wajima")
    for _ in range(9):
        tried(schedule, "PEER_UNREACHABLE", 0.0)
    schedule.news(1.0)
    assert schedule.next_at() == BACK_OFF_MOST_S


def test_news_never_puts_off_what_is_due_sooner() -> None:
    schedule = known("wajima")
    schedule.news(4.5)
    assert schedule.next_at() == SPREAD_S
