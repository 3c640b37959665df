"""What is thinned shows the same as what was not: on a real terminal emulator, for anything the screens may write."""

import pyte
from hypothesis import given, settings, strategies as st
from rich.cells import cell_len

from tui.thin import Thin

COLUMNS, ROWS = 24, 6
STYLES = ("", "1;38;5;231;48;5;24", "38;5;250;48;5;16", "7")
WORDS = ("abc", "  ", "受付", "山田 a", "ｱｲ", "-", "輪島市立", "か\u3099")


class Glass:
    """A terminal."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        self.stream.feed(text)

    @property
    def shown(self) -> list[list[tuple[object, ...]]]:
        return [
            [
                (cell.data, cell.bg, cell.reverse)
                if cell.data == " " and not cell.reverse
                else (cell.data, cell.fg, cell.bg, cell.bold, cell.reverse)
                for cell in (self.screen.buffer[row][column] for column in range(COLUMNS))
            ]
            for row in range(ROWS)
        ]

    @property
    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.y, self.screen.cursor.x


def painted(row: int, column: int, style: str, words: list[str]) -> str:
    """A piece of a line as Textual writes it, within the terminal's width."""
    text, room = "", COLUMNS - column - 1
    for word in words:
        cells = cell_len(word)
        if cells > room:
            break
        text, room = text + word, room - cells
    return f"\x1b[{row + 1};{column + 1}H\x1b[{style}m{text}\x1b[0m" if style else f"\x1b[{row + 1};{column + 1}H{text}"


PIECE = st.builds(
    painted,
    st.integers(0, ROWS - 1),
    st.integers(0, COLUMNS - 2),
    st.sampled_from(STYLES),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
)
PAINT = st.lists(PIECE, min_size=1, max_size=8).map("".join)
CLEAR = st.just("\x1b[2J")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PAINT, PAINT, PAINT, CLEAR), min_size=1, max_size=10))
def test_the_terminal_shows_the_same(paints: list[str]) -> None:
    plain, thinned, thin = Glass(), Glass(), Thin()
    for paint in paints:
        plain.feed(paint)
        thinned.feed(thin.thinned(paint))
        assert thinned.shown == plain.shown
        assert thinned.cursor == plain.cursor


def test_what_stands_there_already_is_not_written_again() -> None:
    thin, line = Thin(), painted(1, 0, STYLES[1], ["受付", " ", "山田 a"])
    assert "受付" in thin.thinned(line)
    assert thin.thinned(line) == ""


def test_of_a_line_only_what_changed_is_written() -> None:
    thin = Thin()
    thin.thinned("\x1b[1;1Habcdefghijklmnop")
    assert thin.thinned("\x1b[1;1Habcdefghijklmnoq") == "\x1b[1;16Hq"


def test_a_resized_terminal_is_painted_whole() -> None:
    thin, line = Thin(), "\x1b[1;1Habc"
    thin.thinned(line)
    thin.forget()
    assert thin.thinned(line) == "\x1b[1;1Habc"


def test_marks_of_a_whole_frame_and_the_cursor_go_through() -> None:
    thin = Thin()
    thin.thinned("\x1b[1;1Habc")
    assert thin.thinned("\x1b[?2026h\x1b[1;1Habc\x1b[?2026l\x1b[?25l") == "\x1b[?2026h\x1b[?2026l\x1b[?25l"


def test_what_is_not_understood_goes_through_and_nothing_is_taken_for_known() -> None:
    thin = Thin()
    thin.thinned("\x1b[1;1Habc")
    assert thin.thinned("\x1b[?1049h") == "\x1b[?1049h"
    assert thin.thinned("\x1b[1;1Habc") == "\x1b[1;1Habc"
