"""Columns of cells: a kanji takes two, and nothing is cut without saying so."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from tests.builders.desk import FakeDesk
from tui.columns import cut, folded, pad, pad_left, row, widths
from tui.people import person_row
from tui.words import Words

TEXT = st.text(alphabet=st.sampled_from("abc 山田斎藤ｱヤマ・、。（）1２"), max_size=40)


@given(TEXT, st.integers(2, 30))
def test_a_padded_text_fills_its_column_exactly(text: str, width: int) -> None:
    assert cell_len(pad(text, width)) == width
    assert cell_len(pad_left(text, width)) == width


@given(TEXT, st.integers(3, 30))
def test_what_does_not_fit_ends_in_two_dots(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
    assert cut(text, width) == text or cut(text, width).endswith("..")


@given(TEXT, st.integers(4, 30))
def test_a_folded_text_fits_and_loses_nothing(text: str, width: int) -> None:
    lines = folded(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_folded_lines_do_not_begin_with_a_closing_mark() -> None:
    assert folded("記録はすべてここに。", 18) == ["記録はすべてここ", "に。"]


def test_growing_columns_share_what_is_left() -> None:
    assert widths(40, [10, 0, 4, 0]) == [10, 12, 4, 11]


def test_a_row_is_as_wide_as_its_columns() -> None:
    assert cell_len(row(["山岸 正一", "75"], [10, 3])) == 14


@pytest.mark.parametrize("odd", ["a\nb", "a\tb", "a\x1b[31mb"])
def test_control_characters_never_reach_the_terminal(odd: str) -> None:
    assert all(character.isprintable() for character in cut(odd, 20))


def test_a_path_in_brackets_takes_the_bracket_along() -> None:
    assert folded("書き出しました（/media/usb/a.moyai）。", 24) == ["書き出しました", "（/media/usb/a.moyai）。"]


@pytest.mark.parametrize(
    ("name", "kana", "told"),
    [
        ("suzuki michiko", "スズキ ミチコ", "suzuki michiko スズキ ミチコ      1948"),
        ("山岸 正一", "ヤマギシ ショウイチ", "山岸 正一    ヤマギシ ショウイチ  1948"),
        ("christopher mcdonald", "クリストファー マク", "christopher.. クリストファー マク 1948"),
    ],
)
def test_a_long_name_takes_the_room_its_kana_leave(name: str, kana: str, told: str) -> None:
    family, own = name.split()
    person = replace(FakeDesk().people[0], family_name=family, given_name=own, kana=kana, birth="1948-05-03")
    line = person_row(person, date(2026, 1, 1), Words("ja"), 77)
    assert line.startswith(told)
    assert cell_len(line) <= 77
