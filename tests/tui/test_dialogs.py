"""The dialogs: consent, protection, erasure, places, undo; the safe answer is the one that needs no thought."""

from dataclasses import replace

import pytest

from node.desk.views import ActView, ConsentView, Done, PlaceView
from node.errors import ConsentInForce
from node.people.names import fold_name
from tests.builders.desk import NOON_MS, FakeDesk, shelters
from tests.builders.screens import clipped, desk_app, page, press, said, settle, shown, type_text
from tui.dialogs.choice import Choice
from tui.dialogs.consents import Consents
from tui.dialogs.person import Person
from tui.dialogs.place import Places
from tui.dialogs.read_aloud import ReadAloud
from tui.people import whole_address
from tui.when import DAY_MS

HANA = (5).to_bytes(16, "big")
GIVEN = ConsentView(
    slot=b"s" * 16,
    organisations=("172014",),
    all_local_governments=False,
    facets=("identity", "stay"),
    purpose="relief",
    from_ms=NOON_MS,
    until_ms=None,
    given_by=1,
    guardian_relation="",
    withdrawn_at_ms=None,
    counts=True,
    holders=("172014",),
    confirmed=(),
)


async def test_a_consent_is_read_aloud_and_given_by_a_key_of_its_own() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "f5", "f5")
        assert "いつでもやめられます" in shown(pilot).replace("\n", "").replace(" ", "")
        await press(pilot, "enter", "enter")
        assert desk.acts("give_consent") == []
        await press(pilot, "f5")
        ((subject, consent),) = desk.acts("give_consent")  # type: ignore[misc]
        assert subject == HANA
        assert consent["all_local_governments"] is True
        assert "medical" not in consent["facets"]
        assert isinstance(page(pilot), Consents)


async def test_a_consent_that_stands_already_is_said_to_and_left_as_it_is() -> None:
    class Standing(FakeDesk):
        def give_consent(self, subject: bytes, **consent: object) -> Done:
            super().give_consent(subject, **consent)
            raise ConsentInForce(since="2024-01-03 08:10")

    desk = Standing()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "f5", "f5", "f5")
        assert isinstance(page(pilot), Choice)
        assert "2024-01-03 08:10" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "2")
        assert isinstance(page(pilot), ReadAloud)
        await press(pilot, "f5", "enter")
        assert isinstance(page(pilot), Consents)
        assert len(desk.acts("give_consent")) == 2


async def test_a_consent_can_name_a_town_and_an_end_and_a_guardian() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "f5", "f5", *"kanazawa", "enter", "3", "0", "enter", "母", "f5")
        ((_, consent),) = desk.acts("give_consent")  # type: ignore[misc]
        assert consent["organisations"] == ("172014",)
        assert consent["all_local_governments"] is False
        assert consent["until_ms"] == NOON_MS + 30 * DAY_MS
        assert consent["guardian_relation"] == "母"


async def test_a_town_that_does_not_exist_is_not_taken_for_all_towns() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "f5", "f5", *"qqq", "f5")
        assert desk.acts("give_consent") == []


async def test_withdrawing_asks_and_no_is_chosen() -> None:
    desk = FakeDesk(given=[GIVEN])
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "f5", "f7", "enter")
        assert desk.acts("withdraw_consent") == []
        await press(pilot, "f7", "down", "enter")
        assert desk.acts("withdraw_consent") == [(HANA, GIVEN.slot)]


async def test_erasing_needs_the_word() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "delete", "enter")
        assert desk.acts("erase") == []
        assert said(pilot)
        await press(pilot, *"shoukyo", "enter")
        assert desk.acts("erase") == [HANA]


async def test_protecting_asks_and_no_is_chosen() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "f6", "enter")
        assert desk.acts("protect") == []
        await press(pilot, "f6", "2")
        assert desk.acts("protect") == [HANA]


async def test_lifting_a_protection_needs_the_word() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "down", "down", "enter", "f6", *"hai", "enter")
        assert desk.acts("lift_protection") == []
        await press(pilot, "ctrl+u", *"kaijo", "enter")
        assert desk.acts("lift_protection") == [(7).to_bytes(16, "big")]


class Making(FakeDesk):
    """Lists what was made on it."""

    def places(self, text: str = "", *, municipality: str | None = None, limit: int = 50) -> list[PlaceView]:
        made = [replace(shelters()[0], subject=b"place-new-000001", name=text)] if self.acts("create_place") else []
        return made or super().places(text, municipality=municipality, limit=limit)


