"""Reception: what the desk is asked for what is typed, and that nothing typed is lost."""

import re
from dataclasses import replace
from datetime import date

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from node.desk.resemblance import Resemblance
from node.desk.views import Done, NewPerson
from node.errors import BirthDateRefused, FieldRefused, NothingToGoBy
from tests.builders.desk import THERE, FakeDesk, neighbours
from tests.builders.screens import (
    NAMED,
    SIZE,
    clipped,
    desk_app,
    page,
    press,
    said,
    segments,
    settle,
    shown,
    type_text,
)
from tui.dialogs.choice import Choice
from tui.dialogs.help import Help
from tui.dialogs.place import Places
from tui.dialogs.turned import Turned
from tui.drafts import NEW_PERSON
from tui.lines import Lines
from tui.reception.amiss import amiss
from tui.reception.form import NewForm
from tui.reception.household import Household
from tui.reception.prefill import prefill, readings
from tui.reception.refusal import field_refused
from tui.reception.screen import Reception
from tui.reception.similar import Similar
from tui.reception.typed import SEX, is_unread

FAMILY = [number.to_bytes(16, "big") for number in (1, 2, 3, 4)]


async def test_a_known_household_of_four_takes_at_most_twelve_keys() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        keys = [*"yam", "enter", "enter"]
        await press(pilot, *keys)
        assert desk.acts("check_in") == [(tuple(FAMILY), 0)]
        assert len(keys) <= 12
        assert isinstance(page(pilot), Reception)
        assert page(pilot).query_one("#search", Input).value == ""
        assert "4人" in said(pilot)


async def test_an_enter_that_comes_before_the_answer_waits_for_it() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"yama", "enter")
        await settle(pilot)
        assert isinstance(page(pilot), Household)


async def test_someone_unticked_is_not_checked_in() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter", "down", "space", "enter")
        assert desk.acts("check_in") == [((FAMILY[0], FAMILY[2], FAMILY[3]), 0)]


async def test_those_who_sleep_in_a_car_are_checked_in_outside() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter", "f7")
        assert "この避難所の名簿には入らず" in "".join(shown(pilot).split())
        assert clipped(pilot) == []
        await press(pilot, "2")
        assert desk.acts("check_in") == [(tuple(FAMILY), 2)]


async def test_a_household_already_here_is_not_checked_in_again_by_habit() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yamazakiha", "enter", "enter")
        assert desk.acts("check_in") == []
        assert isinstance(page(pilot), Household)


async def test_over_capacity_is_said_and_never_refuses() -> None:
    desk = FakeDesk(warnings=("OVER_CAPACITY",))
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter", "enter")
        assert len(desk.acts("check_in")) == 1
        assert "定員" in said(pilot)


async def test_nobody_found_opens_the_form_with_what_was_typed() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "suzuki")
        await press(pilot, "enter")
        assert isinstance(page(pilot), NewForm)
        assert page(pilot).query_one("#family_kana", Input).value == "スズキ"


async def test_escape_keeps_what_was_typed_in_the_search_field() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter", "escape")
        assert page(pilot).query_one("#search", Input).value == "yama"
        await press(pilot, "escape")
        assert page(pilot).query_one("#search", Input).value == "yama"


async def test_what_was_typed_outlives_a_look_at_another_screen() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "木", "f3", "f2")
        assert isinstance(page(pilot), NewForm)
        assert page(pilot).query_one("#family", Input).value == "鈴木"


async def test_a_new_person_is_registered_as_typed() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "木", "enter", "花", "子", "enter", "enter", "enter")
        await type_text(pilot, "S230503")
        await press(pilot, "enter", "2", "full_stop", "x", "enter")
        await type_text(pilot, "0768221111")
        await press(pilot, "enter", "t", "w", "enter", "y", "f5")
        (registered,) = desk.acts("register")
        assert registered == NewPerson(
            family_name="鈴木",
            given_name="花子",
            family_kana="スズキ",
            given_kana="ハナコ",
            birth="S230503",
            sex=2,
            address="輪島市x",
            phone="0768221111",
            care_codes=("dialysis", "wheelchair"),
            share=True,
        )
        assert isinstance(page(pilot), Reception)


