"""Searches and reads: found however it was typed, for a purpose, and the log never holds what was typed."""

from dataclasses import replace

import pytest

from node.desk.views import NewPerson
from node.errors import PurposeMissing, SubjectUnknown, WordUnknown
from tests.builders.townhall import TownHall


@pytest.fixture(scope="module")
def people(hall: TownHall) -> dict[str, bytes]:
    """Three people whose names, numbers and addresses are theirs alone."""
    return {
        "齋藤": hall.resident(
            "齋藤", "弘樹", kana_family="サイトウ", kana_given="ヒロキ", birth="1955-03-04",
            address="石川県輪島市門前町走出6丁目69番", phone="0768-42-1111",
        ),
        "海老名沢": hall.resident(
            "海老名沢", "つかさ", kana_family="エビナサワ", kana_given="ツカサ", birth="1962-11-23",
            address="石川県輪島市町野町粟蔵3番地", phone="090-5555-0001",
        ),
        "𠮷野": hall.resident("𠮷野", "桜", kana_family="ヨシノ", kana_given="サクラ", birth="2001-09-09"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("齋藤弘樹", "齋藤"),
        ("斉藤 弘樹", "齋藤"),
        ("斎藤　弘樹", "齋藤"),
        ("サイトウ ヒロキ", "齋藤"),
        ("さいとうひろき", "齋藤"),
        ("saitou hiroki", "齋藤"),
        ("19550304", "齋藤"),
        ("S300304", "齋藤"),
        ("0768421111", "齋藤"),
        ("0768-42-1111", "齋藤"),
        ("門前町走出6-69", "齋藤"),
        ("海老名", "海老名沢"),
        ("えびなさわ", "海老名沢"),
        ("ebinasawa", "海老名沢"),
        ("090 5555 0001", "海老名沢"),
        ("昭和37年11月23日", "海老名沢"),
        ("吉野", "𠮷野"),
        ("𠮷野 桜", "𠮷野"),
    ],
)
def test_a_person_is_found_however_they_are_typed(
    hall: TownHall, people: dict[str, bytes], typed: str, who: str
) -> None:
    assert people[who] in [one.subject for one in hall.desk().find(typed)]


@pytest.mark.parametrize("typed", ["", "   ", "誰もいない名前", "99999999"])
def test_nobody_is_found_where_nobody_is(hall: TownHall, people: dict[str, bytes], typed: str) -> None:
    assert hall.desk().find(typed) == []


def test_what_is_shown_is_what_was_registered_not_what_was_typed(hall: TownHall, people: dict[str, bytes]) -> None:
    (hit,) = [one for one in hall.desk().find("斉藤弘樹") if one.subject == people["齋藤"]]
    assert hit.family_name == "齋藤"
    assert hit.match


def test_a_reading_that_is_no_japanese_is_kept_as_it_was_typed_and_finds_its_bearer(hall: TownHall) -> None:
    (lee,) = hall.desk().register(NewPerson(family_name="李", family_kana="lee")).subjects
    (hit,) = hall.desk().find("lee")
    assert (hit.subject, hit.kana) == (lee, "lee")


# --- purposes


@pytest.mark.parametrize("purpose", ["", "  "])
def test_a_search_without_a_purpose_is_refused(hall: TownHall, purpose: str) -> None:
    before, _ = hall.node.ledger.audit_head()
    with pytest.raises(PurposeMissing):
        hall.desk().find("海老名沢", purpose=purpose)
    assert hall.node.ledger.audit_head()[0] == before


def test_a_purpose_of_ones_own_is_refused(hall: TownHall) -> None:
    with pytest.raises(WordUnknown) as refused:
        hall.desk().find("海老名沢", purpose="海老名沢さんの叔父に頼まれた")
    assert "海老名沢" not in str(refused.value)


@pytest.mark.parametrize(("purpose", "code"), [("安否照会", "inquiry"), ("Safety Inquiry", "inquiry"), ("aid", "aid")])
def test_the_log_has_the_purposes_code_and_how_many_and_not_the_text(
    hall: TownHall, people: dict[str, bytes], purpose: str, code: str
) -> None:
    hall.desk("reader").find("海老名沢", purpose=purpose)
    (entry,) = hall.log()
    assert f"'{code}'" in entry
    assert "'search'" in entry
    assert "count=1" in entry
    assert "海老名" not in entry


