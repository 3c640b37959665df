"""The lists that come with the product."""

import unicodedata
from importlib.resources import files

import pytest

from node.people.kana import is_kana
from node.reference import codes, kanji, municipalities, names, prefectures


def test_there_are_1741_municipalities_and_175_wards() -> None:
    listed = municipalities.municipalities().values()
    assert sum(1 for each in listed if not each.is_ward) == 1741
    assert sum(1 for each in listed if each.is_ward) == 175


def test_every_municipality_lies_in_its_prefecture() -> None:
    for each in municipalities.municipalities().values():
        prefecture = prefectures.prefecture_of(each.code)
        assert prefecture is not None
        assert prefecture.name == each.prefecture
        assert 20 < each.latitude < 46
        assert 122 < each.longitude < 154
        assert is_kana(each.kana)


def test_wajima() -> None:
    town = municipalities.municipality("172049")
    assert town is not None
    assert (town.full_name, town.kana, town.is_ward) == ("石川県輪島市", "ワジマシ", False)
    assert (
        municipalities.municipalities_named("石川県輪島市") == municipalities.municipalities_named("輪島市") == (town,)
    )
    assert municipalities.municipalities_read("ワジマ") == (town,)


def test_towns_that_share_a_name_are_all_told() -> None:
    assert {each.prefecture for each in municipalities.municipalities_named("府中市")} == {"東京都", "広島県"}


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("石川県輪島市河井町2-1", "石川県輪島市"),
        ("輪島市河井町2-1", "石川県輪島市"),
        ("石川県鳳珠郡穴水町字川島", "石川県穴水町"),
        ("鳳珠郡穴水町", "石川県穴水町"),
        ("東京都府中市宮西町", "東京都府中市"),
        ("府中市宮西町", None),
        ("札幌市中央区北一条", "北海道札幌市"),
        ("東京都千代田区霞が関", "東京都千代田区"),
        ("郡上市八幡町", "岐阜県郡上市"),
        ("大和郡山市北郡山町", "奈良県大和郡山市"),
        ("四日市市諏訪町", "三重県四日市市"),
        ("河井町2-1", None),
        ("", None),
    ],
)
def test_an_address_tells_its_municipality(address: str, town: str | None) -> None:
    found = municipalities.municipality_in(address)
    assert (found.full_name if found else None) == town


def test_there_are_47_prefectures() -> None:
    assert len(prefectures.prefectures()) == 47
    ishikawa = prefectures.prefecture("170003")
    assert ishikawa is not None
    assert (ishikawa.name, ishikawa.short, ishikawa.kana, ishikawa.roman) == (
        "石川県",
        "石川",
        "イシカワケン",
        "Ishikawa",
    )
    assert prefectures.prefecture_named("石川") == prefectures.prefecture_named("石川県") == ishikawa
    assert prefectures.prefecture_of("172049") == ishikawa


def test_no_variant_leads_to_another() -> None:
    table = kanji.variants()
    assert len(table) > 1300
    assert not [standard for standard in table.values() if ord(standard) in table]


def test_every_variant_is_one_character_and_not_itself() -> None:
    assert all(len(standard) == 1 and chr(variant) != standard for variant, standard in kanji.variants().items())


@pytest.mark.parametrize(("variant", "standard"), ["𠮷吉", "髙高", "﨑崎", "邉辺", "濵浜", "齋斎", "齊斉"])
def test_forms_seen_in_names(variant: str, standard: str) -> None:
    assert variant.translate(kanji.variants()) == standard


@pytest.mark.parametrize(
    ("surname", "readings"),
    [
        ("斎藤", ("サイトウ",)),
        ("齊藤", ("サイトウ",)),
        ("髙橋", ("タカハシ",)),
        ("𠮷田", ("ヨシダ",)),
        ("渡邉", ("ワタナベ",)),
        ("ほげ", ()),
    ],
)
def test_how_a_surname_is_read(surname: str, readings: tuple[str, ...]) -> None:
    assert names.readings_of_surname(surname) == readings


def test_surnames_of_one_reading_come_by_frequency() -> None:
    assert names.surnames_read("サイトウ")[:4] == ("斎藤", "斉藤", "齋藤", "齊藤")
    assert names.surname_count("佐藤") > names.surname_count("鈴木") > 1_000_000
    assert names.surname_count("無い名字") == 0


def test_how_a_given_name_is_read() -> None:
    assert names.readings_of_given_name("太郎", woman=False)[0] == "タロウ"
    assert names.readings_of_given_name("花子", woman=True)[0] == "ハナコ"
    assert names.readings_of_given_name("無名") == ()


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("一郎", "イチロウ"),
        ("花子", "ハナコ"),
        ("太郎", "タロウ"),
        ("翔太", "ショウタ"),
        ("陽子", "ヨウコ"),
        ("和子", "カズコ"),
        ("幸子", "サチコ"),
        ("大輔", "ダイスケ"),
        ("弘", "ヒロシ"),
        ("由美子", "ユミコ"),
    ],
)
def test_a_given_name_is_suggested_as_most_who_bear_it_are_called(name: str, reading: str) -> None:
    assert names.likeliest_readings(name)[0] == reading
    assert set(names.likeliest_readings(name)) == set(names.readings_of_given_name(name))


def test_readings_of_ones_own_sex_are_suggested_before_the_others() -> None:
    assert names.likeliest_readings("清", woman=True)[0] == "キヨ"
    assert names.likeliest_readings("清", woman=False)[0] == "キヨシ"
    assert names.likeliest_readings("和子", woman=True)[0] == "カズコ"


def test_a_full_name_is_split_after_the_longest_surname() -> None:
    assert names.split_full_name("田中太郎") == ("田中", "太郎")
    assert names.split_full_name("佐々木希") == ("佐々木", "希")
    assert names.split_full_name("髙橋さくら") == ("髙橋", "さくら")
    assert names.split_full_name("田中") is None or names.split_full_name("田中") == ("田", "中")


def test_special_needs_have_one_code_and_one_letter_each() -> None:
    assert len(codes.BY_CODE) == len(codes.BY_LETTER) == len(codes.CARE_NEEDS)
    assert all(len(letter) == 1 and letter.islower() for letter in codes.BY_LETTER)
    assert codes.care_word("dialysis") == "人工透析"
    assert codes.care_word("dialysis", "en") == "dialysis"
    assert codes.care_word("of-a-newer-version") == "of-a-newer-version"


def test_every_table_has_its_credit_and_is_in_normal_form() -> None:
    folder = files("node.reference") / "tables"
    credits_text = (folder / "CREDITS.md").read_text("utf-8")
    tables = [table for table in folder.iterdir() if table.name.endswith(".tsv")]
    assert len(tables) == 6
    for table in tables:
        assert f"`{table.name}`" in credits_text
        if table.name != "kanji_variants.tsv":
            text = table.read_text("utf-8")
            assert unicodedata.is_normalized("NFC", text)
    for licence in (folder / "licences").iterdir():
        assert f"`{licence.name}`" in credits_text