async def test_a_new_person_takes_at_most_sixty_keys_beyond_name_and_address() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        keys = ["f5", "enter", "enter", "enter", "enter", *"19480503", "enter", "2", "full_stop", "enter"]
        keys += [*"0768221111", "enter", "t", "w", "enter", "y", "enter", "f5"]
        await press(pilot, *keys[:1], "森", *keys[1:2], "花", *keys[2:])
        assert len(desk.acts("register")) == 1
        assert len(keys) <= 60


async def test_what_is_typed_in_one_burst_behind_the_town_or_the_last_address_is_kept() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森")
        page(pilot).query_one("#address", Input).focus()
        await burst(pilot, ".kawai")
        assert page(pilot).query_one("#address", Input).value == "輪島市kawai"
        await press(pilot, "f6", "花")
        page(pilot).query_one("#address", Input).value = ""
        page(pilot).query_one("#address", Input).focus()
        await burst(pilot, "=0768")
        assert page(pilot).query_one("#address", Input).value == "輪島市kawai"
        assert page(pilot).query_one("#phone", Input).value == "0768"


async def test_where_there_is_no_last_address_that_is_said() -> None:
    async with desk_app(FakeDesk()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森")
        page(pilot).query_one("#address", Input).focus()
        await press(pilot, "equals_sign")
        assert "前の人の住所がまだありません" in said(pilot)
        assert page(pilot).query_one("#address", Input).has_focus


async def test_who_lives_elsewhere_is_said_to_be_told_to_their_own_town() -> None:
    async with desk_app(FakeDesk()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森")
        page(pilot).query_one("#address", Input).focus()
        await type_text(pilot, "珠洲市飯田町")
        assert "石川県珠洲市に住んでいる人として" in shown(pilot)


async def test_up_goes_back_a_field_and_down_goes_on_where_there_is_no_other_reading() -> None:
    async with desk_app(FakeDesk()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "down", "花", "up", "up")
        assert page(pilot).focused is page(pilot).query_one("#family")
        await press(pilot, "down", "down")
        assert page(pilot).focused is page(pilot).query_one("#family_kana")


async def burst(pilot: Pilot[int], text: str) -> None:
    """Types it as a line that stalled delivers it: all at once."""
    for character in text:
        pilot.app.post_message(events.Key(NAMED.get(character, character), character))
    await settle(pilot)


async def test_the_next_member_keeps_what_the_household_shares() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "木", "enter", "花", "enter", "enter", "enter", "enter", "2", "full_stop", "f6")
        assert isinstance(page(pilot), NewForm)
        await press(pilot, "実", "f5")
        first, second = (about for about in desk.acts("register") if isinstance(about, NewPerson))
        assert (second.family_name, second.family_kana, second.address) == ("鈴木", "スズキ", "輪島市")
        assert (second.given_name, second.sex, second.share) == ("実", 0, None)
        assert first.household == b""
        assert second.household == desk.people[-2].household
        assert "2人" in said(pilot)


@pytest.mark.parametrize(
    ("typed", "field"), [("19480503", "birth"), ("0768221111", "phone"), ("783900050", "phone"), ("1948", "birth")]
)
def test_a_number_that_found_nobody_is_never_a_name(typed: str, field: str) -> None:
    assert prefill(typed, date(2024, 1, 3)) == {field: typed}


async def test_a_description_alone_is_enough() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        page(pilot).query_one("#description", Input).focus()
        await press(pilot, "赤", "い", "服", "enter", "7", "f5")
        (registered,) = desk.acts("register")
        assert registered == NewPerson(description="赤い服", estimated_age=7)


async def test_someone_alike_is_shown_before_saving() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "山", "岸", "enter", "和", "子", "f5")
        assert isinstance(page(pilot), Similar)
        assert desk.acts("register") == []
        await press(pilot, "down", "enter")
        typed = NewPerson(family_name="山岸", given_name="和子", family_kana="ヤマギシ", given_kana="カズコ")
        assert desk.acts("recognise") == [(FAMILY[1], typed, frozenset())]
        assert desk.acts("register") == []


