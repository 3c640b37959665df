"""Residents nobody has confirmed on the screen: districts, people, one key narrows, the list for the doors."""

from pathlib import Path

from textual.widgets import Input

from tests.builders.office import Offices
from tests.builders.screens import clipped, coordinate_app, page, press, said, settle, shown


def people(told: str) -> list[str]:
    return [line for line in told.splitlines() if "番地" in line or "[秘匿]" in line]


async def test_districts_first_then_their_people(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1")
        assert "未確認 5人 / 住民 5人  うち要配慮 2人" in shown(pilot)
        await press(pilot, "down", "enter")
        assert len(people(shown(pilot))) == 2
        assert "山岸 正一" in people(shown(pilot))[0]


async def test_one_key_narrows_to_an_age_and_another_to_special_needs(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f7")
        assert "久保田" in people(shown(pilot))[0]
        await press(pilot, "5")
        assert len(people(shown(pilot))) == 2
        await press(pilot, "f6")
        assert len(people(shown(pilot))) == 1
        await press(pilot, "0")
        assert len(people(shown(pilot))) == 2
        await press(pilot, "escape")
        assert "未確認/住民" in shown(pilot)


async def test_the_protected_are_marked_and_their_address_is_not_in_the_list(both: Offices) -> None:
    subject = both.made["172022"].ledger.resident_by_key("r3")
    assert subject is not None
    both.made["172022"].desk("tanaka").protect(subject)
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f7")
        line = next(line for line in shown(pilot).splitlines() if "由美子" in line)
        assert "[秘匿]" in line
        assert "一本杉町" not in line


async def test_the_list_is_written_as_it_is_narrowed(looked_at: Offices, tmp_path: Path) -> None:
    async with coordinate_app(looked_at.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f7", "f6", "f5")
        page(pilot).query_one("#path", Input).value = str(tmp_path / "doors.csv")
        await press(pilot, "enter")
        assert "2人" in said(pilot)
    assert len((tmp_path / "doors.csv").read_text(encoding="utf-8-sig").splitlines()) == 3


async def test_where_it_can_t_be_written_that_is_said(looked_at: Offices, tmp_path: Path) -> None:
    async with coordinate_app(looked_at.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f5")
        page(pilot).query_one("#path", Input).value = str(tmp_path / "nowhere" / "doors.csv")
        await press(pilot, "enter")
        assert "書けません" in said(pilot)


async def test_without_a_register_the_screen_says_so(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.prefecture).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1")
        assert "住民の名簿がありません" in shown(pilot)


async def test_what_others_may_be_told_shows_no_small_count(looked_at: Offices) -> None:
    async with coordinate_app(looked_at.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f8")
        rows = [line.split() for line in shown(pilot).splitlines() if "町 " in line]
        assert rows
        assert not any(cell in "1234" for row in rows for cell in row[1:])


async def test_the_prefecture_sees_what_the_towns_have_told(both: Offices) -> None:
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1", "f8", "f5")
        assert "次の通信で" in said(pilot)
    both.meet()
    async with coordinate_app(both.prefecture).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "1")
        told = shown(pilot)
        assert "七尾市 (たった今)" in told
        assert "府中町" in told
        assert clipped(pilot) == []