async def test_a_shelter_that_started_itself_is_made_once_that_is_meant() -> None:
    desk = Making(place=b"")
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"gym", "f5")
        assert "「gym」" in shown(pilot)
        assert desk.acts("create_place") == []
        await press(pilot, "enter")
        assert isinstance(page(pilot), Places)
        assert desk.acts("create_place") == []
        await press(pilot, "f5", "2")
        assert desk.acts("create_place") == ["gym"]
        assert desk.place == b"place-new-000001"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    ("typed", "answer", "made"),
    [
        ("wajima sho-gakko", "2", "wajima sho-gakko"),
        ("wajima sho-gakko", "3", "ワジマ ショーガッコ"),
        ("smith hall", "3", None),
    ],
)
async def test_a_name_typed_in_romaji_is_made_as_it_is_or_in_kana(
    language: str, typed: str, answer: str, made: str | None
) -> None:
    desk = Making(place=b"")
    async with desk_app(desk, language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await type_text(pilot, typed)
        await press(pilot, "f5")
        assert typed in shown(pilot)
        assert ("ワジマ ショーガッコ" in shown(pilot)) is (typed != "smith hall")
        assert clipped(pilot) == []
        await press(pilot, answer)
        assert desk.acts("create_place") == ([made] if made else [])


async def test_a_name_in_kana_that_exists_is_not_made_again() -> None:
    class Existing(Making):
        def places(self, text: str = "", *, municipality: str | None = None, limit: int = 50) -> list[PlaceView]:
            return [replace(shelters()[1], name="ワジマ")] if text == "ワジマ" else []

    desk = Existing(place=b"")
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"wajima", "f5", "3")
        assert desk.acts("create_place") == []
        assert desk.place == shelters()[1].subject


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_a_shelter_that_exists_is_offered_in_place_of_another_of_its_name(language: str) -> None:
    class Folding(Making):
        def places(self, text: str = "", *, municipality: str | None = None, limit: int = 50) -> list[PlaceView]:
            return [each for each in shelters() if fold_name(text) in fold_name(each.name)][:limit]

    desk = Folding(place=b"")
    async with desk_app(desk, language=language).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"門前西 小学校", "f5")
        assert "門前西小学校" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "enter")
        assert desk.acts("create_place") == []
        assert desk.place == shelters()[2].subject


async def test_undo_with_nothing_done_says_so() -> None:
    async with desk_app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f8")
        assert "ありません" in said(pilot)


async def test_a_person_is_read_once_for_one_look() -> None:
    desk = FakeDesk()
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter", "f9", "f9")
        assert isinstance(page(pilot), Person)
        assert desk.acts("details") == [HANA]


def _of_many(subjects: int) -> FakeDesk:
    return FakeDesk(undoable=[ActView(b"token", "check_in", subjects, NOON_MS)])


async def test_undo_names_whom_an_act_was_about_as_far_as_there_is_room() -> None:
    names = "、".join(["山岸 正一", "山岸 和子", "山岸 健太", "山岸 美咲"] * 3)
    few = ActView(b"few", "check_in", 1, NOON_MS, "大谷内 由美子")
    many = ActView(b"many", "check_in", 4, NOON_MS, names)
    async with desk_app(FakeDesk(undoable=[few, many])).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f8")
        assert "1人  大谷内 由美子" in shown(pilot)
        line = next(line for line in shown(pilot).splitlines() if "正一" in line)
        assert line.endswith("..")
        assert clipped(pilot) == []


async def test_undo_offers_nothing_that_would_be_refused() -> None:
    overtaken = ActView(b"before", "consent", 1, NOON_MS, "森 花子", stands=False)
    standing = ActView(b"token", "check_in", 1, NOON_MS, "林 幸子")
    desk = FakeDesk(undoable=[overtaken, standing])
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f8")
        assert "林 幸子" in shown(pilot)
        assert "森 花子" not in shown(pilot)
        await press(pilot, "enter")
        assert desk.acts("undo") == [b"token"]
    async with desk_app(FakeDesk(undoable=[overtaken])).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f8")
        assert not isinstance(page(pilot), Choice)
        assert said(pilot)


async def test_undoing_an_act_on_many_asks_again_and_no_is_chosen() -> None:
    desk = _of_many(11)
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f8", "enter")
        assert "11人" in shown(pilot)
        assert clipped(pilot) == []
        await press(pilot, "enter")
        assert desk.acts("undo") == []
        await press(pilot, "f8", "enter", "f9")
        assert clipped(pilot) == []
        await press(pilot, "2")
        assert desk.acts("undo") == [b"token"]


async def test_undoing_an_act_on_ten_is_not_asked_again() -> None:
    desk = _of_many(10)
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f8", "enter")
        assert desk.acts("undo") == [b"token"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("石川県輪島市河井町15部", "石川県輪島市河井町15部"),
        ("輪島市河井町15部", "輪島市河井町15部"),
        ("河井町15部", "輪島市  河井町15部"),
        ("石川県珠洲市飯田町", "輪島市  石川県珠洲市飯田町"),
        ("", "輪島市"),
    ],
)
async def test_the_town_of_an_address_is_not_said_twice(address: str, told: str) -> None:
    desk = FakeDesk()
    desk.people = [replace(each, address=address) for each in desk.people]
    async with desk_app(desk).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f3", "enter")
        assert whole_address(desk.person(HANA)) == told
        assert told in [line.strip() for line in shown(pilot).splitlines()]
