"""What was written of somebody is put right on their page: only what was typed over is written, nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from node.desk.desk import Desk
from node.desk.views import NewPerson
from tests.builders.contradiction import contradiction
from tests.builders.nodes import Federation, federation
from tests.builders.screens import SIZE, desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import KANAZAWA, WAJIMA
from tests.tui.test_walk import walk
from tui.correction.page import Correction
from tui.correction.typed import changes, correction, fields_of, kept, kept_changes
from tui.dialogs.choice import Choice
from tui.dialogs.person import Person

HANAKO = NewPerson(
    family_name="森",
    given_name="華子",
    family_kana="モリ",
    given_kana="ハナコ",
    birth="1948-05-03",
    sex=2,
    address="河井町1-2",
    phone="0768-22-1111",
    care_codes=("dialysis", "wheelchair"),
)
OPENED = (*"mori", "f6", "w")
"""Finds the person, opens the page on them and the correction."""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA, KANAZAWA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    opened = shelter(made)
    opened.register(HANAKO)
    return opened


def hanako(desk: Desk) -> bytes:
    return desk.find("もり")[0].subject


def held_of(desk: Desk) -> NewPerson:
    return desk.amending.held(hanako(desk))


async def retype(pilot: Pilot[int], **fields: str) -> None:
    """Types over what stands in fields."""
    for name, text in fields.items():
        field = page(pilot).query_one(f"#{name}", Input)
        field.focus()
        await settle(pilot)
        await press(pilot, "end", *["backspace"] * len(field.value))
        await type_text(pilot, text)


def value(pilot: Pilot[int], name: str) -> str:
    return page(pilot).query_one(f"#{name}", Input).value


async def test_what_is_held_stands_there_to_be_typed_over(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        assert isinstance(page(pilot), Correction)
        names = ("family", "given", "family_kana", "given_kana", "birth", "sex", "address", "phone", "care")
        stands = [value(pilot, name) for name in names]
        assert stands[:-1] == ["森", "華子", "モリ", "ハナコ", "1948-05-03", "2", "河井町1-2", "0768-22-1111"]
        assert sorted(stands[-1]) == sorted("tw")
        await press(pilot, "f5")
        assert "直した欄がありません" in said(pilot)


async def test_only_what_was_typed_over_is_written_and_can_be_undone(desk: Desk) -> None:
    before = held_of(desk)
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "enter", "backspace", "backspace", *"花子")
        await retype(pilot, phone="09011112222")
        await press(pilot, "f5")
        assert isinstance(page(pilot), Person)
        assert "訂正しました。F8で取り消せます。" in said(pilot)
        assert "花子" in shown(pilot)
        assert held_of(desk) == replace(before, given_name="花子", phone="09011112222")
        await press(pilot, "f8")
        assert "訂正  1人  森 花子  本人、連絡先" in shown(pilot)
        await press(pilot, "enter")
        assert "訂正を取り消し" in said(pilot)
        assert "華子" in shown(pilot)
    assert held_of(desk) == before


async def test_a_capital_letter_opens_it_as_well_and_a_field_is_emptied(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"mori", "f6", "W")
        await retype(pilot, phone="", care="t")
        await press(pilot, "f5")
    held = held_of(desk)
    assert (held.phone, held.care_codes) == ("", ("dialysis",))


async def test_who_was_only_described_gets_a_name_and_keeps_the_description(desk: Desk) -> None:
    (subject,) = desk.register(NewPerson(description="赤い服", estimated_age=80)).subjects
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "end", "enter")
        await press(pilot, *(key for key in ("home", "enter") if not isinstance(page(pilot), Person)))
        while desk.person(subject).name not in shown(pilot):
            await press(pilot, "escape", "down", "enter")
        await press(pilot, "w")
        await retype(pilot, family="谷内", birth="S230503")
        assert value(pilot, "family_kana") != ""
        await press(pilot, "f5")
        assert "訂正しました" in said(pilot)
    view = desk.person(subject)
    assert (view.name, view.birth, view.description) == ("谷内", "1948-05-03", "赤い服")


async def test_what_was_changed_bears_a_mark_and_what_stood_before_is_told(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        assert "*" not in "".join(shown(pilot).split("\n")[4:])
        await retype(pilot, given="花子")
        line = next(line for line in shown(pilot).split("\n") if "花子" in line and "名" in line)
        assert "> *名" in line
        assert "前の内容: 華子" in shown(pilot)
        await retype(pilot, care="t")
        assert "前の内容: 人工透析" in shown(pilot)
        await retype(pilot, care="wt", given="華子")
        assert "*" not in "".join(shown(pilot).split("\n")[4:])


async def test_what_was_half_typed_is_offered_the_next_time(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        await retype(pilot, given="花子", phone="")
        await press(pilot, "escape")
        assert "途中の訂正を残しました" in said(pilot)
        await press(pilot, "w")
        assert isinstance(page(pilot), Choice)
        await press(pilot, "escape")
    desk.amending.correct(hanako(desk), held_of(desk), replace(held_of(desk), birth="1948-05-30"))
    again = made[FIELD].desk("tanaka", place=desk.place)
    async with desk_app(again).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED, "enter")
        assert isinstance(page(pilot), Correction)
        assert (value(pilot, "given"), value(pilot, "phone"), value(pilot, "birth")) == ("花子", "", "1948-05-30")
        await press(pilot, "f5")
        assert "訂正しました" in said(pilot)
        await press(pilot, "w")
        assert isinstance(page(pilot), Correction)
    held = held_of(desk)
    assert (held.given_name, held.phone, held.birth) == ("花子", "", "1948-05-30")


async def test_a_half_typed_correction_can_be_thrown_away(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        await retype(pilot, given="花子")
        await press(pilot, "escape", "w", "down", "enter")
        assert value(pilot, "given") == "華子"
        await press(pilot, "escape")
        assert "途中の訂正" not in said(pilot)


async def test_what_was_typed_in_one_burst_with_leaving_is_kept(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        for key in ("backspace", "守", "田", "escape", "escape"):
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)
    kept_now = desk.draft(f"correction:{hanako(desk).hex()}")
    assert kept_now == {"family": "守田"}


async def test_what_another_desk_wrote_meanwhile_is_shown_and_nothing_typed_is_lost(
    made: Federation, desk: Desk
) -> None:
    other = made[FIELD].desk("suzuki")
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        await retype(pilot, given="花子")
        held = other.amending.held(hanako(desk))
        other.amending.correct(hanako(desk), held, replace(held, birth="1948-05-30"))
        await press(pilot, "f5")
        assert isinstance(page(pilot), Correction)
        assert "ほかの人がこの人の記録を書きました" in said(pilot).replace("\n", "")
        assert (value(pilot, "given"), value(pilot, "birth")) == ("花子", "1948-05-30")
        await press(pilot, "f5")
        assert isinstance(page(pilot), Person)
    held = held_of(desk)
    assert (held.given_name, held.birth) == ("花子", "1948-05-30")


async def test_a_refusal_puts_its_field_in_hand(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        await retype(pilot, birth="13gatsu")
        await press(pilot, "enter", "enter", "f5")
        assert isinstance(page(pilot), Correction)
        assert page(pilot).focused is page(pilot).query_one("#birth")
        assert "! *生年月日" in shown(pilot)
        await retype(pilot, birth="1948-05-03", age="75")
        await press(pilot, "f5")
        assert "生年月日が分からない人だけ" in said(pilot)
        assert page(pilot).focused is page(pilot).query_one("#age")
        await retype(pilot, age="", family="", given="", family_kana="", given_kana="")
        await press(pilot, "f5")
        assert page(pilot).focused is page(pilot).query_one("#family")
    assert held_of(desk).birth == "1948-05-03"


async def test_what_cannot_be_read_is_asked_about_once(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *OPENED)
        await retype(pilot, phone="1")
        await press(pilot, "f5")
        assert isinstance(page(pilot), Choice)
        await press(pilot, "down", "enter")
        assert isinstance(page(pilot), Person)
    assert held_of(desk).phone == "1"


async def test_whom_only_the_register_knows_is_not_corrected(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"ooy", "f6", "w")
        assert isinstance(page(pilot), Person)
        assert "先に受け付けてください" in said(pilot).replace("\n", "")


async def test_what_contradicts_itself_is_refused_in_words(made: Federation, tmp_path: Path) -> None:
    with federation(tmp_path / "two", WAJIMA, KANAZAWA) as two:
        desk, _ = contradiction(two)
        async with desk_app(desk).run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, *OPENED)
            await retype(pilot, given="花")
            await press(pilot, "f5")
            assert "（本人）は、二通りに書かれて" in said(pilot).replace("\n", "")
            assert value(pilot, "given") == "花"


def test_what_no_field_shows_stays_as_it_is() -> None:
    held = replace(HANAKO, care_codes=("dialysis", "of-a-newer-version"), postcode="9280001", description="a\nb")
    fields = fields_of(held)
    assert changes(fields, fields) == {}
    changed = changes(fields, fields | {"care": "w", "found": "港", "sex": "w"})
    assert changed == {"care": "w", "found": "港"}
    assert kept_changes(kept(changed | {"phone": ""})) == changed | {"phone": ""}
    assert correction(held, changed) == replace(held, care_codes=("wheelchair", "of-a-newer-version"), found_where="港")


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_correction_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    steps = [OPENED[:-1], ("w",), ("backspace", "林"), *[("enter",)] * 6, (*"12", "enter"), *[("enter",)] * 5]
    steps += [("f1",), ("escape",), ("escape",), ("w",), ("enter",), ("f5",), ("f8",)]
    await walk(desk_app(desk, language=language), [(), *steps], over=[Correction, Person, Choice])


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_all_keys_of_a_person_are_whole_also_where_something_contradicts_itself(
    tmp_path: Path, language: str
) -> None:
    with federation(tmp_path, WAJIMA, KANAZAWA) as two:
        steps = [(), OPENED[:-1], ("w",), ("enter", "x", "f5"), ("f5",)]
        await walk(desk_app(contradiction(two)[0], language=language), steps, over=[Person, Correction])
