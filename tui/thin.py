"""Writes to the terminal only the cells that have changed, so that a line of 9.6 kbit/s carries a check-in in seconds.

Textual paints whole lines and often the same ones twice. What it writes is read here as cells, compared with what the
terminal shows already, and only the difference goes on. Whatever is not understood goes through as it is, and where it
may have moved what is shown, everything counts as unknown.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Final

from rich.cells import cell_len
from textual.driver import Driver

_TOKEN: Final = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    r"|\x1b\[(?P<style>[\d;:]*)m"
    r"|(?P<newline>\r?\n)"
    r"|(?P<harmless>\x1b\[\?(?:25|2026)[hl]|\x1b\]22;[^\x07]*\x07)"
    r"|(?P<other>\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[^\[\]]|[\x00-\x1f\x7f])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)
SEEN_ON_BLANKS: Final = frozenset({"4", "7", "9", "21", "53"})
"""Underlined, reversed, struck out, underlined twice, overlined."""
GAP: Final = 6
"""So many unchanged cells are written again rather than jumped over: the jump takes as many bytes."""

Cell = tuple[str, str]
"""A character, "" in the second cell of a wide one, and its style as the terminal is told it."""
UNKNOWN: Final[Cell] = ("", "unknown")
"""What may be anything."""
LINES_KEPT: Final = 1024
"""So many different pieces of lines are kept as cells: most are painted again and again."""


class Thin:
    """What a terminal shows, as far as it is known, and what must be written to change that."""

    def __init__(self) -> None:
        self._shown: defaultdict[int, list[Cell]] = defaultdict(list)
        """The cells of each row, as far as it was ever written."""
        self._at: tuple[int, int] | None = None
        """Where the cursor is taken to be by whoever writes; None: not known."""
        self._style = ""
        self._out: list[str] = []
        self._out_at: tuple[int, int] | None = None
        """Where the terminal's cursor is."""
        self._out_style = ""

    def forget(self) -> None:
        """Something else may stand there now: everything is written anew."""
        self._shown.clear()
        self._at = self._out_at = None

    def thinned(self, data: str) -> str:
        """What must be written so that the terminal shows what it would show after `data`."""
        self._out = []
        for token in _TOKEN.finditer(data):
            self._take(token)
        if self._at is not None and self._at != self._out_at:
            self._move(self._at)
        if self._style != self._out_style:
            self._wear(self._style)
        return "".join(self._out)

    def _take(self, token: "re.Match[str]") -> None:
        kind = token.lastgroup
        if kind == "column":
            self._at = int(token["row"]) - 1, int(token["column"]) - 1
        elif kind == "style":
            self._style = "" if token["style"] in ("", "0") else _joined(self._style, token["style"])
        elif kind == "newline" and self._at is not None:
            self._at = self._at[0] + 1, 0
        elif kind == "harmless":
            self._out.append(token[0])
        elif kind == "text" and self._at is not None:
            self._write(token["text"])
        else:
            self._through(token[0])

    def _through(self, text: str) -> None:
        """Not understood, or written nobody knows where."""
        if self._style != self._out_style:
            self._wear(self._style)
        self._out.append(text)
        self.forget()

    def _write(self, text: str) -> None:
        assert self._at is not None  # noqa: S101 -- looked at by the caller
        (row, column), line = self._at, self._shown[self._at[0]]
        cells = _cells(text, self._style)
        end = column + len(cells)
        self._at = row, end
        line.extend([UNKNOWN] * (end - len(line)))
        shown = line[column:end]
        if shown == cells:
            return
        for first, last in _runs(shown, cells):
            self._emit(row, column + first, "".join(character for character, _ in cells[first:last]))
        # What is written over half of a wide character breaks its other half.
        if column and _is_half(shown[0]):
            line[column - 1] = UNKNOWN
        if end < len(line) and _is_half(line[end]):
            line[end] = UNKNOWN
        line[column:end] = cells

    def _emit(self, row: int, column: int, text: str) -> None:
        """Text in the style of the moment; a blank needs no more of it than what of it is seen."""
        if self._out_at != (row, column):
            self._move((row, column))
        visible = text.lstrip(" ")
        blanks = text[: len(text) - len(visible)]
        if blanks and _of_blank(self._out_style) != _of_blank(self._style):
            self._wear(self._style if visible else _of_blank(self._style))
        self._out.append(blanks)
        if visible:
            if self._out_style != self._style:
                self._wear(self._style)
            self._out.append(visible)
        self._out_at = (row, column + cell_len(text))

    def _move(self, to: tuple[int, int]) -> None:
        self._out.append(f"\x1b[{to[0] + 1};{to[1] + 1}H")
        self._out_at = to

    def _wear(self, style: str) -> None:
        self._out.append(f"\x1b[0;{style}m" if style else "\x1b[0m")
        self._out_style = style


