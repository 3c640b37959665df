"""The coordination's screens: unknown is not 0, old is said to be old, the purpose comes first."""

from tests.builders.desk import FakeCoordination
from tests.builders.screens import coordinate_app, press, said, settle, shown


async def test_nothing_is_searched_without_a_purpose() -> None:
    coordination = FakeCoordination()
    async with coordinate_app(coordination).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "tab", "山", "enter")
        assert coordination.acts("search") == []
        assert "目的" in said(pilot)
        await press(pilot, "2", "enter")
        assert coordination.acts("search") == [("山", "reception")]


async def test_nothing_is_searched_while_typing() -> None:
    coordination = FakeCoordination()
    async with coordinate_app(coordination).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "1", "山", "岸")
        assert coordination.acts("search") == []


async def test_an_answer_says_whom_it_draws_on_how_old_and_what_is_missing() -> None:
    async with coordinate_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "2", "山", "enter")
        told = shown(pilot)
        assert "輪島市" in told
        assert "3分前" in told
        assert "記録を受け取っていない" in told
        assert told.rindex("珠洲市") > told.index("記録を受け取っていない")


async def test_an_unreported_headcount_is_unknown_and_not_zero() -> None:
    async with coordinate_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        line = next(line for line in shown(pilot).splitlines() if "門前西小学校" in line)
        assert "不明" in line
        assert "報告なし" in line


async def test_a_figure_older_than_a_day_is_marked() -> None:
    async with coordinate_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "2日前（古い）" in next(line for line in shown(pilot).splitlines() if "町野公民館" in line)
        await press(pilot, "f9")
        assert "old: 2 days ago" in next(line for line in shown(pilot).splitlines() if "町野公民館" in line)


async def test_over_capacity_bears_a_mark() -> None:
    async with coordinate_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "131/120!" in shown(pilot)


async def test_the_list_narrows_while_typing() -> None:
    coordination = FakeCoordination()
    async with coordinate_app(coordination).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "門", "前")
        assert coordination.acts("shelters")[-1] == "門前"
        assert "三井" not in shown(pilot)


async def test_the_totals_by_town_are_one_key_away() -> None:
    async with coordinate_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6")
        line = next(line for line in shown(pilot).splitlines() if line.startswith(" > 輪島市"))
        assert "4/5" in line
        assert "394" in line


async def test_who_has_not_been_heard_for_an_hour_bears_a_mark() -> None:
    async with coordinate_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "2", "山", "enter")
        told = shown(pilot)
        assert "1時間以内に返事のあった団体 1 / 3" in told
        assert "! 返事なし。最後の通信 2時間前" in next(line for line in told.splitlines() if "金沢市" in line)
        assert "!" not in next(line for line in told.splitlines() if "輪島市 " in line)
