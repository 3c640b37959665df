"""Sending, and the line that is always visible: what has not been sent, and what that means."""

from dataclasses import dataclass, field, replace

from textual.pilot import Pilot

from node.desk.views import CarriedView, PeerView, StandingLine
from tests.builders.desk import NOON_MS, FakeDesk
from tests.builders.screens import clipped, desk_app, page, press, said, settle, shown, type_text
from tui.sending.meaning import was_read, written
from tui.sending.screen import Sending
from tui.standing import standing_lines
from tui.words import Words


async def test_with_the_network_gone_it_says_that_all_is_kept() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "未送信: 12件" in shown(pilot)
        assert "9:20から不通。記録はすべてここに保存" in shown(pilot)
        assert "相手につながりません" in shown(pilot)
        assert "どの相手にもつながりません" in shown(pilot)


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


LAPTOP = PeerView(b"l" * 16, "172049", "輪島市", (), 402, NOON_MS - 7 * 60_000, NOON_MS - 7 * 60_000, "DONE",
                  label="wajima-laptop-1")  # fmt: skip
SECOND = PeerView(b"m" * 16, "172049", "輪島市", (), 403, NOON_MS, NOON_MS, "OPEN", label="wajima-laptop-2",
                  is_open=True)  # fmt: skip
ISHIKAWA = PeerView(b"i" * 16, "170003", "石川県", ("ishikawa.example:7443",), 4, NOON_MS, NOON_MS, "OPEN",
                    is_open=True)  # fmt: skip
KANAZAWA = PeerView(b"k" * 16, "172014", "金沢市", ("kanazawa.example:7443",), 9, None, NOON_MS - 60_000,
                    "PEER_UNREACHABLE", is_failing=True)  # fmt: skip


@dataclass
class AtTheTownHall(FakeDesk):
    """A desk whose peers are two home nodes it calls, one of them down, and two laptops of its own, one closed."""

    offline: bool = False
    rows: list[PeerView] = field(default_factory=lambda: [ISHIKAWA, KANAZAWA, LAPTOP, SECOND])

    def peers(self) -> list[PeerView]:
        return self.rows


def row_of(pilot: Pilot[int], name: str) -> str:
    """The line of a peer."""
    return next(line for line in shown(pilot).splitlines() if name in line)


async def test_laptops_are_told_by_their_labels_and_whether_they_are_there_now() -> None:
    async with desk_app(AtTheTownHall()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        closed, there = row_of(pilot, "輪島市 wajima-laptop-1"), row_of(pilot, "輪島市 wajima-laptop-2")
        assert ("402" in closed, "7分前" in closed, "今はつながっていません" in closed) == (True, True, True)
        assert ("403" in there, "たった今" in there, "つながっています" in there) == (True, True, True)
        await press(pilot, "down", "down")
        assert "避難所のパソコン: 向こうからつながります" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "f9")
        assert "not connected now" in row_of(pilot, "輪島市 wajima-laptop-1")
        assert "connected" in row_of(pilot, "輪島市 wajima-laptop-2")
        assert "A laptop of ours: it calls here." in shown(pilot)
        assert clipped(pilot) == []