def thin(driver_class: type[Driver]) -> type[Driver]:
    """The driver, writing only what has changed."""

    class ThinDriver(driver_class):  # type: ignore[valid-type,misc]
        """Between the screens and their terminal."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            self._thin = Thin()
            self._thin_size: object = None
            super().__init__(*arguments, **options)

        def write(self, data: str) -> None:
            """Writes what has changed; all of it after the terminal was resized."""
            size = self._app.size
            if size != self._thin_size:
                self._thin.forget()
                self._thin_size = size
            thinned = self._thin.thinned(data)
            if thinned:
                super().write(thinned)

        def forget(self) -> None:
            """The terminal may show something else by now."""
            self._thin.forget()

    return ThinDriver


@cache
def _of_blank(style: str) -> str:
    """What of a style a blank shows: its paper, and lines through or under it. So most blanks are alike."""
    told = list(_told(style.split(";") if style else []))
    if any(one[0] in SEEN_ON_BLANKS for one in told):
        return style
    return ";".join(";".join(one) for one in told if _is_paper(one[0]))


def _told(numbers: list[str]) -> Iterator[list[str]]:
    """What a style says, piece by piece: a colour by its number or its parts is one piece."""
    place = 0
    while place < len(numbers):
        kind = "".join(numbers[place + 1 : place + 2])
        length = {"5": 3, "2": 5}.get(kind, 1) if numbers[place] in ("38", "48", "58") else 1
        yield numbers[place : place + length]
        place += length


def _is_paper(number: str) -> bool:
    return number == "48" or (number.isdigit() and (40 <= int(number) <= 47 or 100 <= int(number) <= 107))


def _joined(style: str, more: str) -> str:
    return f"{style};{more}" if style else more


@lru_cache(LINES_KEPT)
def _cells(text: str, style: str) -> list[Cell]:
    """The text cell by cell."""
    cells: list[Cell] = []
    worn = _worn(style)
    led = ""
    for character in text:
        made = worn[character]
        if led and made:
            cells.append((led + made[0][0], made[0][1]))
            cells += made[1:]
            led = ""
        elif made:
            cells += made
        elif cells:  # it combines with the one before
            head = -2 if _is_half(cells[-1]) else -1
            cells[head] = (cells[head][0] + character, style)
        else:
            led += character
    return cells


class _Worn(dict[str, list[Cell]]):
    """The cells of each character in one style, made once; a blank has no more of it than what of it is seen."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, character: str) -> list[Cell]:
        width = cell_len(character)
        first: Cell = (character, _of_blank(self._style) if character == " " else self._style)
        made = [first, *[("", self._style)] * (width - 1)] if width else []
        self[character] = made
        return made


_worn: Final = cache(_Worn)
"""By style: there are few, and of characters only so many are ever shown."""


def _runs(shown: list[Cell], cells: list[Cell]) -> Iterator[tuple[int, int]]:
    """Which cells must be written, as ranges of whole characters; what is short and the same between two is too."""
    differ = [number for number, (before, after) in enumerate(zip(shown, cells, strict=True)) if before != after]
    first = last = differ[0]
    for number in (*differ[1:], None):
        if number is not None and number - last <= GAP + 1:
            last = number
            continue
        end = last + 1
        while end < len(cells) and _is_half(cells[end]):
            end += 1
        yield first - _is_half(cells[first]), end
        if number is not None:
            first = last = number


def _is_half(cell: Cell) -> bool:
    """Whether it is the second cell of a wide character."""
    return cell[0] == "" and cell is not UNKNOWN
