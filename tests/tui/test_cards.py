"""What is scanned at reception does what a clerk expects; cards, wristbands and sheets are made from the screens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from node.desk.desk import Desk
from node.desk.forms import BACK, OUT, SPOILT, counted
from node.desk.views import NewPerson
from node.exchange.card_symbols import SCREEN_PIECE_BYTES, to_symbols
from node.exchange.form_number import printed
from node.exchange.wristband import wristband
from node.paper.blocks import HALVES, framed
from node.paper.symbol import matrix
from tests.builders.nodes import Federation, federation
from tests.builders.screens import NAMED, SIZE, desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import shelter
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA
from tests.tui.test_walk import walk
from tui.card.screen import CardScreen
from tui.card.symbols import Symbols
from tui.dialogs.answers import SafetyForm
from tui.forms.screen import FormsScreen
from tui.reception.form import NewForm
from tui.reception.household import Household
from tui.reception.sheets import SheetNumber

GUEST = NewPerson(family_name="能登", given_name="一郎", family_kana="ノト", birth="19500101", address="金沢市広坂1-1")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("HOME", str(tmp_path))
    found = shelter(made)
    found.check_in([person.subject for person in found.find("大谷内")])
    return found


def begins(folder: Path, pattern: str) -> list[bytes]:
    """What the files of that name begin with."""
    return [path.read_bytes()[:4] for path in sorted(folder.glob(pattern))]


async def scan(pilot: Pilot[int], text: str) -> None:
    """As a scanner does it: a key for each character, as fast as the line takes them, and Enter."""
    for character in text:
        pilot.app.post_message(events.Key(NAMED.get(character, character), character))
    await press(pilot, "enter")


async def go_to(pilot: Pilot[int], room: str) -> None:
    await pilot.app.switch_mode(room)
    await settle(pilot)


async def test_a_wristband_opens_the_household_of_its_wearer(desk: Desk) -> None:
    (person,) = desk.roster(which="here")
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await scan(pilot, wristband(person.subject))
        assert isinstance(pilot.app.screen, Household)
        assert "大谷内" in shown(pilot)


async def test_a_wristband_nobody_knows_says_so(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await scan(pilot, wristband(bytes(16)))
        assert "リストバンド" in said(pilot)
        assert pilot.app.screen.query_one("#search", Input).value == ""


async def test_a_card_of_another_town_is_scanned_code_by_code_and_checked_in(made: Federation, desk: Desk) -> None:
    elsewhere = made[KANAZAWA].desk("ito")
    card = elsewhere.cards.make(elsewhere.register(GUEST).subjects[0])
    first, *rest = to_symbols(card.packed)
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await scan(pilot, first)
        assert "残り" in said(pilot)
        await scan(pilot, first[:-1])
        assert "正しく読み取れません" in said(pilot)
        for symbol in rest:
            await scan(pilot, symbol)
        assert isinstance(pilot.app.screen, Household)
        await press(pilot, "enter")
    assert "能登 一郎" in [person.name for person in desk.roster(which="here")]


async def test_a_child_s_card_asks_who_shows_it(made: Federation, desk: Desk) -> None:
    elsewhere = made[KANAZAWA].desk("ito")
    child = NewPerson(family_name="能登", given_name="葵", birth="20150401", address="金沢市")
    card = elsewhere.cards.make(elsewhere.register(child).subjects[0])
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        for symbol in to_symbols(card.packed):
            assert len(symbol) > 200
            await scan(pilot, symbol)
        await press(pilot, "1")
        assert isinstance(pilot.app.screen, Household)
    (consent,) = [one for one in desk.consents(card.subject) if one.organisations]
    assert consent.guardian_relation == "母"


async def test_a_sheet_s_number_opens_the_form_and_the_sheet_is_back(desk: Desk) -> None:
    (number,) = desk.forms.issue(1)
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await scan(pilot, printed(number).replace("-", "").replace(" ", ""))
        assert isinstance(page(pilot), NewForm)
        assert f"受付票 {printed(number)}" in shown(pilot)
        await press(pilot, "森", "enter", "花", "f5")
        await settle(pilot)
        assert isinstance(page(pilot), SafetyForm)
        await press(pilot, "y", "n", "n", "f5")
        assert number[-1] in said(pilot)
        (sheet,) = desk.forms.listed()
        assert (sheet.state, sheet.name) == (BACK, "森 花")
        await scan(pilot, number)
        assert "すでに入力されています" in said(pilot)
        await scan(pilot, number[:-1] + str((int(number[-1]) + 1) % 10))
        assert "番号が正しくありません" in said(pilot)


async def test_a_number_typed_wrongly_is_there_to_be_mended_and_the_next_scan_replaces_it(desk: Desk) -> None:
    (number,) = desk.forms.issue(1)
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        wrong = f"{printed(number)[:-1]}{(int(number[-1]) + 1) % 10}".replace(" ", "")
        await scan(pilot, wrong)
        assert "受付票の番号が正しくありません" in said(pilot)
        field = page(pilot).query_one("#search", Input)
        assert (field.value, field.selected_text) == (wrong, wrong)
        await scan(pilot, printed(number).replace(" ", ""))
        assert isinstance(page(pilot), NewForm)


async def test_what_is_scanned_while_a_household_is_open_checks_nobody_in_and_answers_nothing(desk: Desk) -> None:
    (person,) = desk.roster(which="here")
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yam", "enter", "space")
        assert isinstance(page(pilot), Household)
        assert "[x]" in shown(pilot)
        await burst(pilot, f"{wristband(person.subject)}\n")
        assert isinstance(page(pilot), Household)
        assert "読み取りは受付の画面でします" in said(pilot)
        assert [each.subject for each in desk.roster(which="here")] == [person.subject]
        await press(pilot, "f7")
        asked = pilot.app.screen
        await burst(pilot, f"{wristband(person.subject)}\n")
        assert pilot.app.screen is asked
        await press(pilot, "2")
        assert pilot.app.screen is not asked
    assert len(desk.roster(which="here")) == 1


async def burst(pilot: Pilot[int], text: str) -> None:
    """Keys as fast as the line takes them, Enter as well."""
    for character in text:
        key = "enter" if character == "\n" else NAMED.get(character, character)
        pilot.app.post_message(events.Key(key, character))
    await settle(pilot)


async def test_each_member_has_a_sheet_and_the_choices_are_asked_in_its_order(desk: Desk) -> None:
    first, second = sorted(desk.forms.issue(2))
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await scan(pilot, first)
        await press(pilot, "森", "enter", "花", "f6", "太", "f6", "幸", "f5")
        assert isinstance(page(pilot), SafetyForm)
        await press(pilot, "y", "y", "n", "f5")
        assert isinstance(page(pilot), SheetNumber)
        await type_text(pilot, first)
        await press(pilot, "enter")
        assert "すでに入力されています" in said(pilot)
        page(pilot).query_one("#number", Input).value = second
        await press(pilot, "enter")
        assert isinstance(page(pilot), SafetyForm)
        await press(pilot, "n", "n", "n", "f5", "enter", "escape")
        assert printed(second) in said(pilot)
    assert {sheet.name: sheet.state for sheet in desk.forms.listed()} == {"森 花": BACK, "森 太": BACK}
    chosen = {one.name: desk.answers.of(one.subject) for one in desk.find("森")}
    assert (chosen["森 花"].kin, chosen["森 太"].kin, chosen["森 幸"].kin) == (True, False, None)


async def test_a_sheet_left_half_typed_is_still_out(desk: Desk) -> None:
    (number,) = desk.forms.issue(1)
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await scan(pilot, number)
        await press(pilot, "escape")
    assert [sheet.state for sheet in desk.forms.listed()] == [OUT]


# --- the screens


async def test_a_card_and_a_wristband_are_written_for_the_printer(desk: Desk, tmp_path: Path) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await go_to(pilot, "card")
        await type_text(pilot, "ooyachi")
        await press(pilot, "f5", "1")
        assert str(tmp_path) in said(pilot).replace("\n", "")
        await press(pilot, "f6", "1")
        await press(pilot, "f8")
    assert begins(tmp_path, "*-2024*") == [b"%PDF", b"\x89PNG", b"%PDF"]


async def test_who_is_protected_gets_no_card_and_is_told_why(desk: Desk) -> None:
    (person,) = desk.roster(which="here")
    desk.protect(person.subject)
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await go_to(pilot, "card")
        await type_text(pilot, "ooyachi")
        await press(pilot, "f5", "1")
        assert "秘匿" in said(pilot)


@pytest.mark.parametrize("size", [SIZE, (120, 60)], ids=["half blocks", "spaces"])
async def test_a_card_on_the_screen_is_its_symbols_module_by_module(desk: Desk, size: tuple[int, int]) -> None:
    async with desk_app(desk).run_test(size=size) as pilot:
        await settle(pilot)
        await go_to(pilot, "card")
        await type_text(pilot, "ooyachi")
        await press(pilot, "f7", "1")
        screen = pilot.app.screen
        assert isinstance(screen, Symbols)
        symbol = screen.query_one("#symbol", Static)
        assert screen.region.contains_region(symbol.region)
        assert screen.region.contains_region(screen.query_one("#next", Static).region)
        rows = framed(matrix(screen._symbols[0], error="L"))
        assert modules_on(pilot, symbol, len(rows)) == rows
        await press(pilot, "enter")
        assert f"2 / {len(screen._symbols)}" in str(screen.query_one("#which", Static).content)
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, Symbols)
    assert len(screen._symbols) <= -(-2200 // SCREEN_PIECE_BYTES)


def modules_on(pilot: Pilot[int], symbol: Static, count: int) -> list[bytes]:
    """The modules as the terminal gets them, black or white."""
    halves = {character: pair for pair, character in HALVES.items()}
    lines = pilot.app.screen._compositor.render_strips()[symbol.region.y : symbol.region.bottom]
    rows: list[list[int]] = []
    for strip in lines:
        above: list[int] = []
        below: list[int] = []
        for segment in strip.crop(symbol.region.x, symbol.region.right):
            style = segment.style
            assert style is not None
            assert style.bgcolor is not None
            dark = style.bgcolor.get_truecolor() == (0, 0, 0)
            for character in segment.text:
                up, down = halves[character]
                above.append(1 if dark else up)
                below.append(1 if dark else down)
        if symbol.region.width == count:
            rows += [above, below]
        else:
            rows.append(above[::2])
    return [bytes(row) for row in rows[:count]]


async def test_sheets_are_printed_listed_spoilt_and_taken_back(desk: Desk, tmp_path: Path) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await go_to(pilot, "forms")
        await press(pilot, "f5", "1")
        assert counted(desk.forms.listed()) == {OUT: 10, BACK: 0, SPOILT: 0}
        await press(pilot, "f6")
        assert counted(desk.forms.listed()) == {OUT: 9, BACK: 0, SPOILT: 1}
        await press(pilot, "3", "f6")
        assert counted(desk.forms.listed())[SPOILT] == 0
    assert begins(tmp_path, "sheets-*.pdf") == [b"%PDF"]


async def test_how_far_the_sheets_are_is_said_at_every_tenth(desk: Desk) -> None:
    told: list[int] = []

    class Heard(FormsScreen):
        def _tell_share(self, percent: int) -> None:
            super()._tell_share(percent)
            told.append(percent)
            assert f"{percent}%" in said(pilot)

    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        pilot.app.push_screen(Heard(desk))
        await settle(pilot)
        await press(pilot, "f5", "2")
        assert told == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
        assert "sheets-" in said(pilot)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_rooms_are_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    desk.forms.issue(30)
    desk.forms.spoil(desk.forms.listed()[0].number)
    cards = [(*"ooyachi",), ("f7",), ("1",), ("enter",), ("escape",), ("f1",), ("escape",), ("escape", *"zzz"), ("f5",)]
    forms = [("1",), ("down",), ("2",), ("3",), ("f5",), ("escape",), ("f1",), ("escape",)]
    app = desk_app(desk, language=language)
    down = next(number for number, room in enumerate(app.far()) if room.word == "card")
    to_cards, to_forms = ("f10", *["down"] * down, "enter"), ("f10", *["down"] * (down + 1), "enter")
    await walk(app, [to_cards, *cards, to_forms, *forms], over=[CardScreen, FormsScreen, Symbols])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_number_of_another_s_sheet_is_asked_for_on_a_whole_screen(desk: Desk, language: str) -> None:
    (number,) = desk.forms.issue(1)
    steps = [tuple(number), ("enter",), ("森", "enter", "花", "f6", "太", "f5"), ("y", "y", "n", "f5"), ("f1",)]
    steps += [("escape", *number, "enter"), ("escape", "escape")]
    await walk(desk_app(desk, language=language), steps, over=[SheetNumber, SafetyForm])
