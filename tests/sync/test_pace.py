"""Frames grow on a quick line and shrink on a slow one."""

from sync.pace import FRAME_BYTES_FIRST, FRAME_BYTES_LEAST, FRAME_BYTES_MOST, Pace


def test_frames_grow_while_they_are_acknowledged_quickly() -> None:
    pace = Pace()
    for now in range(10):
        pace.sent(now)
        pace.acknowledged(now + 0.1)
    assert pace.frame_bytes == FRAME_BYTES_MOST


def test_frames_shrink_while_they_are_slow() -> None:
    pace = Pace()
    for now in range(0, 100, 10):
        pace.sent(now)
        pace.acknowledged(now + 9.0)
    assert pace.frame_bytes == FRAME_BYTES_LEAST


def test_waiting_behind_another_frame_does_not_count() -> None:
    pace = Pace()
    for _ in range(4):
        pace.sent(0.0)
    for heard in (2.0, 4.0, 6.0, 8.0):
        pace.acknowledged(heard)
    assert pace.frame_bytes == FRAME_BYTES_FIRST


def test_an_acknowledgement_of_nothing_changes_nothing() -> None:
    pace = Pace()
    pace.acknowledged(1.0)
    assert pace.frame_bytes == FRAME_BYTES_FIRST


def test_a_line_known_to_be_slow_is_not_tried_with_more_than_it_carries_in_a_second() -> None:
    assert Pace(6_000).frame_bytes == 6_000
    assert Pace(300).frame_bytes == FRAME_BYTES_LEAST
    assert Pace(5_000_000).frame_bytes == FRAME_BYTES_FIRST


def test_a_line_that_was_cut_before_anything_arrived_has_shown_how_slow_it_is() -> None:
    pace = Pace()
    pace.sent(0.0, 32_768)
    pace.cut(20.0)
    assert pace.bytes_per_second == 1_638


def test_a_line_cut_at_once_or_with_nothing_under_way_shows_nothing() -> None:
    pace = Pace()
    pace.cut(20.0)
    pace.sent(20.0, 32_768)
    pace.cut(20.5)
    assert pace.bytes_per_second is None