async def test_who_is_called_is_shown_with_the_address_also_where_it_is_down() -> None:
    async with desk_app(AtTheTownHall()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "こちらから ishikawa.example:7443 につなぎます" in shown(pilot)
        await press(pilot, "down")
        assert "こちらから kanazawa.example:7443 につなぎます" in shown(pilot)
        assert "11:49に試した結果: 相手につながりません" in shown(pilot)
        assert "向こうからつながります" not in shown(pilot)
        await press(pilot, "f9")
        assert "We call them at kanazawa.example:7443." in shown(pilot)


async def test_only_the_peer_that_is_down_is_down() -> None:
    async with desk_app(AtTheTownHall()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "つながらないのは金沢市だけです" in shown(pilot)
        assert "どの相手にも" not in shown(pilot)
        await press(pilot, "f9")
        assert "Only 金沢市 can't be reached." in shown(pilot)


async def test_what_others_lack_and_what_waits_for_our_own_laptops_are_two_figures() -> None:
    async with desk_app(AtTheTownHall()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "まだほかへ送っていない記録は12件" in shown(pilot)
        assert "合わせて805件" in shown(pilot).replace("\n", "").replace(" ", "")
        await press(pilot, "f9")
        assert "Not yet sent to others: 12." in shown(pilot)
        assert clipped(pilot) == []


async def test_where_nothing_speaks_for_this_node_it_is_said_and_nothing_is_promised() -> None:
    desk = AtTheTownHall(served=False)
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "enter")
        assert "今は回線では何も送られません" in shown(pilot)
        assert "動いていないので、頼めませんでした" in said(pilot)
        assert desk.acts("poke") == []
        await press(pilot, "f9")
        assert "Start moyai serve" in said(pilot)
        assert clipped(pilot) == []


async def test_after_enter_it_is_said_how_the_try_went() -> None:
    desk = AtTheTownHall(rows=[KANAZAWA])
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "enter")
        assert "結果を待っています" in said(pilot)
        desk.rows, desk.version = [replace(KANAZAWA, last_try_ms=NOON_MS)], 2
        await look(pilot)
        assert said(pilot).startswith("金沢市につながりませんでした")
        await press(pilot, "enter")
        desk.rows, desk.version = [replace(ISHIKAWA, organisation_name="金沢市", last_try_ms=NOON_MS + 1)], 3
        await look(pilot)
        assert said(pilot) == "金沢市とつながり、やり取りしました。"
        await press(pilot, "f9")
        assert said(pilot) == "金沢市 was reached, and records were exchanged."


async def test_who_only_calls_is_not_said_to_be_called() -> None:
    async with desk_app(AtTheTownHall(rows=[LAPTOP])).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "enter")
        assert "こちらからはつなげません" in said(pilot)
        await press(pilot, "f9")
        assert "we can't call them" in said(pilot)


async def test_all_that_were_asked_are_counted_as_they_answer() -> None:
    desk = AtTheTownHall()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "f5")
        desk.rows = [replace(one, last_try_ms=NOON_MS + 5) for one in (ISHIKAWA, KANAZAWA)] + [LAPTOP, SECOND]
        desk.version = 2
        await look(pilot)
        assert said(pilot) == "つながった相手 1、つながらない相手 1、結果待ち 1。"
        await press(pilot, "f9")
        assert said(pilot) == "Reached: 1, not reached: 1, not heard of yet: 1."


async def look(pilot: Pilot[int]) -> None:
    """As the screen does by itself every second."""
    front = page(pilot)
    assert isinstance(front, Sending)
    front.news()
    await settle(pilot)


async def test_what_waits_goes_onto_the_stick_that_was_found() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4", "f6")
        assert "輪島市（本庁）あて" in shown(pilot)
        assert "/media/usb" in shown(pilot)
        assert "[Enter]決める" in shown(pilot)
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


def test_a_stick_without_records_asks_for_no_answer() -> None:
    empty = CarriedView("輪島市 wajima-laptop-1", files=("/u/a.moyai",))
    for language, asked in (("ja", "持ち帰って"), ("en", "bring their answer back")):
        words = Words(language)
        assert asked not in written(empty, words)
        assert asked in written(replace(empty, records=1), words)


def test_only_what_was_received_or_waits_is_to_be_carried_back() -> None:
    nothing = CarriedView("金沢市")
    for language, asked in (("ja", "書き出して"), ("en", "write")):
        words = Words(language)
        assert asked not in was_read(nothing, words)
        assert asked in was_read(replace(nothing, records=2), words)
        assert asked in was_read(replace(nothing, waiting=2), words)


class Alone(AtTheTownHall):
    """A desk that has no peers, and so nothing that waits for any."""

    def standing(self) -> StandingLine:
        return replace(super().standing(), not_sent=0)


async def test_where_nobody_is_to_be_sent_to_nothing_is_called_sent() -> None:
    async with desk_app(Alone(rows=[])).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        assert "送る相手がまだいません" in shown(pilot)
        assert "送信済み" not in shown(pilot)
        await press(pilot, "f9")
        assert "There is nobody to send to yet." in shown(pilot)
        assert "Everything is sent" not in shown(pilot)
        assert clipped(pilot) == []