async def test_someone_alike_can_be_registered_all_the_same() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "山", "岸", "enter", "和", "子", "f5", "f5")
        assert len(desk.acts("register")) == 1


async def test_a_half_typed_form_survives_a_closed_lid() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "木", "enter", "花")
    kept = {"family": "鈴木", "given": "花", "family_kana": "スズキ", "in_hand": "given"}
    assert desk.drafts[NEW_PERSON] == kept
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(page(pilot), Choice)
        await press(pilot, "enter")
        assert page(pilot).query_one("#family", Input).value == "鈴木"
        assert page(pilot).query_one("#given", Input).value == "花"


@pytest.mark.parametrize(
    ("keys", "in_hand"),
    [
        (("鈴", "木", "enter", "花"), "given"),
        (("鈴", "木", *["enter"] * 5, "2", "輪", "島"), "address"),
        (("鈴", "木", *["enter"] * 5, "2"), "address"),
        (("鈴", "木", *["enter"] * 6, "輪", "島", "enter", *["shift+tab"] * 3, "5", "3"), "birth"),
    ],
)
async def test_a_draft_goes_on_where_it_was_broken_off(keys: tuple[str, ...], in_hand: str) -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5", *keys, "escape", "f5", "enter")
        assert page(pilot).focused is page(pilot).query_one(f"#{in_hand}")
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        field = page(pilot).query_one(f"#{in_hand}", Input)
        assert page(pilot).focused is field
        assert field.cursor_position == len(field.value)


async def test_a_draft_that_does_not_tell_goes_on_with_the_first_empty_field() -> None:
    desk = FakeDesk()
    desk.save_draft(NEW_PERSON, {"family": "鈴木", "family_kana": "スズキ"})
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert page(pilot).focused is page(pilot).query_one("#given")


async def test_a_saved_form_leaves_no_draft() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "木", "f5")
    assert desk.drafts == {}


async def test_escape_from_the_form_keeps_it() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "escape", "f5", "enter")
        assert page(pilot).query_one("#family", Input).value == "鈴"


async def test_kana_typed_as_romaji_become_kana() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "enter", "enter")
        await type_text(pilot, "sakaguchi")
        await press(pilot, "enter")
        assert page(pilot).query_one("#family_kana", Input).value == "サカグチ"


async def test_a_family_that_is_called_as_its_town_is_has_its_reading_and_an_unlisted_one_is_said_to_have_none() -> (
    None
):
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "輪", "島", "enter", "enter")
        assert page(pilot).query_one("#family_kana", Input).value == "ワジマ"
        await press(pilot, "shift+tab", "shift+tab", "ctrl+u", "鑿", "鑿", "enter", "enter", "ctrl+u")
        assert "この名前の読みは一覧にありません" in shown(pilot)
        assert clipped(pilot) == []


async def test_the_kana_of_a_name_that_was_searched_come_without_its_field_being_left() -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await type_text(pilot, "輪島")
        await press(pilot, "enter")
        assert page(pilot).query_one("#family", Input).value == "輪島"
        assert page(pilot).query_one("#family_kana", Input).value == "ワジマ"
        assert page(pilot).focused is page(pilot).query_one("#given")


@pytest.mark.parametrize(
    ("searched", "first"),
    [("鈴木 花子", "birth"), ("0768221111", "family"), ("19480503", "family"), ("suzuki", "given")],
)
async def test_the_form_begins_in_the_first_field_still_to_be_filled(searched: str, first: str) -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await type_text(pilot, searched)
        await press(pilot, "enter")
        assert isinstance(page(pilot), NewForm)
        assert page(pilot).focused is page(pilot).query_one(f"#{first}")


