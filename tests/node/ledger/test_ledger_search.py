"""Who is found by what, and who comes first."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from moyai.v1 import facets_pb2 as wire
from node.ledger import Hit, Ledger
from node.people.matching import Query, parse_query
from node.records import kinds
from tests.builders.ledger import NANAO, WAJIMA, Town, new_ledger

HERE, THERE = b"h" * 16, b"t" * 16
TODAY = date(2024, 1, 10)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with new_ledger(tmp_path) as ledger:
        yield Town(ledger)


def found(ledger: Ledger, text: str, *, here: bytes | None = HERE, limit: int = 20) -> list[Hit]:
    return ledger.search(parse_query(text, TODAY), here=here, municipality=WAJIMA, limit=limit)


def subjects(ledger: Ledger, text: str, **options: object) -> list[bytes]:
    return [hit.person.subject for hit in found(ledger, text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "佐藤",
        "佐",
        "藤",
        "太郎",
        "郎",
        "佐藤太郎",
        "佐藤 太郎",
        "藤太",
        "さとう",
        "サトウ",
        "satou",
        "ｻﾄｳ",
        "タロ",
        "サ",
        "19480503",
        "S230503",
        "1948",
        "昭和23年5月3日",
        "090-1234-5678",
        "09012345678",
        "5678",
        "河井町",
        "河井町2丁目3番",
        "佐藤 1948",
    ],
)
def test_a_person_is_found_by(town: Town, text: str) -> None:
    taro = town.person(
        "佐藤",
        "太郎",
        ("サトウ", "タロウ"),
        birth="1948-05-03",
        municipality=WAJIMA,
        address="輪島市河井町二丁目3番",
        phone="090-1234-5678",
    )
    town.person("中村", "花子", ("ナカムラ", "ハナコ"), birth="1980-01-02", phone="0768-22-1111")
    assert subjects(town.ledger, text) == [taro]


@pytest.mark.parametrize("text", ["田中", "佐藤 花子", "19480504", "090-9999", "", "   ", '"', "佐藤 OR", "*", "NOT"])
def test_nobody_is_found_by(town: Town, text: str) -> None:
    town.person("佐藤", "太郎", ("サトウ", "タロウ"), birth="1948-05-03", phone="090-1234-5678")
    assert subjects(town.ledger, text) == []


def test_an_old_form_of_a_name_finds_the_new_one_and_the_other_way_round(town: Town) -> None:
    old, new = town.person("齋藤", "一"), town.person("斎藤", "一")
    assert set(subjects(town.ledger, "斎藤")) == set(subjects(town.ledger, "齋藤")) == {old, new}
    matches = {hit.person.subject: hit.match for hit in found(town.ledger, "斎藤")}
    assert matches == {old: "folded", new: "exact"}


def test_who_is_here_comes_first_then_this_town_then_elsewhere(town: Town) -> None:
    elsewhere = town.person("佐藤", "一郎", municipality=NANAO)
    of_town = town.person("佐藤", "二郎", municipality=WAJIMA)
    here = town.person("佐藤", "三郎", municipality=NANAO, place=HERE)
    guest = town.person("佐藤", "四郎", municipality=NANAO, place=THERE)
    assert subjects(town.ledger, "佐藤") == [here, of_town, guest, elsewhere]


def test_how_a_name_begins_comes_before_what_is_inside_it(town: Town) -> None:
    inside, begins = town.person("山田", "林"), town.person("林", "山")
    assert subjects(town.ledger, "林") == [begins, inside]
    assert [hit.match for hit in found(town.ledger, "林")] == ["exact", "part"]


def test_a_name_comes_before_a_reading(town: Town) -> None:
    sound_alike = town.person("斉藤", "一", ("サイトウ", "ハジメ"))
    same = town.person("斎藤", "一", ("サイトウ", "ハジメ"))
    assert subjects(town.ledger, "斎藤") == [same, sound_alike]
    assert [hit.match for hit in found(town.ledger, "斎藤")] == ["exact", "reading"]


@pytest.mark.parametrize("text", ["wajima", "わじま", "輪島"])
@pytest.mark.parametrize("people_here", [3, 60])
def test_whose_name_it_is_comes_before_who_lives_in_the_town_of_that_name(
    town: Town, text: str, people_here: int
) -> None:
    for number in range(people_here):
        town.person("佐藤", f"{number:03}", municipality=WAJIMA, place=HERE)
    elsewhere = town.person("輪島", "一", ("ワジマ", "ハジメ"), municipality=NANAO)
    of_town = town.person("輪島", "二", ("ワジマ", "ジ"), municipality=WAJIMA)
    found_here = town.person("輪島", "三", ("ワジマ", "ゾウ"), municipality=NANAO, place=HERE)
    listed = subjects(town.ledger, text)
    assert listed[:3] == [found_here, of_town, elsewhere]
    assert len(set(listed)) == len(listed) == min(people_here + 3, 20)


def test_of_two_words_each_may_be_a_name_before_it_is_a_town(town: Town) -> None:
    lives = town.person("佐藤", "太郎", ("サトウ", "タロウ"), municipality=WAJIMA, place=HERE)
    named = town.person("輪島", "太郎", ("ワジマ", "タロウ"), municipality=NANAO)
    assert subjects(town.ledger, "wajima taro") == [named, lives]


def test_a_common_name_gives_as_many_as_asked_for_and_the_nearest(town: Town) -> None:
    for number in range(120):
        town.person("佐藤", f"{number:03}", municipality=NANAO)
    here = town.person("佐藤", "太郎", place=HERE)
    assert subjects(town.ledger, "佐藤", limit=5)[0] == here
    assert len(set(subjects(town.ledger, "佐藤", limit=5))) == 5
    assert len(set(subjects(town.ledger, "佐藤", limit=500))) == 121


def test_a_guessed_year_of_birth_is_found_by_the_whole_date(town: Town) -> None:
    unsure = town.person("佐藤", "太郎", birth="1948")
    assert subjects(town.ledger, "19480503") == [unsure]


def test_a_protected_person_is_flagged_and_not_hidden(town: Town) -> None:
    subject = town.person("佐藤", "太郎")
    town.keep(town.author.says(subject, kinds.PROTECTION, wire.Protection(active=True).SerializeToString()))
    assert [hit.person.protected for hit in found(town.ledger, "佐藤")] == [True]


def test_a_new_name_is_found_and_the_old_one_is_not(town: Town) -> None:
    subject = town.person("佐藤", "太郎")
    before = tuple(held.record for held in town.ledger.heads(subject))
    renamed = wire.Identity(family_name="中村", given_name="太郎").SerializeToString()
    town.keep(town.author.says(subject, kinds.IDENTITY, renamed, over=before))
    assert subjects(town.ledger, "佐藤") == []
    assert subjects(town.ledger, "中村") == subjects(town.ledger, "太郎") == [subject]


def test_who_has_moved_on_is_no_longer_first(town: Town) -> None:
    moved, stayed = town.person("佐藤", "一", place=HERE), town.person("佐藤", "二", place=HERE)
    town.stay(moved, HERE, 3)
    assert subjects(town.ledger, "佐藤") == [stayed, moved]


def test_who_is_erased_is_not_found(town: Town) -> None:
    subject = town.person("佐藤", "太郎", ("サトウ", "タロウ"), phone="090-1234-5678", place=HERE)
    with town.ledger.write() as writing:
        writing.erase(subject)
    assert town.ledger.person(subject) is None
    for text in ("佐藤", "サトウ", "5678", "太"):
        assert subjects(town.ledger, text) == []


def test_no_words_find_nobody(town: Town) -> None:
    town.person("佐藤", "太郎")
    assert town.ledger.search(Query(()), here=None, municipality="", limit=5) == []
    assert town.ledger.search(Query(((),)), here=None, municipality="", limit=5) == []


def test_who_came_whole_can_leave_every_place(town: Town) -> None:
    """The index must not think that it is damaged: it was asked to forget more often than to learn."""
    someone, author = b"s" * 16, town.author
    stays = {
        slot: wire.Stay(place=place, municipality=WAJIMA, state=wire.STAY_STATE_PRESENT, confirmed_at_ms=1)
        for slot, place in ((b"1", HERE), (b"2", THERE))
    }
    name = wire.Identity(family_name="佐藤").SerializeToString()
    arrived = [author.says(someone, kinds.STAY, stay.SerializeToString(), slot=slot) for slot, stay in stays.items()]
    town.keep(author.says(someone, kinds.IDENTITY, name), *arrived)
    for place, slot in ((HERE, b"1"), (THERE, b"2")):
        town.stay(someone, place, state=wire.STAY_STATE_LEFT, slot=slot)
    assert subjects(town.ledger, "佐藤") == [someone]
