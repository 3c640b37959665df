"""How much speaks for two entries being one person, and what must never look like one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from node.people.matching import Comparison, Portrait, compare, portrait
from node.people.matching.births import birth_level
from node.people.matching.frequency import frequency_read, frequency_written
from node.people.matching.places import address_level, phone_level
from node.people.matching.slips import one_slip
from node.people.names import fold_name

WAJIMA, SUZU = "172049", "172057"
HIROSHI: dict[str, object] = {
    "family_name": "齋藤",
    "given_name": "博",
    "family_kana": "サイトウ",
    "given_kana": "ヒロシ",
    "birth": "1948-05-03",
    "sex": 1,
    "address": "石川県輪島市河井町15部13番地",
    "municipality": WAJIMA,
    "phones": ("0768-22-1111",),
}
AWAY: dict[str, object] = {"address": "金沢市広坂1丁目1-1", "municipality": "172014", "phones": ("090-1234-5678",)}


def one(**otherwise: object) -> Portrait:
    return portrait(**{**HIROSHI, **otherwise})  # type: ignore[arg-type]


def beside(**otherwise: object) -> Comparison:
    return compare(one(), one(**otherwise))


@pytest.mark.parametrize(
    "otherwise",
    [
        {},
        {"family_name": "斎藤"},
        {"family_name": "斉藤"},
        {"given_name": "弘"},
        {"family_name": "", "given_name": ""},
        {"family_kana": "", "given_kana": ""},
        {"family_kana": "サエトウ"},
        {"given_kana": "ヒロジ"},
        {"given_kana": "ヒシロ"},
        {"birth": "1948-03-05"},
        {"birth": "1949-05-03"},
        {"birth": "2011-05-03"},
        {"birth": "1948-05"},
        {"birth": "1948"},
        {"birth": "1958-05-03"},
        {"birth": ""},
        {"sex": 0},
        {"address": "輪島市河井町15部13"},
        {"address": "河井町15部13番地"},
        AWAY,
        {**AWAY, "birth": "1948-03-05"},
        {**AWAY, "family_name": "斎藤"},
        {**AWAY, "family_name": "", "given_name": ""},
        {"address": "", "phones": ()},
    ],
)
def test_one_person_taken_down_otherwise_is_worth_a_look(otherwise: dict[str, object]) -> None:
    assert beside(**otherwise).is_possible


@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param({"given_name": "実", "given_kana": "ミノル"}, id="a twin"),
        pytest.param({"given_name": "博子", "given_kana": "ヒロコ", "sex": 2}, id="a twin sister"),
        pytest.param({"given_name": "浩士", "given_kana": "ヒロジ"}, id="a twin whose name sounds alike"),
        pytest.param({"birth": "1975-11-20"}, id="a child of the same name"),
        pytest.param({"birth": "1921-02-14", "given_name": "弘"}, id="a father whose name sounds the same"),
        pytest.param({"birth": "1921-05-13"}, id="a father of the same name, born in May too"),
        pytest.param({"given_name": "和子", "given_kana": "カズコ", "birth": "1951-11-20", "sex": 2}, id="the wife"),
        pytest.param({"given_name": "実", "given_kana": "ミノル", "birth": "1950-06-30"}, id="a brother"),
        pytest.param({**AWAY, "birth": "1962-07-30"}, id="a namesake elsewhere"),
        pytest.param({**AWAY, "birth": "1948-11-20"}, id="a namesake of one's own age"),
        pytest.param({**AWAY, "family_name": "山岸", "family_kana": "ヤマギシ", "given_name": "誠",
                      "given_kana": "マコト"}, id="somebody born on the same day"),
    ],
)  # fmt: skip
def test_people_who_share_much_are_not_called_the_same(otherwise: dict[str, object]) -> None:
    assert not beside(**otherwise).is_possible


def test_two_rows_of_one_register_are_two_people_whatever_they_share() -> None:
    first, second = one(municipal_key="1"), one(municipal_key="2")
    assert not compare(first, second).is_possible
    assert compare(first, one(municipal_key="1")).is_likely
    assert compare(first, one()).is_likely


def test_a_rare_surname_says_more_than_a_frequent_one() -> None:
    frequent = {**AWAY, "family_name": "佐藤", "family_kana": "サトウ"}
    rare = {**AWAY, "family_name": "大谷内", "family_kana": "オオヤチ"}
    elsewhere: dict[str, object] = {"address": "輪島市河井町15部13番地", "phones": ()}
    sato = compare(one(**frequent), one(**{**frequent, **elsewhere}))
    oyachi = compare(one(**rare), one(**{**rare, **elsewhere}))
    assert sato.level("family") == oyachi.level("family") == "exact"
    assert oyachi.score - sato.score > 3
    assert frequency_written("佐藤") == frequency_written(fold_name("佐藤")) > 10 * frequency_read("オヤチ")


def test_every_field_is_explained_and_the_weights_add_up() -> None:
    compared = beside(family_name="斎藤", given_kana="ヒロジ", birth="1948-03-05", sex=2, **AWAY)
    levels = {each.field: each.level for each in compared.agreements}
    assert levels == {
        "family": "folded",
        "given": "misread",
        "birth": "swapped",
        "sex": "other",
        "address": "other",
        "phone": "other",
    }
    assert compared.score == pytest.approx(sum(each.weight for each in compared.agreements))


def test_a_home_counts_once_and_damps_what_it_shares() -> None:
    at_home, away = beside(), beside(**AWAY)
    assert sum(each.weight for each in at_home.agreements if each.field in ("address", "phone")) <= 12
    assert {each.field for each in at_home.agreements if each.shared_at_home} >= {"family", "birth"}
    assert not any(each.shared_at_home for each in away.agreements)


def test_what_is_not_known_says_nothing() -> None:
    assert compare(portrait(), one()).agreements == ()
    assert compare(portrait(family_name="齋藤"), one()).score < 16
    assert beside(birth="~70").level("birth") == ""


def test_a_former_name_is_the_same_person() -> None:
    married = one(family_name="山岸", family_kana="ヤマギシ", other_names=("斎藤",))
    assert compare(one(), married).level("family") == "former"
    assert compare(one(), married).is_possible


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        ("1948-05-03", "1948-05-03", "exact"),
        ("1948-05-03", "1948-03-05", "swapped"),
        ("1948-05-03", "1947-05-03", "year_beside"),
        ("1930-05-03", "1993-05-03", "era"),
        ("1948-05-03", "1948-05-08", "digit"),
        ("1948-05-13", "1948-05-31", "digit"),
        ("1948-05-13", "1948-05-26", "month"),
        ("1948-05-13", "1948-11-26", "year_alone"),
        ("1948-05-13", "1971-11-26", "other"),
        ("1948-05-13", "1948-05", "year_month"),
        ("1948-05-13", "1948", "year"),
        ("1948-05-13", "1951-02", "other"),
        ("1948-05-13", "", ""),
    ],
)
def test_how_two_birth_dates_stand(first: str, second: str, level: str) -> None:
    assert birth_level(first, second) == birth_level(second, first) == level


@pytest.mark.parametrize(
    ("first", "second", "slip"),
    [
        ("ヤマダ", "ヤマタ", True),
        ("ヤマザキ", "ヤマサキ", True),
        ("タカハシ", "タカシ", True),
        ("タカハシ", "タハカシ", True),
        ("シマダ", "ツマダ", True),
        ("ヤマダ", "ヤマダ", False),
        ("ヤマダ", "ヤマネ", False),
        ("アキ", "ユキ", False),
        ("タカハシ", "ナカニシ", False),
    ],
)
def test_what_is_a_slip_of_kana(first: str, second: str, slip: bool) -> None:
    assert one_slip(first, second) is one_slip(second, first) is slip


def test_how_addresses_stand() -> None:
    assert address_level("輪島市河井町15部13", "河井町15部13") == "exact"
    assert address_level("輪島市河井町15部13", "輪島市河井町15部13-2") == "part"
    assert address_level("輪島市河井町15部13", "輪島市河井町20部1") == "street"
    assert address_level("輪島市河井町1", "輪島市鳳至町2", WAJIMA, WAJIMA) == "town"
    assert address_level("輪島市河井町1", "珠洲市飯田町2", WAJIMA, SUZU) == "other"
    assert address_level("", "珠洲市飯田町2") == ""


def test_how_telephones_stand() -> None:
    assert phone_level(("0768221111", "09012345678"), ("09012345678",)) == "exact"
    assert phone_level(("0768221111",), ("0768221117",)) == "digit"
    assert phone_level(("0768221111",), ("0768229999",)) == "other"
    assert phone_level((), ("0768229999",)) == ""


TEXT = st.sampled_from(["", "齋藤", "斉藤", "サイトウ", "博", "ヒロシ", "和子", "Smith", "輪島市河井町1-2", "田"])
PORTRAITS = st.builds(
    portrait,
    family_name=TEXT,
    given_name=TEXT,
    family_kana=st.sampled_from(["", "サイトウ", "サトウ", "ヤマギシ"]),
    given_kana=st.sampled_from(["", "ヒロシ", "ヒロジ", "カズコ"]),
    birth=st.sampled_from(["", "~70", "1948", "1948-05", "1948-05-03", "1948-03-05", "1975-11-20"]),
    sex=st.sampled_from([0, 1, 2, 9]),
    address=TEXT,
    phones=st.lists(st.sampled_from(["0768221111", "0768221117", "09012345678"]), max_size=2),
)


@settings(deadline=None)  # the first comparison reads the list of surnames
@given(PORTRAITS, PORTRAITS)
def test_the_order_of_the_two_does_not_matter(first: Portrait, second: Portrait) -> None:
    there, back = compare(first, second), compare(second, first)
    assert {each.field: each.level for each in there.agreements} == {e.field: e.level for e in back.agreements}
    assert there.score == pytest.approx(back.score)


@settings(deadline=None)
@given(PORTRAITS)
def test_nothing_speaks_against_oneself(person: Portrait) -> None:
    assert all(each.weight >= 0 for each in compare(person, replace(person)).agreements)