async def test_what_was_searched_can_be_typed_on_at_its_end() -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "鈴", "enter", "shift+tab", "木")
        assert page(pilot).query_one("#family", Input).value == "鈴木"


async def test_another_reading_of_the_name_is_one_key_away() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "弘", "enter", "enter")
        kana = page(pilot).query_one("#given_kana", Input)
        first = kana.value
        await press(pilot, "down")
        assert first == "ヒロシ"
        assert kana.value in readings("given", "弘")
        assert kana.value != first


async def test_a_reading_typed_by_hand_is_not_replaced() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(
            pilot, "f5", "山", "崎", "enter", "enter", "ctrl+u", "ヤ", "マ", "shift+tab", "shift+tab", "x", "enter"
        )
        assert page(pilot).query_one("#family_kana", Input).value == "ヤマ"


async def test_a_refusal_is_told_and_the_form_stays() -> None:
    class Refusing(FakeDesk):
        def register(self, person: NewPerson, *, place: bytes | None = None) -> Done:
            raise NothingToGoBy

    async with desk_app(Refusing()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "f5")
        assert isinstance(page(pilot), NewForm)
        assert said(pilot)


async def test_what_was_said_of_a_check_in_is_said_in_the_other_language_too() -> None:
    desk = FakeDesk(warnings=("OVER_CAPACITY",))
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter", "enter")
        assert "4人" in said(pilot)
        await press(pilot, "f9")
        assert said(pilot).startswith("Checked in: 4.")
        assert "capacity" in said(pilot)


async def test_undo_takes_back_the_last_act() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter", "enter", "f8", "enter")
        assert desk.acts("undo") == [b"check_in2"]


async def test_where_a_protected_person_is_does_not_stand_in_the_hits() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "ooyachi")
        assert "大谷内" in shown(pilot)
        assert "[秘匿]" in shown(pilot)
        hit = next(line for line in shown(pilot).splitlines() if "大谷内" in line)
        assert "河井" not in hit
        assert "ここ" not in hit


async def test_a_desk_without_a_place_asks_for_one_and_can_make_it() -> None:
    desk = FakeDesk(place=b"")
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(page(pilot), Places)
        await press(pilot, "down", "enter")
        assert desk.place == b"place-otani-0002"


async def test_a_question_mark_in_an_empty_field_asks_for_help() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        assert isinstance(page(pilot), Help)
        await press(pilot, "escape", "y", "question_mark")
        assert page(pilot).query_one("#search", Input).value == "y?"


async def test_the_language_changes_under_a_half_typed_form() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "f9")
        assert "Someone new" in shown(pilot)
        assert page(pilot).query_one("#family", Input).value == "鈴"
        await press(pilot, "escape")
        assert "Type a name" in shown(pilot)


async def test_a_name_with_square_brackets_is_shown_as_it_is() -> None:
    odd = replace(neighbours()[0], family_name="[b]山", subject=b"x" * 16)
    async with desk_app(FakeDesk(people=[odd])).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, "山")
        assert "[b]山" in shown(pilot)


async def test_more_hits_than_are_shown_are_not_told_as_all() -> None:
    many = [replace(neighbours()[0], subject=number.to_bytes(16, "big")) for number in range(1, 26)]
    async with desk_app(FakeDesk(people=many)).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "山")
        assert "20人まで表示しています" in shown(pilot)
        assert "見つかりました" not in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "f9")
        assert "The first 20 are shown" in shown(pilot)


async def test_exactly_as_many_hits_as_are_shown_are_all() -> None:
    many = [replace(neighbours()[0], subject=number.to_bytes(16, "big")) for number in range(1, 21)]
    async with desk_app(FakeDesk(people=many)).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "山")
        assert "20人見つかりました" in shown(pilot)


async def test_searching_again_clears_what_was_said_before() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter", "enter", "f8", "enter")
        assert "取り消しました" in said(pilot)
        await press(pilot, "y")
        assert said(pilot) == ""