# --- who may be the same


@pytest.mark.parametrize(
    "typed",
    [
        NewPerson(family_name="斉藤", given_name="弘樹"),
        NewPerson(family_kana="サイトウ", given_kana="ヒロキ"),
        NewPerson(family_name="齋藤", given_name="弘樹", birth="S300304"),
        NewPerson(family_name="齋藤", given_name="弘樹", birth="1955"),
    ],
)
def test_one_who_may_be_the_same_is_shown_before_saving(
    hall: TownHall, people: dict[str, bytes], typed: NewPerson
) -> None:
    assert people["齋藤"] in [one.subject for one in hall.desk().similar(typed)]


def test_born_in_another_year_it_is_somebody_else(hall: TownHall, people: dict[str, bytes]) -> None:
    typed = NewPerson(family_name="齋藤", given_name="弘樹")
    assert hall.desk().similar(replace(typed, birth="19900101")) == []


def test_with_no_name_nobody_is_similar(hall: TownHall) -> None:
    assert hall.desk().similar(NewPerson(description="紺の上着")) == []


def test_looking_for_the_same_person_is_logged_as_that(hall: TownHall, people: dict[str, bytes]) -> None:
    hall.desk().similar(NewPerson(family_name="海老名沢"))
    (entry,) = hall.log()
    assert "'duplicates'" in entry
    assert "海老名" not in entry


# --- household and details


def test_a_household_shows_the_person_first_and_those_not_seen_yet(hall: TownHall) -> None:
    first, second, third = (
        hall.resident(given=given, household="one-house", birth=birth)
        for given, birth in (("正一", "1948-05-03"), ("和子", "1951-11-20"), ("健太", "1979-02-14"))
    )
    desk = hall.desk(at="河井小学校")
    assert [one.subject for one in desk.household(second)] == [second, first, third]
    desk.check_in([second])
    assert [one.subject for one in desk.household(second)] == [second, first, third]
    assert [one.resident_only for one in desk.household(second)] == [False, True, True]


def test_somebody_without_a_household_is_alone(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(description="紺の上着の女性")).subjects
    assert [one.subject for one in desk.household(subject)] == [subject]


def test_details_tell_every_field_with_who_said_it(hall: TownHall) -> None:
    desk = hall.desk("tanaka", at="河井小学校")
    (subject,) = desk.register(NewPerson(family_name="森", birth="S230503", phone="090-0000-0001")).subjects
    told = {(one.facet, one.field): one for one in desk.details(subject)}
    assert told["identity", "family_name"].text == "森"
    assert told["identity", "birth"].text == "1948-05-03"
    assert told["contact", "phone"].text == "090-0000-0001"
    assert {(one.operator, one.organisation, one.conflict) for one in told.values()} == {("tanaka", "172049", False)}


def test_reading_details_is_logged_with_the_person_and_the_facets(hall: TownHall) -> None:
    desk = hall.desk("reader")
    (subject,) = desk.register(NewPerson(family_name="海老名沢")).subjects
    desk.details(subject, purpose="本人の請求")
    (entry,) = hall.log()
    assert "'read'" in entry
    assert "'request'" in entry
    assert repr(subject) in entry
    assert "海老名" not in entry


def test_details_without_a_purpose_are_not_told(hall: TownHall) -> None:
    desk = hall.desk()
    (subject,) = desk.register(NewPerson(family_name="森")).subjects
    with pytest.raises(PurposeMissing):
        desk.details(subject, purpose="")


@pytest.mark.parametrize("ask", ["person", "household", "details"])
def test_of_somebody_unknown_nothing_is_told_and_nothing_logged(hall: TownHall, ask: str) -> None:
    before, _ = hall.node.ledger.audit_head()
    with pytest.raises(SubjectUnknown):
        getattr(hall.desk(), ask)(b"nobody-of-that-1")
    assert hall.node.ledger.audit_head()[0] == before


def test_the_log_of_a_day_is_whole(hall: TownHall, people: dict[str, bytes]) -> None:
    assert hall.node.ledger.verify_audit() == hall.node.ledger.audit_head()[0]
