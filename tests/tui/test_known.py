"""Somebody typed as new proves to be known: nothing typed is lost, and no key answers what was not asked yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from node.desk.desk import Desk
from node.desk.views import NewPerson
from tests.builders.nodes import Federation, federation
from tests.builders.screens import SIZE, desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import shelter
from tests.builders.trust import ISHIKAWA, KANAZAWA, WAJIMA
from tests.tui.test_walk import walk
from tui.reception.differing import Differing
from tui.reception.form import NewForm
from tui.reception.screen import Reception
from tui.reception.similar import Similar

HANAKO = NewPerson(
    family_name="森",
    given_name="花子",
    family_kana="モリ",
    given_kana="ハナコ",
    birth="S230503",
    sex=2,
    address="河井町1-2",
    phone="0768-22-1111",
)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA, ISHIKAWA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    """Where Hanako was registered an hour ago and has left since."""
    opened = shelter(made)
    (hanako,) = opened.register(HANAKO, arrive=False).subjects
    assert not opened.person(hanako).here
    return opened


async def fill(pilot: Pilot[int], **fields: str) -> None:
    """Types in the form."""
    for name, text in fields.items():
        page(pilot).query_one(f"#{name}", Input).focus()
        await type_text(pilot, text)


async def type_hanako(pilot: Pilot[int], *, phone: str = "0768221111", birth: str = "19480503") -> None:
    """Types her anew, with what is told today."""
    await settle(pilot)
    await press(pilot, "f5")
    await fill(pilot, family="森", given="花子", birth=birth, phone=phone, care="tw", share="y")


async def test_what_was_typed_is_said_of_the_one_who_was_known(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await type_hanako(pilot)
        await press(pilot, "f5", "down", "enter")
        assert isinstance(page(pilot), Reception)
        assert "1人を受け付けました" in said(pilot)
        assert "前からある記録に加えました" in said(pilot).replace("\n", "")
    (hanako,) = desk.find("もりはなこ")
    assert hanako.here
    assert len(hanako.care_codes) == 2
    assert [each.all_local_governments for each in desk.consents(hanako.subject)] == [True]


async def test_what_differs_is_asked_field_by_field(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await type_hanako(pilot, phone="09011112222", birth="19480504")
        await press(pilot, "f5", "down", "enter")
        assert isinstance(page(pilot), Differing)
        birth, phone = (next(line for line in shown(pilot).split("\n") if text in line) for text in ("-05-04", "0901"))
        assert "[前の記録]" in birth
        assert "[今の入力]" in phone
        await press(pilot, "space", "space", "f5")
        assert isinstance(page(pilot), Reception)
    (hanako,) = desk.find("もりはなこ")
    assert (hanako.birth, hanako.phone) == ("1948-05-04", "0768-22-1111")


async def test_escape_goes_back_to_all_that_was_typed(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await type_hanako(pilot, phone="09011112222")
        for back in (("escape",), ("down", "enter", "escape")):
            await press(pilot, "f5", *back)
            assert isinstance(page(pilot), NewForm)
            assert page(pilot).query_one("#care", Input).value == "tw"
        await press(pilot, "f5", "f5")
        assert isinstance(page(pilot), Reception)
    assert len(desk.find("もりはなこ")) == 2


async def test_enter_alone_chooses_nobody_and_says_how(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await type_hanako(pilot)
        await press(pilot, "f5", "enter")
        assert isinstance(page(pilot), Similar)
        assert "選んでから" in said(pilot)
    assert not desk.find("もりはなこ")[0].here


@pytest.mark.parametrize("ahead", [("f6", "enter"), ("f6", "f6"), ("f5", "f5", "enter"), ("f5", "down", "enter")])
async def test_what_was_typed_before_the_question_is_no_answer(desk: Desk, ahead: tuple[str, ...]) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await type_hanako(pilot)
        for key in ahead:
            pilot.app.post_message(events.Key(key, None))
        await settle(pilot)
        assert isinstance(page(pilot), Similar)
    assert [each.here for each in desk.find("もりはなこ")] == [False]


async def test_the_family_that_is_being_typed_stays_one_household(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        await fill(pilot, family="森", given="一郎")
        await press(pilot, "f6")
        await fill(pilot, given="花子", birth="19480503")
        await press(pilot, "f6", "down", "enter")
        assert isinstance(page(pilot), Differing)
        await press(pilot, "space", "f5")
        assert isinstance(page(pilot), NewForm)
        assert "2人目を受け付けました" in said(pilot)
        await fill(pilot, given="次郎")
        await press(pilot, "f5")
    households = {each.household for name in ("いちろう", "はなこ", "じろう") for each in desk.find(f"もり{name}")}
    assert len(households) == 1


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_question_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    filled = ["f5", "森", "enter", "花", "子", "enter", "enter", "enter", *"19480504", "enter", "2", "enter"]
    steps = [(*filled, *"09011112222", "f5"), ("enter",), ("down", "enter"), ("space",), ("f1",), ("escape", "escape")]
    await walk(desk_app(desk, language=language), [(), *steps], over=[Similar, Differing, NewForm])