async def test_a_birth_date_that_is_none_is_said_to_be_none_while_typing() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "enter", "enter", "enter", "enter")
        await type_text(pilot, "S999999")
        assert "生年月日として読めません。直すか、空けてください。" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "f9")
        assert "Correct it or leave it empty." in shown(pilot)
        assert clipped(pilot) == []


UNREAD = [
    ("birth", "S999999", "生年月日として読めません"),
    ("phone", "22-11", "電話番号として読めません"),
    ("care", "tqz", "「qz」という文字はありません"),
    ("age", "abc", "数字で"),
    ("family_kana", "山", "姓カナはカナとして読めません"),
]


@pytest.mark.parametrize(("field", "typed", "told"), UNREAD)
async def test_what_can_not_be_read_is_said_when_its_field_is_left_and_stops_nobody(
    field: str, typed: str, told: str
) -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        page(pilot).query_one(f"#{field}", Input).focus()
        await type_text(pilot, typed)
        assert said(pilot) == ""
        await press(pilot, "tab")
        assert told in said(pilot).replace("\n", "")
        assert "! " in shown(pilot)
        assert clipped(pilot) == []
        page(pilot).query_one("#description", Input).focus()
        await press(pilot, "y")
        assert page(pilot).query_one("#description", Input).value == "y"
        assert told in said(pilot).replace("\n", "")
        await press(pilot, "f9")
        assert told not in said(pilot)
        assert said(pilot)
        page(pilot).query_one(f"#{field}", Input).focus()
        await press(pilot, "ctrl+u", "tab")
        assert said(pilot) == ""
        assert "! " not in shown(pilot)


async def test_what_can_not_be_read_is_asked_about_once_before_saving_and_nothing_is_left_out_unsaid() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森")
        for field, typed in (("phone", "22-11"), ("care", "tq")):
            page(pilot).query_one(f"#{field}", Input).focus()
            await type_text(pilot, typed)
        await press(pilot, "f5")
        assert isinstance(page(pilot), Choice)
        assert "22-11" in shown(pilot)
        assert "「q」" in shown(pilot)
        await press(pilot, "2")
        (registered,) = desk.acts("register")
        assert isinstance(registered, NewPerson)
        assert (registered.phone, registered.care_codes) == ("22-11", ("dialysis",))


async def test_a_refusal_at_saving_stands_beside_what_else_can_not_be_read() -> None:
    async with desk_app(RefusingTheBirth()).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森")
        for field, typed in (("phone", "22-11"), ("birth", "9")):
            page(pilot).query_one(f"#{field}", Input).focus()
            await type_text(pilot, typed)
        await press(pilot, "f5")
        assert page(pilot).focused is page(pilot).query_one("#birth")
        assert "生年月日として読めません" in said(pilot)
        assert "電話番号として読めません" in said(pilot).replace("\n", "")
        assert "! 電話" in shown(pilot)
        assert clipped(pilot) == []


@pytest.mark.parametrize(
    ("typed", "unread"), [("０７６８−２２−１１１１", False), ("+81 768 22 1111", False), ("o768221111", True)]
)
def test_a_phone_number_is_digits_of_any_width_with_an_area_code(typed: str, unread: bool) -> None:
    assert ("phone" in amiss({"phone": typed}, date(2024, 1, 3))) is unread


async def test_the_visitor_can_read_what_the_form_asks_them_to_consent_to() -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森")
        page(pilot).query_one("#share", Input).focus()
        await press(pilot, "ctrl+e")
        assert isinstance(pilot.app.screen, Turned)
        assert "森" not in shown(pilot)
        assert "guardian" in shown(pilot)
        await press(pilot, "escape", "y")
        assert page(pilot).query_one("#share", Input).value == "y"
        page(pilot).query_one("#birth", Input).focus()
        await type_text(pilot, "19480503")
        await press(pilot, "ctrl+e")
        assert "guardian" not in shown(pilot)


class RefusingTheBirth(FakeDesk):
    """Refuses every birth date, as a desk does one it can't read."""

    def similar(self, person: NewPerson) -> list[Resemblance]:
        raise BirthDateRefused(rule="shape")


