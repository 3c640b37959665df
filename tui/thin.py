"""Writes to the terminal only the cells that have changed, so that a line of 9.6 kbit/s carries a check-in in seconds.

Textual paints whole lines and often the same ones twice. What it writes is read here as cells, compared with what the
terminal shows already, and only the difference goes on. Whatever is not understood goes through as it is, and where it
may have moved what is shown, everything counts as unknown.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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


@dataclass(slots=True)
class _Changed:
    """A cell to be written."""

    row: int
    column: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class _Told:
    """A text as it was written."""

    text: str
    style: str
    end: int
    """The column behind it."""
    changes: int
    """How often its row had changed by then."""

    def is_still(self, text: str, style: str, changes: int) -> bool:
        """Whether it would be written again, and stands there as it was."""
        return self.changes == changes and self.text == text and self.style == style


class Thin:
    """What a terminal shows, as far as it is known, and what must be written to change that."""

    def __init__(self) -> None:
        self._shown: dict[tuple[int, int], Cell] = {}
        self._told: dict[tuple[int, int], _Told] = {}
        """The text last written from each cell on: the same one again, on a row that is as it was, changes nothing."""
        self._changes: Counter[int] = Counter()
        """How often each row has changed."""
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
        self._told.clear()
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
        at = row, column = self._at
        told = self._told.get(at)
        if told is not None and told.is_still(text, self._style, self._changes[row]):
            self._at = row, told.end
            return
        shown, style, blank = self._shown, self._style, _of_blank(self._style)
        run: list[_Changed] = []
        pending: list[_Changed] = []
        for character, width in _characters(text):
            cell = (character, blank if character == " " else style)
            if shown.get((row, column)) == cell and (width == 1 or shown.get((row, column + 1)) == ("", style)):
                if run:
                    pending.append(_Changed(row, column, cell))
            else:
                if len(pending) > GAP:
                    self._emit(run)
                    run = []
                elif pending:
                    run += pending
                pending = []
                run.append(_Changed(row, column, cell))
                self._put(row, column, cell, width)
            column += width
        self._emit(run)
        self._at = row, column
        self._told[at] = _Told(text, self._style, column, self._changes[row])

    def _put(self, row: int, column: int, cell: Cell, width: int) -> None:
        """The cell as it will be shown. What is written over half of a wide character breaks its other half."""
        if self._shown.get((row, column), (" ", ""))[0] == "":
            self._shown.pop((row, column - 1), None)
        if self._shown.get((row, column + width), (" ", ""))[0] == "":
            self._shown.pop((row, column + width), None)
        self._changes[row] += 1
        self._shown[row, column] = cell
        if width == 2:
            self._shown[row, column + 1] = ("", cell[1])

    def _emit(self, run: list[_Changed]) -> None:
        if not run:
            return
        first, last = run[0], run[-1]
        if self._out_at != (first.row, first.column):
            self._move((first.row, first.column))
        text = ""
        for changed in run:
            worn = _of_blank(self._out_style) if changed.cell[0] == " " else self._out_style
            if changed.cell[1] != worn:
                self._out.append(text)
                text = ""
                self._wear(changed.cell[1])
            text += changed.cell[0]
        self._out.append(text)
        self._out_at = (last.row, last.column + _width(last.cell[0]))

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


def _characters(text: str) -> Iterator[tuple[str, int]]:
    """Each character with what combines with it, and how many cells it takes."""
    held = ""
    for character in text:
        width = _width(character)
        if width == 0:
            held += character
            continue
        if held:
            yield held, _width(held[0])
        held = character
    if held:
        yield held, _width(held[0])


@cache
def _width(text: str) -> int:
    """The cells of a character, with or without what combines with it. Only so many characters are ever shown."""
    return cell_len(text[:1])
