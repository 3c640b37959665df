"""What a clerk means by what they typed."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from node.people.matching import Ask, SearchTerms, parse_query, phone_digits, score, terms_of
from node.people.summary import PersonSummary

TODAY = date(2024, 1, 3)

TARO = PersonSummary(
    subject=bytes(16),
    family_name="田中",
    given_name="太郎",
    family_kana="タナカ",
    given_kana="タロウ",
    birth="1948-05-03",
    phone="０９０－１２３４－５６７８",
    address="石川県輪島市河井町二丁目三番地",
    municipality="172049",
    stay_municipality="172022",
    municipal_key="A0001234567",
    alias="たあちゃん",
    former_name="山田",
)
SAITO = PersonSummary(subject=bytes(16), family_name="齋藤", given_name="花子")
SMITH = PersonSummary(subject=bytes(16), family_name="Smith", given_name="John")
SAKURA = PersonSummary(subject=bytes(16), family_name="髙橋", given_name="さくら")


def found(person: PersonSummary, typed: str) -> bool:
    return score(terms_of(person), parse_query(typed, TODAY)) > 0


@pytest.mark.parametrize(
    "typed",
    [
        "田中",
        "田中太郎",
        "田中 太郎",
        "太郎 田中",
        "田中　太郎",
        "たなか",
        "タナカ タロウ",
        "たなかたろう",
        "ﾀﾅｶ",
        "tanaka",
        "TANAKA Taro",
        "tanaka tarou",
        "tarō",
        "tana",
        "田仲",
        "山田",
        "たあちゃん",
        "19480503",
        "S230503",
        "s23.5.3",
        "昭和23年5月3日",
        "1948",
        "1948-05",
        "田中 1948",
        "tanaka s23",
        "090-1234-5678",
        "09012345678",
        "+81 90 1234 5678",
        "5678",
        "輪島 田中",
        "輪島市",
        "wajima tanaka",
        "わじま",
        "石川県七尾市",
        "河井町",
        "河井町2-3",
        "輪島市河井町２の３",
        "河井町2丁目3番 田中",
        "a0001234567",
        "A0001234567",
    ],
)
def test_taro_is_found_by(typed: str) -> None:
    assert found(TARO, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "鈴木",
        "田中 花子",
        "suzuki",
        "tanaka hanako",
        "19480504",
        "1949",
        "田中 1949",
        "金沢市",
        "河井町2-4",
        "9999",
        "",
        "　",
        "A000",
        "む",
    ],
)
def test_taro_is_not_found_by(typed: str) -> None:
    assert not found(TARO, typed)


@pytest.mark.parametrize(
    "typed", ["斎藤", "斉藤", "齋藤", "齊藤", "saito", "saitou", "さいとう", "斉藤花子", "斎藤 花子", "サイトー"]
)
def test_every_saito_is_found_by_every_form_of_the_name(typed: str) -> None:
    assert found(SAITO, typed)


def test_a_text_of_any_length_is_a_query() -> None:
    for letter in ("一", "1", "あ", "a", "田", "-", "一の"):
        score(terms_of(TARO), parse_query(letter * 20_000, TODAY))


def test_the_form_that_was_typed_goes_first() -> None:
    other = PersonSummary(subject=bytes(16), family_name="斉藤", given_name="花子")
    query = parse_query("斉藤", TODAY)
    assert score(terms_of(other), query) > score(terms_of(SAITO), query) > 0


def test_a_whole_name_goes_before_a_beginning() -> None:
    short, long = (PersonSummary(subject=bytes(16), family_kana=kana) for kana in ("ハラ", "ハラダ"))
    query = parse_query("hara", TODAY)
    assert score(terms_of(short), query) > score(terms_of(long), query) > 0


@pytest.mark.parametrize("typed", ["smith", "John", "JOHN SMITH", "smi"])
def test_a_name_in_latin_letters_is_found_as_written(typed: str) -> None:
    assert found(SMITH, typed)


@pytest.mark.parametrize("typed", ["さくら", "サクラ", "sakura", "高橋", "takahashi sakura", "髙橋さくら"])
def test_a_name_partly_in_kana_is_found_without_a_reading(typed: str) -> None:
    assert found(SAKURA, typed)


def test_a_birth_date_known_in_part_is_found_by_the_whole() -> None:
    assert found(PersonSummary(subject=bytes(16), birth="1948"), "19480503")
    assert not found(PersonSummary(subject=bytes(16)), "19480503")


def test_digits_may_be_a_birth_date_a_telephone_or_a_key() -> None:
    (word,) = parse_query("19480503", TODAY).words
    assert {clue.ask for clue in word} == {Ask.BIRTH, Ask.PHONE, Ask.KEY}


def test_an_era_and_a_name_are_two_words() -> None:
    query = parse_query("田中 昭和23年", TODAY)
    assert len(query.words) == 2
    assert query.birth == "1948"
    assert parse_query("田中", TODAY).birth == ""


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0768-22-0001", "0768220001"),
        ("(0768)22-0001", "0768220001"),
        ("+81-768-22-0001", "0768220001"),
        ("０７６８", "0768"),
    ],
)
def test_a_telephone_number_is_its_digits(typed: str, digits: str) -> None:
    assert phone_digits(typed) == digits


def test_nobody_is_found_by_nothing_known() -> None:
    assert score(SearchTerms(), parse_query("田中", TODAY)) == 0
    assert terms_of(PersonSummary(subject=bytes(16))) == SearchTerms()


@given(st.text(max_size=20))
def test_anything_typed_is_a_query(typed: str) -> None:
    query = parse_query(typed, TODAY)
    assert all(word for word in query.words)
    assert all(clue.text for word in query.words for clue in word)
    score(terms_of(TARO), query)


@given(
    st.sampled_from(["田中", "太郎", "たなか", "19480503", "輪島"]), st.sampled_from(["田中", "tanaka", "1948", "鈴木"])
)
def test_the_order_of_words_does_not_matter(one: str, other: str) -> None:
    assert found(TARO, f"{one} {other}") == found(TARO, f"{other} {one}")


def test_nothing_that_was_typed_shows_in_a_repr() -> None:
    assert "田中" not in f"{parse_query('田中', TODAY)!r}{terms_of(TARO)!r}"
