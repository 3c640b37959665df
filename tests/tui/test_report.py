"""The status of a shelter on a real desk: filled in from the roster, unknown is not 0, one key says the same again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from node.desk.desk import Desk
from node.desk.reporting import Counted
from node.desk.views import NewPerson
from node.errors import FieldRefused
from node.people.facets import Status
from tests.builders.nodes import Federation, federation
from tests.builders.screens import clipped, desk_app, page, press, said, settle, shown, type_text
from tests.builders.shelter import FIELD, shelter
from tests.builders.trust import NOW_MS, WAJIMA
from tests.tui.test_walk import walk
from tui.dialogs.place import Places
from tui.report.screen import Report
from tui.report.typed import COUNTS, fields_of, observed_ms, status_of

MINUTE_MS = 60_000


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path, WAJIMA) as federated:
        yield federated


@pytest.fixture
def desk(made: Federation) -> Desk:
    found = shelter(made)
    found.check_in([person.subject for text in ("ヤマギシ", "オオヤチ") for person in found.find(text)])
    return found


def reported(desk: Desk) -> Status:
    last = desk.reports.last()
    assert last is not None
    return last


def test_the_roster_is_counted(desk: Desk) -> None:
    assert desk.reports.counted() == Counted(headcount=5, men=2, women=3, sex_unknown=0, households=2)


def test_who_has_two_entries_is_counted_once(desk: Desk) -> None:
    (known,) = desk.find("オオヤチ")
    (twice,) = desk.register(NewPerson(family_name="大谷内", given_name="由美子", sex=2)).subjects
    assert desk.reports.counted().headcount == 6
    desk.duplicates.same(known.subject, twice)
    assert desk.reports.counted() == Counted(headcount=5, men=2, women=3, sex_unknown=0, households=2)
    assert len(desk.roll_calls.begin().people) == 5


async def test_one_key_reports_what_the_roster_knows(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "f5")
        last = reported(desk)
        assert (last.headcount, last.men, last.women, last.sex_unknown, last.households) == (5, 2, 3, 0, 2)
        assert (last.outside_people, int(last.opening), int(last.water)) == (None, 1, 0)
        assert desk.places(desk.place_name)[0].headcount == 5


async def test_what_is_typed_is_reported_as_seen_then(made: Federation, desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2")
        await press(pilot, *["backspace"] * 4, *"0001", "enter", "enter")
        await press(pilot, "backspace", "9", *["enter"] * 5, "4", "enter", "2", "3", "m", "i", "enter")
        await type_text(pilot, "cold")
        await press(pilot, "f5")
        last = reported(desk)
        assert (last.headcount, last.outside_people) == (9, 4)
        assert (int(last.water), int(last.food), last.communications, last.text) == (
            2,
            3,
            ("mobile", "internet"),
            "cold",
        )
        assert last.observed_at_ms <= made.time()


async def test_the_same_again_is_one_key_and_seen_now(made: Federation, desk: Desk) -> None:
    desk.reports.report(Status(observed_at_ms=made.time(), headcount=7, text="cold"))
    made.time.later(minutes=120)
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "f6")
    last = reported(desk)
    assert (last.headcount, last.text, last.observed_at_ms) == (7, "cold", made.time())


async def test_there_is_no_same_again_the_first_time(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "f6")
        assert "まだ報告されていません" in said(pilot)
    assert desk.reports.last() is None


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_desk_that_stands_nowhere_has_no_figures_and_is_asked_where(
    made: Federation, desk: Desk, language: str
) -> None:
    nowhere = made[FIELD].desk("tanaka")
    assert not nowhere.place
    async with desk_app(nowhere, language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "escape", "f10", "2")
        assert ("選ばれていない" if language == "ja" else "No shelter was chosen") in shown(pilot)
        assert clipped(pilot) == []
        assert {page(pilot).query_one(f"#{name}", Input).value for name in COUNTS} == {""}
        page(pilot).query_one("#outside_people", Input).value = "4"
        await press(pilot, "f5", "escape")
        assert ("何も報告していません" if language == "ja" else "Nothing was reported") in said(pilot)
        await press(pilot, "f6")
        assert isinstance(page(pilot), Places)
        await press(pilot, "enter")
        assert nowhere.place == desk.place
        assert page(pilot).query_one("#headcount", Input).value == "5"
        assert page(pilot).query_one("#outside_people", Input).value == "4"
        assert desk.reports.last() is None
        await press(pilot, "f5")
    assert (reported(desk).headcount, reported(desk).outside_people) == (5, 4)


async def test_what_was_typed_and_not_saved_is_there_after_a_closed_lid(desk: Desk) -> None:
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "enter", "enter", "backspace", "8")
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2")
        assert "残っていました" in said(pilot)
        await press(pilot, "f5")
    assert reported(desk).headcount == 8
    assert desk.draft(f"status:{desk.place.hex()}") is None


async def test_a_count_that_is_none_is_refused_with_its_field_in_hand(desk: Desk) -> None:
    async with desk_app(desk, language="en").run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "enter", "enter", "x", "f5")
        assert "empty is unknown" in said(pilot)
        assert "! People" in shown(pilot)
    assert desk.reports.last() is None


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_it_is_whole_at_eighty_by_twenty_four(desk: Desk, language: str) -> None:
    steps = [("f10",), ("2",), *[("enter",)] * 12, ("m", "i"), ("f1",), ("escape", "f5"), ("f6",)]
    await walk(desk_app(desk, language=language), steps, over=[Report])


def test_an_empty_count_is_unknown_and_digits_may_be_wide() -> None:
    status = status_of({"headcount": "１２", "men": "", "observed": ""}, NOW_MS)
    assert (status.headcount, status.men, status.observed_at_ms) == (12, None, NOW_MS)


@pytest.mark.parametrize("typed", ["2460", "18時", "99", "12:6"])
def test_a_time_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(FieldRefused):
        observed_ms(typed, NOW_MS)


def test_a_time_later_than_now_was_yesterday() -> None:
    ahead = observed_ms("2359", NOW_MS)
    assert NOW_MS - 24 * 60 * MINUTE_MS < ahead <= NOW_MS


def test_the_field_of_a_count_that_is_none_is_named() -> None:
    with pytest.raises(FieldRefused, match="men"):
        status_of({"men": "-1"}, NOW_MS)


def test_what_was_said_last_is_what_the_form_begins_with() -> None:
    last = Status(observed_at_ms=NOW_MS, water=3, communications=("radio", "satellite"), text="x", outside_people=0)
    fields = fields_of(last, Counted(3, 1, 1, 1, 2), NOW_MS)
    assert (fields["headcount"], fields["outside_people"]) == ("3", "0")
    assert (fields["water"], fields["communications"], fields["text"]) == ("3", "rs", "x")
