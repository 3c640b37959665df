"""The screens on a real desk over an encrypted ledger: what a key does is on the disk when the screen says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from node.desk.desk import Desk
from tests.builders.nodes import Federation, federation
from tests.builders.screens import coordinate_app, desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import FIELD, present, shelter
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA
from tui.reception.form import NewForm

FAMILY = sorted(["正一", "和子", "健太", "美咲"])


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    return shelter(made)


async def test_a_household_of_four_in_at_most_twelve_keys_is_on_the_disk(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        keys = [*"yam", "enter", "enter"]
        await press(pilot, *keys)
        assert len(keys) <= 12
        assert "在所 4人" in shown(pilot)
    assert present(made.open(FIELD), desk) == FAMILY


async def test_with_no_network_everything_works_and_the_line_says_so(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = desk.standing().not_sent
        await press(pilot, *"yam", "enter", "enter")
        assert desk.standing().not_sent > before
        assert f"未送信: {desk.standing().not_sent}件" in shown(pilot)
        assert "記録はすべてここに保存" in shown(pilot)


async def test_undo_takes_the_household_back(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yam", "enter", "enter", "f8", "enter")
    assert present(made.open(FIELD), desk) == []


async def test_someone_new_is_on_the_disk_in_at_most_sixty_keys_beyond_the_name(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        begun = ["f5", "森", "enter", "花", "子", "enter", "enter", "enter"]
        birth = [*"s230503"]
        rest = ["enter", "2", "full_stop", "enter", *"0768221111", "enter", "t", "enter", "y", "f5"]
        keys = [*begun, *birth, *rest]
        await press(pilot, *keys)
        assert len(keys) - len("森花子") <= 60
        (person,) = desk.roster(which="here")
        assert (person.name, person.kana, person.birth) == ("森 花子", "モリ ハナコ", "1948-05-03")
        assert (person.sex, person.care_codes) == (2, ("dialysis",))
        assert person.phone == "0768221111"
        (consent,) = desk.consents(person.subject)
        assert consent.all_local_governments
    assert present(made.open(FIELD), desk) == ["花子"]


async def test_the_address_of_the_last_one_is_one_key_also_for_another_household(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "花")
        page(pilot).query_one("#address", Input).focus()
        await type_text(pilot, ".河井町1-2")
        await press(pilot, "f5", "f5", "林", "enter", "実")
        page(pilot).query_one("#address", Input).focus()
        await press(pilot, "equals_sign", "f5")
        first, second = desk.roster(which="here")
        assert first.household != second.household
        assert {first.address, second.address} == {"輪島市河井町1-2"}


async def test_the_members_of_a_new_household_are_one_household(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "花", "f6", "実", "f5")
        first, second = desk.roster(which="here")
        assert first.household == second.household
        assert {first.family_name, second.family_name} == {"森"}


async def test_a_form_with_nothing_to_go_by_is_refused_and_stays(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "f5")
        assert isinstance(page(pilot), NewForm)
        assert said(pilot)
    assert present(made.open(FIELD), desk) == []


async def test_a_half_typed_form_survives_a_closed_lid(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "花")
    again = made.open(FIELD).desk("tanaka", place=desk.place)
    async with desk_app(again).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert page(pilot).query_one("#family", Input).value == "森"
        assert page(pilot).query_one("#given", Input).value == "花"


async def test_leaving_for_another_town_is_written_down(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yam", "enter", "enter", "f3", "space", "f7", "7", *"kanazawa", "enter")
        assert "1人" in said(pilot)
    assert len(desk.roster(which="left")) == 1
    assert len(present(made.open(FIELD), desk)) == 3


async def test_a_consent_is_given_shown_and_withdrawn(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"ooyachi", "enter", "enter", "f3", "enter", "f5", "f5", "f5")
        assert "有効" in shown(pilot)
        await press(pilot, "f7", "2")
        assert "取り下げ" in shown(pilot)
    (person,) = desk.roster(which="here")
    assert [consent.withdrawn_at_ms is not None for consent in desk.consents(person.subject)] == [True]


async def test_a_child_needs_a_guardian_and_is_told_so(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "実", "enter", "enter", "enter")
        await type_text(pilot, "20150503")
        await press(pilot, "enter", "1", "enter", "enter", "enter", "y", "f5")
        assert isinstance(page(pilot), NewForm)
        assert desk.roster(which="here") == []
        await press(pilot, "母", "f5")
    (child,) = desk.roster(which="here")
    assert [consent.guardian_relation for consent in desk.consents(child.subject)] == ["母"]


async def test_erasing_with_the_word_leaves_nothing(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"ooyachi", "enter", "enter", "f3", "enter", "delete", *"shoukyo", "enter")
        assert said(pilot) is not None
    assert desk.find("大谷内") == []


async def test_the_protected_are_marked_and_their_place_is_not_listed(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"ooyachi", "enter", "enter", "f3", "enter", "f6", "2", "escape")
        line = next(line for line in shown(pilot).splitlines() if "大谷内" in line)
        assert "[秘匿]" in line
        assert "ここ" not in line


async def test_the_prefecture_sees_the_shelter_and_says_what_it_draws_on(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "花", "enter", "enter", "enter")
        await type_text(pilot, "S230503")
        await press(pilot, "enter", "2", "enter", "enter", "enter", "y", "f5")
    assert made.meet(FIELD, WAJIMA)
    assert made.meet(WAJIMA, ISHIKAWA)
    async with coordinate_app(made[ISHIKAWA].coordination("saito")).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "輪島市立河井" in shown(pilot)
        await press(pilot, "f3", "1", "森", "enter")
        assert "森 花" in shown(pilot)
        assert "輪島市" in shown(pilot)


async def test_what_was_checked_in_goes_onto_a_stick_and_comes_back_as_sent(
    made: Federation, desk: Desk, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    made.meet(FIELD, WAJIMA)
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yam", "enter", "enter", "f4", "f6")
        page(pilot).query_one("#path", Input).value = str(usb)
        await press(pilot, "enter")
        assert "書き出しました" in said(pilot)
        waiting = desk.standing().not_sent
        assert waiting > 0
        home = made[WAJIMA].bundles()
        assert home.read(list(usb.iterdir()), operator="op").new == waiting
        home.write(f"{WAJIMA}/{FIELD}", usb / "answer.moyai", operator="op")
        await press(pilot, "f7")
        page(pilot).query_one("#path", Input).value = str(usb)
        await press(pilot, "enter")
        assert f"こちらの{waiting}件は届いています" in said(pilot)
    assert desk.standing().not_sent == 0


@pytest.mark.parametrize(("language", "told"), [("ja", "避難所が選ばれていません"), ("en", "no shelter chosen")])
async def test_a_desk_that_stands_nowhere_says_so(made: Federation, language: str, told: str) -> None:
    node = made.add_field("nowhere", WAJIMA)
    async with desk_app(node.desk("tanaka"), language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "escape")
        assert told in shown(pilot)
