"""Lays plain Japanese out with the readings above the kanji: two lines of cells for each line of text. Pure."""

from rich.cells import cell_len

from node.paper.readings import with_readings

Unit = tuple[str, str]
"""A line of cells of readings and one of text, equally wide."""


def laid_out(said: str, width: int) -> list[Unit]:
    """The text in lines of at most `width` cells, broken at its blanks: readings above, text below."""
    lines: list[Unit] = []
    above = below = ""
    for chunk in said.split():
        over, under = _chunk(chunk)
        if below and cell_len(f"{below} {under}") > width:
            lines.append((above.rstrip(), below))
            above, below = over, under
        else:
            between = " " if below else ""
            above, below = f"{above}{between}{over}", f"{below}{between}{under}"
    return [*lines, (above.rstrip(), below)] if below else lines


def _chunk(chunk: str) -> Unit:
    over = under = ""
    for written, reading in with_readings(chunk):
        cells = max(cell_len(written), cell_len(reading))
        over += _centred(reading, cells)
        under += _centred(written, cells)
    return over, under


def _centred(text: str, cells: int) -> str:
    left = (cells - cell_len(text)) // 2
    return " " * left + text + " " * (cells - cell_len(text) - left)
