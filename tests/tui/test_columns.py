"""Columns of cells: a kanji takes two, and nothing is cut without saying so."""

import pytest
from hypothesis import given, strategies as st
from rich.cells import cell_len

from tui.columns import cut, folded, pad, pad_left, row, widths

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
