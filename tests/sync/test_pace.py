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