async def test_a_refused_birth_date_has_the_focus_and_a_mark_until_something_is_typed() -> None:
    async with desk_app(RefusingTheBirth()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "enter", "enter", "enter", "9", "enter", "1", "f5")
        assert page(pilot).focused is page(pilot).query_one("#birth")
        assert "! 生年月日" in shown(pilot)
        assert "生年月日として読めません" in said(pilot)
        assert clipped(pilot) == []
        await press(pilot, "8")
        assert said(pilot) == ""
        assert "! 生年月日" not in shown(pilot)


async def test_a_refusal_is_cleared_by_what_is_typed_in_any_field() -> None:
    async with desk_app(RefusingTheBirth()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "f5", "enter")
        assert said(pilot)
        await press(pilot, "2")
        assert said(pilot) == ""


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (BirthDateRefused(rule="shape"), "birth"),
        (FieldRefused(field="family_name", rule="controls"), "family"),
        (FieldRefused(field="contact.phone", rule="shape"), "phone"),
        (FieldRefused(field="guardian_relation", rule="missing"), "guardian"),
        (FieldRefused(field="-", rule="encoding"), None),
        (ValueError(), None),
    ],
)
def test_a_refusal_names_a_field_of_the_form(error: Exception, field: str | None) -> None:
    assert field_refused(error) == field


@pytest.mark.parametrize(("field", "choices"), [("sex", "1 男・2 女・0 不明・9 適用不能"), ("share", "y 同意する")])
async def test_a_key_that_is_no_choice_is_answered_with_the_choices(field: str, choices: str) -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        one_key = page(pilot).query_one(f"#{field}", Input)
        one_key.focus()
        await press(pilot, "5")
        assert choices in said(pilot)
        assert (page(pilot).focused, one_key.value) == (one_key, "")
        assert clipped(pilot) == []
        await press(pilot, "f9", "5")
        assert clipped(pilot) == []
        await press(pilot, "２")
        assert said(pilot) == ""
        assert one_key.value == "2"


@pytest.mark.parametrize("key", ["backspace", "shift+tab"])
async def test_an_empty_one_key_field_can_be_left_backwards(key: str) -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        page(pilot).query_one("#sex", Input).focus()
        await press(pilot, key)
        assert page(pilot).focused is page(pilot).query_one("#birth")


async def test_backspace_takes_a_one_key_answer_back_before_it_goes_back() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        sex = page(pilot).query_one("#sex", Input)
        sex.focus()
        await press(pilot, "1", "shift+tab", "backspace")
        assert (page(pilot).focused, sex.value) == (sex, "")


@pytest.mark.parametrize("typed", ["山田", "zzzz"])
async def test_what_is_no_kana_is_said_and_asked_about_once_before_saving(typed: str) -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "森", "enter", "enter", "ctrl+u")
        await type_text(pilot, typed)
        assert "カナとして読めません" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "enter", "f5")
        assert isinstance(page(pilot), Choice)
        assert typed in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "enter")
        assert desk.acts("register") == []
        assert page(pilot).focused is page(pilot).query_one("#family_kana")
        await press(pilot, "f5", "2")
        (registered,) = desk.acts("register")
        assert registered == NewPerson(family_name="森", family_kana=typed)


@pytest.mark.parametrize(
    ("typed", "unread"),
    [
        *((text, False) for text in ("", "yamada", "やまだ", "ﾔﾏﾀﾞ", "ko-hi-", "ケn")),
        *((text, True) for text in ("花子", "qqq", "12", "lee", "nguyen", "Jean-Pierre", "ん lee")),
    ],
)
def test_kana_and_romaji_are_readings_and_nothing_else_is(typed: str, unread: bool) -> None:
    assert is_unread(typed) is unread


async def test_where_no_shelter_was_chosen_it_is_asked_before_anybody_is_checked_in() -> None:
    desk = FakeDesk()
    desk.place = b""
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "escape")
        await type_text(pilot, "yamagishi")
        await press(pilot, "down", "enter", "enter", "escape")
        assert desk.acts("check_in") == []
        assert "避難所" in said(pilot)
        await press(pilot, "enter", "down", "enter")
        assert desk.acts("use_place") == [THERE]
        assert len(desk.acts("check_in")) == 1


