"""Applications, decisions and emergencies on the screen: each needs the key, and so a word or its passphrase."""

from pathlib import Path

import pytest
from textual.widgets import Static

from node.chance import entropy
from node.trust.keyfile import ORGANISATION, change_passphrase
from tests.builders.office import Offices
from tests.builders.screens import clipped, coordinate_app, page, press, said, settle, shown, type_text
from tests.builders.trust import ISHIKAWA
from tui.applications.authority import Passphrase
from tui.applications.typed import (
    FACET_LETTERS,
    USUAL,
    area_of,
    facets_of,
    facets_told,
    letters_of,
    parties_like,
)
from tui.dialogs.typed_word import TypedWord
from tui.words import Words


async def test_what_waits_for_a_decision_here_is_granted_for_fewer_facets(both: Offices) -> None:
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2")
        assert "要決定" in shown(pilot)
        await press(pilot, "enter", "backspace", "backspace", "7", "enter", "backspace", "f5", *"mitomeru", "enter")
        assert "認めました" in said(pilot)
    (view,) = both.town.decisions.agreements()
    assert (view.outcome, view.facets) == ("granted", ("identity", "stay"))
    assert view.until_ms == both.made.time() + 7 * 86_400_000


async def test_enter_alone_decides_nothing(both: Offices) -> None:
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "enter", "f5", "enter")
        assert isinstance(page(pilot), TypedWord)
        await press(pilot, "escape")
    assert [view.outcome for view in both.town.decisions.agreements()] == ["open"]


async def test_a_refusal_and_an_end_are_said(both: Offices) -> None:
    async with coordinate_app(both.town, language="en").run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "enter", "f6", *"refuse", "enter")
        assert "Refused" in said(pilot)
        both.made.time.later(minutes=5)
        both.made.granting(ISHIKAWA).apply("172022", facets=["stay"], purpose="aid")
        both.meet()
        await press(pilot, "f2", "f10", "2", "enter", "f5", *"grant", "enter")
        assert "Granted" in said(pilot)
        await press(pilot, "home", "enter")
        assert "granted" in shown(pilot)
        await press(pilot, "f7", *"end", "enter")
        assert "Ended" in said(pilot)
    assert sorted(view.outcome for view in both.town.decisions.agreements()) == ["ended", "refused"]


async def test_one_s_own_application_offers_no_decision(both: Offices) -> None:
    async with coordinate_app(both.prefecture).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "enter", "f5")
        assert "ここで決めることはありません" in shown(pilot)
        assert "[F5]" not in shown(pilot)


async def test_an_application_names_whom_it_asks_and_what_for(both: Offices) -> None:
    async with coordinate_app(both.prefecture).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "f5", "f5")
        assert "申請先" in said(pilot)
        await type_text(pilot, "nanao")
        assert "七尾市 (172022)" in shown(pilot)
        await press(pilot, "escape", "f5", "enter", "enter", "enter", "支", "援")
        assert "nanao" in shown(pilot)
        await press(pilot, "f5", *"shinsei", "enter")
        assert "申請しました" in said(pilot)
    newest = max(both.prefecture.decisions.agreements(), key=lambda view: (view.at_ms, view.purpose == "支援"))
    assert (newest.holder, newest.purpose) == ("172022", "支援")
    assert newest.asked == ("care", "condition", "identity", "stay")


async def test_people_ticked_in_a_search_are_applied_for_by_name(both: Offices) -> None:
    async with coordinate_app(both.prefecture).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "1", "森", "enter", "f6")
        assert "F5" in said(pilot)
        await press(pilot, "f5", "f6")
        assert "対象: 森 実" in shown(pilot)
        await press(pilot, *"nanao", "enter", "enter", "enter", "支", "f5", *"shinsei", "enter")
        assert "申請しました" in said(pilot)
    (view,) = [view for view in both.prefecture.decisions.agreements() if view.subjects]
    assert len(view.subjects) == 1


