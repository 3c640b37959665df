"""Names, kana and addresses: what is one and what is not."""

from functools import reduce

import jaconv
import pytest
from hypothesis import given, strategies as st

from node.people.addresses import fold_address, number
from node.people.kana import LONG, is_kana, is_romaji, is_syllables, sound_key, to_katakana
from node.people.kana_typed import katakana_typed
from node.people.names import fold_name
from node.reference.shipped import rows

# --- kana


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("yamada", "ヤマダ"),
        ("YAMADA", "ヤマダ"),
        ("ｙａｍａｄａ", "ヤマダ"),
        ("やまだ", "ヤマダ"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("ヤマダ", "ヤマダ"),
        ("satou", "サトウ"),
        ("satoh", "サトウ"),
        ("satō", "サトウ"),
        ("ohno", "オオノ"),
        ("oono", "オオノ"),
        ("konno", "コンノ"),
        ("konnno", "コンノ"),
        ("kanna", "カンナ"),
        ("shin'ichi", "シンイチ"),
        ("sampei", "サンペイ"),
        ("homma", "ホンマ"),
        ("hattori", "ハットリ"),
        ("matchi", "マッチ"),
        ("tuji", "ツジ"),
        ("tsuji", "ツジ"),
        ("syouta", "ショウタ"),
        ("shouta", "ショウタ"),
        ("zyun", "ジュン"),
        ("jun", "ジュン"),
        ("huji", "フジ"),
        ("fuji", "フジ"),
        ("siti", "シチ"),
        ("tanaka taro", "タナカ タロ"),
        ("田中", "田中"),
    ],
)
def test_kana_however_typed(typed: str, kana: str) -> None:
    assert to_katakana(typed) == kana


@pytest.mark.parametrize(
    "typed", ["lee", "nguyen", "Garcia", "quan", "Marco", "xiao", "Theo", "Wang", "Sato Lee", "kn"]
)
def test_what_is_no_romaji_of_japanese_stays_as_it_is(typed: str) -> None:
    assert to_katakana(typed) == typed
    assert not is_syllables(typed)


OFFICIAL = (
    ("shi", "si"),
    ("sh", "sy"),
    ("cch", "tty"),
    ("chi", "ti"),
    ("ch", "ty"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("ji", "zi"),
)
"""Hepburn, and the same in the official style."""


def test_every_reading_the_lists_have_can_be_typed_in_hepburn_and_in_the_official_style() -> None:
    lists = (("surnames.tsv", 1), ("given_names_men.tsv", 0), ("given_names_women.tsv", 0), ("municipalities.tsv", 3))
    readings = {part for name, column in lists for row in rows(name) for part in row[column].split()}
    hepburn = {kana: jaconv.kana2alphabet(jaconv.kata2hira(kana)).replace(LONG, "-") for kana in readings}
    official = {
        kana: reduce(lambda text, pair: text.replace(*pair), OFFICIAL, typed) for kana, typed in hepburn.items()
    }
    assert len(readings) > 10_000
    for typed in (hepburn, official):
        assert [kana for kana in readings if not is_kana(katakana_typed(typed[kana]))] == []
        assert [kana for kana in readings if sound_key(katakana_typed(typed[kana])) != sound_key(kana)] == []


@pytest.mark.parametrize("typed", ["na", "anna", "oh", "xtuka", "dexi", "n'", "a-"])
def test_a_long_text_is_judged_at_once(typed: str) -> None:
    is_syllables(typed * 3000 + "q")


@pytest.mark.parametrize(("name", "key"), [("lee", "レエ"), ("nguyen", "ングイエン"), ("garcia", "ガツシア")])
def test_names_of_elsewhere_keep_the_key_they_are_found_by(name: str, key: str) -> None:
    assert sound_key(name) == key


def test_letters_that_were_left_among_kana_are_read() -> None:
    assert katakana_typed("ケn タロウ") == "ケン タロウ"
    assert katakana_typed("タナka") == "タナカ"
    assert katakana_typed("lee タロウ") == "lee タロウ"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("サトウ", "satoh"),
        ("サトウ", "sato"),
        ("サトウ", "サトー"),
        ("オオノ", "ono"),
        ("ユウキ", "yuki"),
        ("ハットリ", "ハツトリ"),
        ("ショウタ", "シヨウタ"),
        ("ツヅキ", "ツズキ"),
        ("ヂ", "ジ"),
        ("ヴァン", "バン"),
        ("シンイチ", "shinichi"),
        ("ケンヤ", "kenya"),
        ("カヲル", "カオル"),
        ("タナカ タロウ", "たなかたろう"),
        ("キョウコ", "kyoko"),
    ],
)
def test_readings_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ヤマダ", "ヤマタ"),
        ("サイトウ", "サトウ"),
        ("ケイコ", "ケコ"),
        ("カナ", "カンナ"),
        ("イイダ", "イダ"),
        ("ハナ", "バナ"),
    ],
)
def test_readings_that_differ_keep_apart(one: str, other: str) -> None:
    assert sound_key(one) != sound_key(other)