async def test_the_shelter_can_be_chosen_anew_from_a_main_screen() -> None:
    desk = FakeDesk()
    async with desk_app(desk, language="en").run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+p", "down", "enter")
        assert desk.acts("use_place") == [THERE]


@pytest.mark.parametrize(("language", "mark"), [("ja", "同一2件"), ("en", "2 linked")])
async def test_a_hit_of_several_entries_is_marked(language: str, mark: str) -> None:
    people = [replace(each, entries=2) if each.given_name == "正一" else each for each in neighbours()]
    async with desk_app(FakeDesk(people=people), language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await type_text(pilot, "yamagishi")
        assert shown(pilot).count(mark) == 1


async def test_a_word_to_be_typed_anew_is_seen_to_be_one_and_counts_as_gone() -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yama")
        assert not reversed_text(pilot)
        await press(pilot, "escape")
        assert reversed_text(pilot) == "yama"
        assert page(pilot).query_one("#hits", Lines).option_count == 0
        await press(pilot, "f6")
        assert isinstance(page(pilot), Reception)
        await press(pilot, "f5")
        assert isinstance(page(pilot), NewForm)
        assert [field.value for field in page(pilot).query(Input) if field.value] == []


async def test_a_word_that_is_wanted_after_all_is_found_again() -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "escape", "end")
        assert page(pilot).query_one("#hits", Lines).option_count > 0
        await press(pilot, "escape", *"xyz")
        assert page(pilot).query_one("#search", Input).value == "xyz"
        assert "xyz" in shown(pilot)


async def test_who_has_left_is_not_ticked_and_that_is_said() -> None:
    home, *others = neighbours()
    desk = FakeDesk(people=[home, replace(others[0], stay_state=3), *others[1:]])
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"yama", "enter")
        assert "退所した人には印をつけていません" in said(pilot)
        await press(pilot, "enter")
        assert desk.acts("check_in") == [((FAMILY[0], FAMILY[2], FAMILY[3]), 0)]


def reversed_text(pilot: Pilot[int]) -> str:
    """What is painted with ink and paper exchanged, which needs no colours to be seen."""
    return "".join(
        segment.text for line in segments(pilot) for segment in line if segment.style and segment.style.reverse
    )


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_each_key_of_sex_stands_beside_the_field_and_in_its_advice(language: str) -> None:
    async with desk_app(language=language).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, *"xyz", "enter")
        words = page(pilot).words
        for word in ("form.sex_keys", "advice.sex", "form.sex_choices"):
            assert set(re.findall(r"\d", words(word))) == set(SEX.values())
        assert words("form.sex_keys") in shown(pilot)
        assert clipped(pilot) == []


@pytest.mark.parametrize("typed", ["xyz", "smith", "wong", "lee"])
async def test_what_is_no_japanese_name_is_no_reading(typed: str) -> None:
    async with desk_app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await type_text(pilot, typed)
        await press(pilot, "enter")
        fields = {field.id: field.value for field in page(pilot).query(Input) if field.value}
        assert fields == {"family": typed}


async def test_what_was_only_searched_is_no_draft() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await type_text(pilot, "suzuki")
        await press(pilot, "enter", "enter", "enter", "escape")
        assert desk.drafts == {}
        assert "書きかけ" not in said(pilot)
        await press(pilot, "f5")
        assert isinstance(page(pilot), NewForm)
        await press(pilot, "花", "escape")
        assert desk.drafts[NEW_PERSON]["given"] == "花"
        await press(pilot, "f5", "enter", "escape")
        assert desk.drafts[NEW_PERSON]["given"] == "花"


async def test_what_a_household_shares_is_no_draft_of_its_next_member() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "鈴", "木", "enter", "花", "f6", "escape")
        assert desk.drafts == {}
