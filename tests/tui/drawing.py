"""Draws a screen as SVG, cell by cell: wide characters line up, and the same screen is always the same bytes."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.pilot import Pilot

from tests.builders.screens import segments

CELL, LINE, SIZE = 10, 24, 18
"""Width of a cell, height of a line, size of the letters."""
MARGIN = 12
BASELINE = 18
"""Where the letters of a line stand, from its top."""
UNDERLINE = 21
FONTS = "'Noto Sans Mono CJK JP','Source Han Mono','BIZ UDGothic','MS Gothic','Osaka-Mono','Hiragino Sans',monospace"


def drawing(pilot: Pilot[int], *, title: str) -> str:
    """What stands on the screen, with fonts that have kanji, none of them fetched from elsewhere."""
    lines = [list(line) for line in segments(pilot)]
    paper = pilot.app.get_css_variables()["paper"]
    columns, rows = pilot.app.size
    width, height = columns * CELL + 2 * MARGIN, rows * LINE + 2 * MARGIN
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>text{{font:{SIZE}px {FONTS};white-space:pre}}.b{{font-weight:bold}}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="{paper}"/>',
        f'<g transform="translate({MARGIN} {MARGIN})">',
    ]
    for number, line in enumerate(lines):
        drawn += _papers(line, number * LINE, paper)
        drawn += _letters(line, number * LINE, paper)
    return "\n".join([*drawn, "</g>", "</svg>", ""])


def _papers(line: list[Segment], top: int, paper: str) -> Iterator[str]:
    """What is behind the letters, where it differs from the paper, and the lines under them."""
    for shade, start, width in _stretches((colours(each.style, paper)[1], each.text) for each in line):
        if shade != paper:
            yield f'<rect x="{start * CELL}" y="{top}" width="{width * CELL}" height="{LINE}" fill="{shade}"/>'
    underlined = (
        (colours(each.style, paper)[0] if each.style and each.style.underline else "", each.text) for each in line
    )
    for ink, start, width in _stretches(underlined):
        if ink:
            yield f'<path d="M{start * CELL} {top + UNDERLINE}.5h{width * CELL}" stroke="{ink}"/>'


def _letters(line: list[Segment], top: int, paper: str) -> Iterator[str]:
    """Each run of equally wide characters in its own place, squeezed into its cells whatever the font."""
    at = 0
    for segment in line:
        ink = colours(segment.style, paper)[0]
        bold = ' class="b"' if segment.style and segment.style.bold else ""
        for cells, run in _runs(segment.text):
            if not run.isspace():
                place = f'x="{at * CELL}" y="{top + BASELINE}" textLength="{cells * CELL}"'
                yield f'<text {place} lengthAdjust="spacingAndGlyphs" fill="{ink}"{bold}>{escape(run)}</text>'
            at += cells


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Runs of characters of one width, blanks apart, each with its cells."""
    for _, found in groupby(text, key=lambda each: (cell_len(each), each.isspace())):
        run = "".join(found)
        yield cell_len(run), run


def _stretches(parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int, int]]:
    """Neighbours of one colour as one: the colour, the cell it begins at, its cells."""
    at = 0
    for colour, found in groupby(parts, key=lambda part: part[0]):
        width = sum(cell_len(text) for _, text in found)
        yield colour, at, width
        at += width


def colours(style: Style | None, paper: str) -> tuple[str, str]:
    """Ink and paper of a piece of a line; blanks may have no ink of their own."""
    behind = _hex(style.bgcolor) if style is not None and style.bgcolor is not None else paper
    ink = _hex(style.color) if style is not None and style.color is not None else behind
    return (behind, ink) if style is not None and style.reverse else (ink, behind)


def _hex(colour: Color) -> str:
    return colour.get_truecolor().hex
