"""A sheet of A4 to draw on: text in one embedded typeface, lines, boxes to fill in, symbols for a scanner.

The typeface is embedded, so that the sheet looks the same on every printer; of it only what is used.
"""

from datetime import datetime
from importlib.resources import as_file, files

from fpdf import FPDF
from fpdf.fonts import TTFFont

from node.paper.symbol import matrix, runs
from node.paper.words import en, ja

FACE = "BIZUDPGothic"
FILE = "BIZUDPGothic-Regular.ttf"
MISSING = "〓"
"""What printers set for a character they have no type for."""

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
POINT_MM = 25.4 / 72
QUIET_MODULES = 4
"""White around a symbol, which a scanner needs to find it."""
DRILL_POINTS = 190
GREY = 90
PALE = 235


class Leaf:
    """Pages of one print job. Lengths are in mm from the upper left, sizes of type in points."""

    def __init__(self, *, title: str, made_at: datetime, drill: bool = False) -> None:
        """`drill`: every page says that it is one."""
        self._drill = drill
        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_title(title)
        self._pdf.set_creation_date(made_at)
        self._pdf.set_line_width(0.2)
        with as_file(files("node.paper").joinpath("fonts", FILE)) as path:
            self._pdf.add_font(FACE, fname=path)
        self._face = self._pdf.fonts[FACE.lower()]
        self._characters = frozenset(self._face.cmap) if isinstance(self._face, TTFFont) else frozenset()

    def page(self) -> None:
        """Begin a page."""
        self._pdf.add_page()
        if self._drill:
            self._say_that_it_is_a_drill()

    def _say_that_it_is_a_drill(self) -> None:
        """Large and pale across the page, under what is printed; and black at its upper edge."""
        self._pdf.set_font(FACE, size=DRILL_POINTS)
        self._pdf.set_text_color(PALE)
        said = ja("drill.word")
        with self._pdf.rotation(45, WIDTH_MM / 2, HEIGHT_MM / 2):
            width = self._pdf.get_string_width(said)
            self._pdf.text((WIDTH_MM - width) / 2, HEIGHT_MM / 2 + DRILL_POINTS * POINT_MM / 3, said)
        self.text(WIDTH_MM - 6, 2.5, f"{ja('drill.line')} {en('drill.line')}", size=8, right=True)

    def written(self) -> bytes:
        """The PDF. Nothing can be drawn afterwards."""
        pdf = bytes(self._pdf.output())
        if isinstance(self._face, TTFFont):
            self._face.close()
        return pdf

    # --- text

    def text(self, x: float, y: float, said: str, *, size: float = 10, grey: bool = False, right: bool = False) -> None:
        """One line with its upper edge at y; `right`: that ends at x."""
        said = self.printable(said)
        self._type(size, grey=grey)
        if right:
            x -= self._pdf.get_string_width(said)
        self._pdf.text(x, y + size * POINT_MM * 0.86, said)

    def fitted(self, x: float, y: float, width: float, said: str, *, size: float = 10, grey: bool = False) -> None:
        """One line, in smaller type where it would be wider than that; cut where even that does not do."""
        said = self.printable(said)
        while size > 5 and self.width(said, size) > width:
            size -= 0.5
        while said and self.width(said, size) > width:
            said = said[:-1]
        self.text(x, y, said, size=size, grey=grey)

    def paragraph(
        self, x: float, y: float, width: float, said: str, *, size: float = 9, grey: bool = False, leading: float = 1.4
    ) -> float:
        """Text folded to a width. Returns where it ends."""
        for line in self.folded(said, width, size):
            self.text(x, y, line, size=size, grey=grey)
            y += size * POINT_MM * leading
        return y

    def width(self, said: str, size: float) -> float:
        """How wide a line is."""
        self._type(size)
        return float(self._pdf.get_string_width(said))

    def folded(self, said: str, width: float, size: float) -> list[str]:
        """The lines of a text: broken at a space in what has spaces, else between characters, never before a comma."""
        lines: list[str] = []
        for paragraph in self.printable(said).split("\n"):
            line = ""
            for piece in pieces(paragraph):
                if line and self.width(line + piece.rstrip(), size) > width:
                    lines.append(line.rstrip())
                    line = ""
                line += piece
            lines.append(line.rstrip())
        return lines

    def printable(self, said: str) -> str:
        """The text as it can be set: what the typeface lacks is replaced, and shows that it was."""
        return "".join(one if ord(one) in self._characters or one == "\n" else MISSING for one in said)

    # --- lines, boxes, symbols

    def line(self, x: float, y: float, to_x: float, to_y: float, *, width: float = 0.2) -> None:
        """A line."""
        self._pdf.set_line_width(width)
        self._pdf.set_draw_color(0)
        self._pdf.line(x, y, to_x, to_y)

    def box(self, x: float, y: float, width: float, height: float, *, line: float = 0.2, pale: bool = False) -> None:
        """A frame; `pale`: with a light ground."""
        self._pdf.set_line_width(line)
        self._pdf.set_draw_color(0)
        self._pdf.set_fill_color(PALE)
        self._pdf.rect(x, y, width, height, style="DF" if pale else "D")

    def tick(self, x: float, y: float, said: str, *, size: float = 9, side: float = 3.4) -> float:
        """A box to tick with a word beside it. Returns where the word ends."""
        self.box(x, y, side, side, line=0.3)
        self.text(x + side + 1, y + (side - size * POINT_MM) / 2, said, size=size)
        return x + side + 1 + self.width(self.printable(said), size)

    def cells(self, x: float, y: float, count: int, *, side: float = 7) -> float:
        """Boxes for so many digits. Returns where they end."""
        for number in range(count):
            self.box(x + number * side, y, side, side * 1.15)
        return x + count * side

    def symbol(self, x: float, y: float, side: float, content: str, *, error: str = "M") -> float:
        """A QR symbol with the white around it that a scanner needs, in a square. Returns the size of a module."""
        rows = matrix(content, error=error)
        module = side / (len(rows) + 2 * QUIET_MODULES)
        self._pdf.set_fill_color(0)
        for number, row in enumerate(rows):
            for start, length in runs(row):
                self._pdf.rect(
                    x + (QUIET_MODULES + start) * module,
                    y + (QUIET_MODULES + number) * module,
                    length * module,
                    module * 1.01,
                    style="F",
                )
        return module

    def _type(self, size: float, *, grey: bool = False) -> None:
        self._pdf.set_font(FACE, size=size)
        self._pdf.set_text_color(GREY if grey else 0)


def pieces(said: str) -> list[str]:
    """A text in pieces that may not be broken: words with the space behind them, else single characters with the
    punctuation behind them."""
    found: list[str] = []
    for character in said:
        before = found[-1][-1] if found else ""
        glued = character in "、。，．）」』・ー？！,.)?!: " or (
            before.isascii() and character.isascii() and not before.isspace() and bool(before)
        )
        in_brackets = bool(found) and found[-1].rfind("(") > found[-1].rfind(")")
        if found and (glued or in_brackets or before in "（「『" or character == "("):
            found[-1] += character
        else:
            found.append(character)
    return found
