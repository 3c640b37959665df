"""Sending, and the line that is always visible: what has not been sent, and what that means."""

from node.desk.views import PeerView
from tests.builders.desk import NOON_MS, FakeDesk
from tests.builders.screens import clipped, desk_app, press, said, settle, shown, type_text
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


async def test_how_much_waits_and_how_long_that_takes_is_said_before_anything_is_sent() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "送る記録は12件、約2kB。この回線で約3分かかります。" in shown(pilot)
        await press(pilot, "f9")
        assert "To send: 12 records, about 2 kB: about 3 min on this line." in shown(pilot)
        assert clipped(pilot) == []


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


async def test_what_waits_goes_onto_the_stick_that_was_found() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "f6")
        assert "輪島市（本庁）あて" in shown(pilot)
        assert "/media/usb" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "enter")
        assert desk.acts("write_bundle") == [("172049", "/media/usb")]
        assert "12件を書き出しました" in said(pilot)
        assert clipped(pilot) == []


async def test_a_stick_is_read_from_where_it_is_said_to_be() -> None:
    desk = FakeDesk()
    async with desk_app(desk, language="en").run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "f7")
        await type_text(pilot, "/a.moyai")
        assert clipped(pilot) == []
        await press(pilot, "enter")
        assert desk.acts("read_bundle") == ["/media/usb/a.moyai"]
        assert "Of ours 12 have arrived there" in said(pilot)
        assert clipped(pilot) == []


async def test_leaving_the_question_writes_nothing() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "f6", "escape", "f7", *["backspace"] * 10, "enter")
        assert "場所を入れてください" in said(pilot)
        await press(pilot, "escape")
        assert desk.acts("write_bundle") == desk.acts("read_bundle") == []


class ByHand(FakeDesk):
    """A desk whose last contact was a stick."""

    def peers(self) -> list[PeerView]:
        return [PeerView(b"n" * 16, "172049", "輪島市（本庁）", (), 0, NOON_MS, NOON_MS, "BY_HAND")]


async def test_a_contact_by_stick_is_said_as_that() -> None:
    async with desk_app(ByHand()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "手渡し" in shown(pilot)
        assert "相手につながりません" not in shown(pilot)
