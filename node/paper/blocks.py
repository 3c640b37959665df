"""Draws a symbol with characters: two modules of height in one of them, or two columns of space for each module.

Half blocks have an ambiguous width: where a terminal makes them two columns wide, the symbol is torn, and spaces with a
ground of their own are what holds. They need twice the room.
"""

from collections.abc import Sequence

HALVES = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
QUIET = 2
"""White modules around it: less than the four on paper, and enough before a screen."""


def framed(rows: Sequence[bytes], *, quiet: int = QUIET) -> list[bytes]:
    """The modules with white around them, 1 for black."""
    width = len(rows[0]) + 2 * quiet
    white = [bytes(width)] * quiet
    return [*white, *(bytes(quiet) + bytes(one & 1 for one in row) + bytes(quiet) for row in rows), *white]


def half_blocks(rows: Sequence[bytes], *, light: bool = False) -> list[str]:
    """Two rows a line. `light`: what is drawn are the white modules, for a terminal that writes light on dark."""
    flip = 1 if light else 0
    lines = []
    for number in range(0, len(rows), 2):
        above = rows[number]
        below = rows[number + 1] if number + 1 < len(rows) else bytes(len(above))
        lines.append("".join(HALVES[(up ^ flip, down ^ flip)] for up, down in zip(above, below, strict=True)))
    return lines
