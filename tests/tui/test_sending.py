"""Sending, and the line that is always visible: what has not been sent, and what that means."""

from node.desk.views import PeerView
from tests.builders.desk import NOON_MS, FakeDesk
from tests.builders.screens import clipped, desk_app, press, settle, shown
from tui.standing import standing_lines
from tui.words import Words


async def test_with_the_network_gone_it_says_that_all_is_kept() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "未送信: 12件" in shown(pilot)
        assert "9:20から不通。記録はすべてここに保存" in shown(pilot)
        assert "相手につながりません" in shown(pilot)


async def test_enter_pokes_one_and_f5_all() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "down", "enter", "f5")
        assert desk.acts("poke") == ["172014", None]


def test_the_standing_line_in_english_is_plain() -> None:
    lines = standing_lines(FakeDesk().standing(), NOON_MS, Words("en"), 78)
    assert lines[1] == "not yet sent: 12 | offline since 9:20; everything is kept here"


def test_after_a_contact_the_line_says_when() -> None:
    lines = standing_lines(FakeDesk(offline=False).standing(), NOON_MS, Words("en"), 78)
    assert lines[1] == "not yet sent: 12 | last contact: 2 h ago"


def test_only_the_name_of_the_place_is_shortened() -> None:
    first, _ = standing_lines(FakeDesk(duplicates=123).standing(), NOON_MS, Words("en"), 78)
    assert first.endswith("| tanaka | here now: 4 | conflicts: 1 | duplicates? 123")


class AtTheTownHall(FakeDesk):
    """A desk whose peers are the town's own laptop, which calls by itself, and a prefecture that does too."""

    def peers(self) -> list[PeerView]:
        return [
            PeerView(b"l" * 16, "172049", "輪島市", (), 3, NOON_MS, None, ""),
            PeerView(b"i" * 16, "170003", "石川県", (), 4, None, None, ""),
        ]


async def test_a_laptop_without_an_address_is_said_to_be_normal() -> None:
    async with desk_app(AtTheTownHall()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "避難所のパソコン: 向こうからつながります" in shown(pilot)
        assert "まだ試していません" not in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "down")
        assert "避難所のパソコン" not in shown(pilot)
        assert "何もしなくてかまいません" in shown(pilot)
        await press(pilot, "f9")
        assert "they call here" in shown(pilot)
        assert clipped(pilot) == []


async def test_the_heading_counts_what_the_rows_show() -> None:
    async with desk_app(AtTheTownHall()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "送信待ちは合わせて7件" in shown(pilot)
