"""Headcounts over time on the screen: what Nanao published, in characters of one cell, with the age of the newest."""

import pytest

from node.coordination.trends import Reported, Summed, SumTrend, Trend
from tests.builders.office import Offices
from tests.builders.screens import clipped, coordinate_app, press, settle, shown
from tui.shelters.plot import BETWEEN, REPORT, Curve, plotted
from tui.shelters.trend import curve_of

DAY_MS = 86_400_000
DECLINE = [(0, 130), (2 * DAY_MS, 123), (11 * DAY_MS, 72), (23 * DAY_MS, 59)]


def test_every_report_is_in_the_plot_and_every_character_is_plain() -> None:
    lines = plotted(Curve(DECLINE), 76, 14)
    assert sum(line.count(REPORT) for line in lines) == len(DECLINE)
    assert BETWEEN in "".join(lines)
    assert all(line.isascii() for line in lines)


@pytest.mark.parametrize("size", [(76, 14), (40, 8), (120, 30)])
def test_the_plot_fills_its_room_and_no_more(size: tuple[int, int]) -> None:
    width, height = size
    lines = plotted(Curve(DECLINE, capacity=150), width, height)
    assert len(lines) == height
    assert {len(line) for line in lines} == {width}


def test_a_capacity_within_reach_is_a_line_and_one_far_above_is_only_said() -> None:
    def lines(capacity: int) -> int:
        inside = plotted(Curve(DECLINE, capacity=capacity), 76, 14)[1:-2]
        return sum("-----" in line for line in inside)

    assert (lines(150), lines(5_000)) == (1, 0)


def test_one_report_is_a_plot_as_well() -> None:
    assert sum(line.count(REPORT) for line in plotted(Curve([(5 * DAY_MS, 50)]), 76, 14)) == 1


def test_what_was_not_counted_is_not_plotted_as_nobody() -> None:
    curve = curve_of(Trend("公民館", None, (Reported(1, None, 1), Reported(2, 30, 1))))
    assert curve is not None
    assert list(curve.figures) == [(2, 30)]
    assert curve_of(Trend("公民館", None, (Reported(1, None, 1),))) is None


def test_older_figures_stand_apart_in_the_plot_of_a_sum() -> None:
    curve = curve_of(SumTrend("", None, 2, (Summed(1, 40, 2, 0, 0), Summed(2, 42, 1, 30, 1))))
    assert curve is not None
    assert (list(curve.figures), list(curve.older)) == ([(1, 40), (2, 42)], [(2, 72)])


async def test_the_trend_of_a_shelter_is_one_key_away(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"御祓地区", "enter")
        told = shown(pilot)
        assert "推移  御祓地区コミュニティセンター" in told
        assert "最新 24人  2024-03-28  6:00 27時間前（古い）  報告6件" in told
        assert "- 定員191人" in told
        assert "1/9" in told
        await press(pilot, "f5")
        rows = [line.split() for line in shown(pilot).splitlines() if "開設" in line]
        assert [int(row[-2]) for row in rows] == [24, 37, 59, 72, 123, 130]
        await press(pilot, "escape")
        assert "避難所の名前で絞り込み" in shown(pilot)


async def test_the_sum_says_how_many_shelters_it_counts_and_what_is_old(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.town, language="en").run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f7")
        assert "newest: 374 (24 h, 13 of 31 shelters)" in shown(pilot)
        assert "by reports older than 24 h: 515 (18 shelters)" in shown(pilot)
        assert "up: people  across: date" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "f5")
        assert "older: 515 (18 shelters)" in shown(pilot)
        assert clipped(pilot) == []


async def test_a_town_s_trend_opens_from_the_list_of_towns(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.prefecture).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "enter")
        assert "推移  七尾市" in shown(pilot)
