"""Romaji become katakana while they are typed: what stands in the field after each key."""

import pytest
from textual.app import App, ComposeResult

from tui.fields import Field
from tui.kana_field import KanaField

SIZE = (80, 24)


class OneField(App[None]):
    def compose(self) -> ComposeResult:
        yield KanaField("kana", max_length=12)
        yield Field("other")


async def seen(*keys: str) -> list[str]:
    """What stands there after each key."""
    app, values = OneField(), []
    async with app.run_test(size=SIZE) as pilot:
        field = app.query_one("#kana", KanaField)
        field.focus()
        for key in keys:
            await pilot.press(key)
            values.append(field.value)
    return values


def keys(typed: str) -> list[str]:
    """The keys of what is typed, by their names."""
    names = {"'": "apostrophe", "-": "minus", " ": "space"}
    return [names.get(letter, letter) for letter in typed]


async def test_each_syllable_is_there_with_its_vowel() -> None:
    assert await seen(*"tanaka") == ["t", "タ", "タn", "タナ", "タナk", "タナカ"]


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("shinji", "シンジ"),
        ("kyouko", "キョウコ"),
        ("hattori", "ハットリ"),
        ("konno", "コンノ"),
        ("jun'ichi", "ジュンイチ"),
        ("shimba", "シンバ"),
        ("ohno", "オオノ"),
        ("Sato", "サト"),
        ("matchi", "マッチ"),
        ("dexiasu", "ディアス"),
        ("deliasu", "ディアス"),
        ("haxtutori", "ハットリ"),
        ("eva", "エヴァ"),
        ("thiara", "ティアラ"),
    ],
)
async def test_names_as_people_type_them(typed: str, becomes: str) -> None:
    assert (await seen(*keys(typed)))[-1] == becomes


@pytest.mark.parametrize(("typed", "becomes"), [("ken", "ケン"), ("satoh", "サトウ"), ("jun", "ジュン")])
@pytest.mark.parametrize("leaving", ["tab", "enter"])
async def test_a_word_that_is_left_ends(typed: str, becomes: str, leaving: str) -> None:
    assert (await seen(*typed, leaving))[-1] == becomes


async def test_a_hyphen_behind_a_vowel_makes_it_long_at_once() -> None:
    assert await seen(*keys("ko-hi-")) == ["k", "コ", "コー", "コーh", "コーヒ", "コーヒー"]


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("ito-", "イトー"),
        ("ri-", "リー"),
        ("KO-HI-", "コーヒー"),
        ("ko-n", "コーン"),
        ("mari- ro-ra", "マリー ローラ"),
        ("Sato-Tanaka", "サト タナカ"),
        ("Anne-Marie", "アンネ マリエ"),
        ("Jean-Pierre", "Jean-Pierre"),
        ("jean-pierre", "jean-pierre"),
        ("smith-jones", "smith-jones"),
        ("-", "-"),
        ("ken -", "ケン -"),
    ],
)
async def test_a_hyphen_elsewhere_is_no_mark_of_length(typed: str, becomes: str) -> None:
    assert (await seen(*keys(typed), "tab"))[-1] == becomes


async def test_a_hyphen_behind_kana_of_an_input_method_makes_them_long() -> None:
    assert (await seen("い", "と", "minus", *"ta"))[-1] == "イトータ"
    assert (await seen("ッ", "minus"))[-1] == "ッ-"


async def test_a_word_ends_with_a_blank_as_well() -> None:
    assert (await seen(*keys("ken taro")))[-1] == "ケン タロ"


@pytest.mark.parametrize(
    "typed", ["smith", "mcdonald", "kenx", "lee", "nguyen", "garcia", "quan", "xiao", "marco", "lopez", "mbappe", "la"]
)
async def test_what_is_no_japanese_stays_as_it_was_typed(typed: str) -> None:
    assert (await seen(*typed, "tab"))[-1] == typed


async def test_deleting_takes_what_is_seen_and_typing_goes_on_behind_it() -> None:
    assert await seen(*"ohno", "backspace", "k", "a") == ["オ", "オh", "オhn", "オオノ", "オオ", "オオk", "オオカ"]
    assert (await seen(*"tak", "backspace", *"na"))[-1] == "タナ"


async def test_in_the_middle_of_what_stands_there() -> None:
    assert (await seen(*"taka", "left", *"na"))[-1] == "タナカ"


async def test_kana_of_any_kind_are_katakana_at_once() -> None:
    assert (await seen("た", "な", "ｶ", "ー"))[-1] == "タナカー"


async def test_letters_between_kana_and_a_second_word() -> None:
    assert (await seen(*"ana", "space", *"mari"))[-1] == "アナ マリ"


async def test_no_more_than_there_is_room_for() -> None:
    assert (await seen(*("ka" * 14)))[-1].startswith("カ" * 12)


async def test_pasted_letters_are_read_as_well() -> None:
    app = OneField()
    async with app.run_test(size=SIZE) as pilot:
        field = app.query_one("#kana", KanaField)
        field.focus()
        await pilot.pause()
        field.insert_text_at_cursor("tanaka")
        assert field.value == "タナカ"