async def test_an_emergency_shows_its_clock_and_ends_by_itself(both: Offices) -> None:
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "f7", "地", "震", "enter", "backspace", "backspace", "5", "f5")
        assert "5時間" in shown(pilot)
        await press(pilot, *"kinkyu", "enter")
        assert "緊急時の提供中 残り 5:00" in shown(pilot)
        both.made.time.later(minutes=90)
        await press(pilot, "f2")
        assert "緊急時の提供中 残り 3:30" in shown(pilot)
        both.made.time.later(minutes=210)
        await press(pilot, "f3", "f2")
        assert "緊急時の提供" not in shown(pilot)
        await press(pilot, "f10", "2")
        assert "緊急時の提供 終了" in shown(pilot)


async def test_more_than_seventy_two_hours_are_not_taken(both: Offices) -> None:
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "f7", "地", "enter", "backspace", "3", "f5")
        assert "時間" in said(pilot)
        assert not isinstance(page(pilot), TypedWord)
    assert both.town.decisions.emergencies() == []


async def test_the_review_shows_what_went_to_whom_and_about_whom(both: Offices) -> None:
    node = both.made["172022"]
    desk = node.desk("tanaka")
    (subject,) = desk.check_in(
        [node.ledger.resident_by_key("r1") or b""], place=desk.places("矢田郷")[0].subject
    ).subjects
    view = both.town.decisions.declare(reason="地震")
    both.meet()
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "enter")
        told = shown(pilot)
        assert "1人分" in told
        assert any("石川県" in line and "山岸 正一" in line and "居場所" in line for line in told.splitlines())
        await press(pilot, "f7", *"owari", "enter")
        assert "終えました" in said(pilot)
    assert {one.subject for one in both.town.decisions.review(view.activation).released} == {subject}


async def test_a_key_with_a_passphrase_asks_for_it_and_not_for_a_word(both: Offices) -> None:
    keep_with_passphrase(both.made["172022"].directory.organisation_key)
    async with coordinate_app(both.town).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "enter", "f5")
        assert isinstance(page(pilot), Passphrase)
        await press(pilot, *"wrong", "enter")
        assert [view.outcome for view in both.town.decisions.agreements()] == ["open"]
        assert said(pilot)
        await press(pilot, "f5", *"noto")
        assert "noto" not in shown(pilot)
        await press(pilot, "enter")
    assert [view.outcome for view in both.town.decisions.agreements()] == ["granted"]


def keep_with_passphrase(path: Path) -> None:
    """The same key, from now on under a passphrase."""
    change_passphrase(path, kind=ORGANISATION, old=None, new="noto", entropy=entropy)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_letters_of_facets_are_said_in_words_whichever_row_is_in_hand(both: Offices, language: str) -> None:
    words = Words(language)
    async with coordinate_app(both.town, language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f10", "2", "f5")
        assert page(pilot).focused is page(pilot).query_one("#holder")
        assert facets_told(facets_of(USUAL), words) in shown(pilot)
        await press(pilot, "enter", *("backspace",) * len(USUAL), *FACET_LETTERS, "enter")
        told = " ".join(str(page(pilot).query_one("#facets_told", Static).content).split())
        assert told.replace(" ", "") == facets_told([*FACET_LETTERS.values()], words).replace(" ", "")
        assert clipped(pilot) == []
        await press(pilot, "escape", "enter")
        asked = facets_of(letters_of(both.town.decisions.agreements()[0].asked))
        assert str(page(pilot).query_one("#facets_told", Static).content) == facets_told(asked, words)
        assert clipped(pilot) == []


def test_letters_are_facets_and_back() -> None:
    assert facets_of("SI?") == ["identity", "stay"]
    assert letters_of(["stay", "identity", "unheard-of"]) == "is"


def test_towns_are_read_by_name_reading_and_code_and_nothing_is_guessed() -> None:
    assert area_of("輪島市、nanaoshi 172014") == ["172049", "172022", "172014"]
    assert area_of("") == []
    assert area_of("山") is None
    assert area_of("no-such-town") is None


def test_who_is_asked_must_be_one(looked_at: Offices) -> None:
    parties = looked_at.prefecture.decisions.parties()
    assert [party.code for party in parties_like("nanao", parties)] == ["172022"]
    assert len(parties_like("", parties)) == 2
    assert parties_like("大阪", parties) == []
