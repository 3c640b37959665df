"""Lays words out in columns of terminal cells, where a kanji takes two: pure arithmetic."""

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

CUT = ".."
"""Stands where text was left out. Dots of their own width: terminals in Japan disagree on the width of an ellipsis."""


def one_line(text: str) -> str:
    """The text without anything that would move the cursor."""
    return _CONTROL.sub(" ", text)


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells; where something is missing, it ends in two dots."""
    text = one_line(text)
    if cell_len(text) <= width:
        return text
    if width <= len(CUT):
        return CUT[:width]
    return set_cell_size(text, width - len(CUT)).rstrip() + CUT


def pad(text: str, width: int) -> str:
    """The text in exactly `width` cells."""
    text = one_line(text)
    taken = cell_len(text)
    return text + " " * (width - taken) if taken <= width else set_cell_size(cut(text, width), width)


def pad_left(text: str, width: int) -> str:
    """The text in exactly `width` cells, at their right end: for figures."""
    text = cut(text, width)
    return " " * (width - cell_len(text)) + text


def widths(total: int, fixed: Sequence[int], growing: int = 0) -> list[int]:
    """The columns' widths one cell apart; a 0 in `fixed` takes a share of what is left, at least `growing`."""
    left = total - sum(fixed) - (len(fixed) - 1)
    shares = fixed.count(0)
    each, rest = divmod(max(left, growing * shares), shares) if shares else (0, 0)
    laid = []
    for width in fixed:
        extra = 1 if width == 0 and rest > 0 else 0
        rest -= extra
        laid.append(width or each + extra)
    return laid


def row(cells: Sequence[str], laid: Sequence[int]) -> str:
    """One line of a table, its columns one cell apart."""
    return " ".join(pad(cell, width) for cell, width in zip(cells, laid, strict=True))


def packed(items: Sequence[str], width: int) -> list[str]:
    """The items on as few lines as they need, two blanks apart, none broken."""
    lines = [""]
    for item in items:
        longer = f"{lines[-1]}  {item}" if lines[-1] else item
        if cell_len(longer) > width and lines[-1]:
            lines.append(item)
        else:
            lines[-1] = longer
    return lines


def folded(text: str, width: int) -> list[str]:
    """The text broken into lines of at most `width` cells; Japanese breaks anywhere, English between words."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if cell_len(line + piece.rstrip()) > width and line:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return lines


CLOSING, OPENING = "、。）」：・", "（「"
"""Marks no line begins with, and those no line ends in."""


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a blank, and around every wide character but not before a closing mark."""
    pieces: list[str] = []
    for character in text:
        glued = bool(pieces) and not pieces[-1].endswith(" ")
        narrow = cell_len(character) < 2 and (not glued or cell_len(pieces[-1][-1]) < 2)
        if glued and (narrow or character in CLOSING or pieces[-1][-1] in OPENING):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