def test_what_kind_of_writing_it_is() -> None:
    assert is_kana("たなか タロウ")
    assert is_kana("ﾀﾅｶ")
    assert not is_kana("田中")
    assert not is_kana("")
    assert not is_kana("tanaka")
    assert is_romaji("Tanaka Tarō")
    assert not is_romaji("tanaka2")
    assert not is_romaji("'")


@given(st.text(max_size=12))
def test_a_key_is_a_key_of_itself_and_katakana_only(text: str) -> None:
    key = sound_key(text)
    assert all("ァ" <= letter <= "ヴ" for letter in key)


# --- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"),
        ("𠮷田", "吉田"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡辺"),
        ("山﨑", "山崎"),
        ("濵田", "浜田"),
        ("齋藤", "斎藤"),
        ("齊藤", "斉藤"),
        ("澤田", "沢田"),
        ("佐々木", "佐佐木"),
        ("田中 太郎", "田中　太郎"),
        ("田中太郎", "田中・太郎"),
        ("ﾏｲｹﾙ", "マイケル"),
        ("John Smith", "JOHN SMITH"),
        ("辻\U000e0100", "辻"),
        ("邉\ufe00", "辺"),
    ],
)
def test_forms_of_one_name_have_one_key(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_different_characters_keep_apart() -> None:
    assert fold_name("斎藤") != fold_name("斉藤")
    assert fold_name("太田") != fold_name("大田")


@given(st.text(max_size=12))
def test_a_name_has_no_space_left(text: str) -> None:
    assert not any(letter.isspace() for letter in fold_name(text))


# --- addresses


@pytest.mark.parametrize(
    "typed",
    [
        "石川県輪島市河井町2丁目3番",
        "輪島市河井町２の３",
        "輪島市河井町二丁目三番地",
        "輪島市河井町2-3",
        "輪島市河井町２－３番地",
        "輪島市河井町二の三",
        "輪島市 河井町 2丁目3番地",
        "輪島市河井町2ー3",
        "輪島市大字河井町2‐3",
    ],
)
def test_one_address_has_one_key(typed: str) -> None:
    assert fold_address(typed) == "輪島市河井町2-3"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("河井町2丁目3番4号", "河井町2-3-4"),
        ("石川県鳳珠郡穴水町字川島ト一番地の1", "穴水町川島ト1-1"),
        ("鶴ヶ丘3丁目", "鶴が丘三丁目"),
        ("霞が関1-2-3", "霞ケ関一丁目2番3号"),
        ("一の宮町", "一ノ宮町"),
        ("札幌市中央区北一条西二丁目", "札幌市中央区北1条西2丁目"),
        ("本町百二十三番地", "本町123"),
        ("本町十番地", "本町10"),
        ("東京都千代田区千代田1番1号", "千代田区千代田1-1"),
        ("渡邉町1", "渡辺町1"),
    ],
)
def test_forms_of_one_address_have_one_key(one: str, other: str) -> None:
    assert fold_address(one) == fold_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("河井町2-3", "河井町23"),
        ("河井町2-3", "河井町3-2"),
        ("一本松1", "1本松1"),
        ("三番町", "3-町"),
        ("本町1-2", "本町1-20"),
    ],
)
def test_different_addresses_keep_apart(one: str, other: str) -> None:
    assert fold_address(one) != fold_address(other)


@pytest.mark.parametrize(
    "name", ["四日市市", "大和郡山市", "郡上市", "十文字町", "二本松市", "九十九里町", "三番町", "八日町"]
)
def test_numerals_and_signs_inside_names_stay(name: str) -> None:
    assert fold_address(name) == name


UNITS = ("千", "百", "十", "")


@given(st.integers(1, 9999))
def test_kanji_numerals_mean_what_they_say(value: int) -> None:
    digits = "〇一二三四五六七八九"
    assert number("".join(digits[int(digit)] for digit in str(value))) == value
    words = "".join(
        ("" if digit == 1 and unit else digits[digit]) + unit
        for digit, unit in zip((value // 1000, value // 100 % 10, value // 10 % 10, value % 10), UNITS, strict=True)
        if digit
    )
    assert number(words) == value


def test_an_address_of_nothing_but_numerals_takes_no_time() -> None:
    for piece in ("一", "一の", "1-", "千", "丁目", "郡", "1番", "字"):
        fold_address(piece * 400)


@given(st.text(max_size=30))
def test_any_text_has_an_address_key(text: str) -> None:
    fold_address(text)
