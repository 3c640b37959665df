"""Draws an evacuee card and a wristband for the printer, and the symbols of a card as a picture for a telephone."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

from node.paper.leaf import WIDTH_MM, Leaf
from node.paper.words import en, ja

LEFT = 12.0
RIGHT = WIDTH_MM - 12.0
SYMBOL_MM = 45.0
"""With 81 modules and the white around it half a millimetre a module: what any scanner for 2D symbols reads."""
STEP_X, STEP_Y = 47.0, 51.0
A_ROW = 4
A_PAGE = 16
BAND_SYMBOL_MM = 20.0
BANDS_A_PAGE = 9
PIXELS_A_MODULE = 6


def draw_card(
    symbols: Sequence[str],
    *,
    name: str,
    kana: str,
    facets: Sequence[str],
    organisation_name: str,
    made_at: datetime,
    days_max: int,
    drill: bool = False,
) -> bytes:
    """A PDF: the card on the upper half of a page, to be cut off, with as many pages as it has symbols for."""
    leaf = Leaf(title=ja("card.title"), made_at=made_at, drill=drill)
    leaf.page()
    leaf.text(LEFT, 10, ja("card.title"), size=18)
    leaf.text(LEFT + leaf.width(ja("card.title"), 18) + 3, 13, en("card.title"), size=10, grey=True)
    leaf.text(RIGHT, 10, organisation_name, size=11, right=True)
    leaf.text(RIGHT, 15.5, made_at.strftime("%Y-%m-%d"), size=10, right=True)
    leaf.text(LEFT, 20, kana, size=8, grey=True)
    leaf.fitted(LEFT, 23.5, 110, name, size=16)
    words = "、".join(ja(f"facet.{facet}") for facet in facets)
    english = ", ".join(en(f"facet.{facet}") for facet in facets)
    y = leaf.paragraph(LEFT, 31.5, RIGHT - LEFT, f"{ja('card.contents')}：{words}", size=8.5)
    y = leaf.paragraph(LEFT, y, RIGHT - LEFT, f"{en('card.contents')}: {english}", size=6.5, grey=True) + 1
    y = _symbols(leaf, symbols, y)
    for key in ("how", "consent", "lost"):
        y = leaf.paragraph(LEFT, y, RIGHT - LEFT, ja(f"easy.card_{key}", days=days_max), size=9)
        y = leaf.paragraph(LEFT, y, RIGHT - LEFT, en(f"easy.card_{key}", days=days_max), size=6.5, grey=True) + 0.6
    leaf.line(LEFT, y + 1, RIGHT, y + 1)
    y = leaf.paragraph(LEFT, y + 2, RIGHT - LEFT, ja("card.for_staff"), size=7.5)
    y = leaf.paragraph(LEFT, y, RIGHT - LEFT, en("card.for_staff"), size=6.5, grey=True)
    leaf.box(LEFT - 4, 6, RIGHT - LEFT + 8, y - 3, line=0.4)
    return leaf.written()


def draw_wristbands(numbers: Sequence[str], *, made_at: datetime, drill: bool = False) -> bytes:
    """A PDF with a wristband for each number, nine to a page; nothing on it but its symbol, and of a drill that."""
    leaf = Leaf(title=ja("card.title"), made_at=made_at, drill=drill)
    for place, number in enumerate(numbers):
        if place % BANDS_A_PAGE == 0:
            leaf.page()
            y = leaf.paragraph(LEFT, 10, RIGHT - LEFT, ja("wristband.how"), size=9)
            leaf.paragraph(LEFT, y, RIGHT - LEFT, en("wristband.how"), size=7, grey=True)
        y = 24 + place % BANDS_A_PAGE * 29
        leaf.box(LEFT, y, RIGHT - LEFT, 21, line=0.3)
        for x in (LEFT + 45, LEFT + 105):
            leaf.symbol(x, y + 0.5, BAND_SYMBOL_MM, number, error="Q")
        leaf.box(LEFT, y, 24, 21, pale=True)
        leaf.text(LEFT + 2, y + 7, ja("wristband.here"), size=9)
        leaf.text(LEFT + 2, y + 12, en("wristband.here"), size=7, grey=True)
        if drill:
            leaf.text(LEFT + 2, y + 1.5, f"{ja('drill.word')} {en('drill.word')}", size=9)
    return leaf.written()


def picture(symbols: Sequence[str]) -> bytes:
    """A PNG with all symbols of a card, numbered, two side by side: for whoever keeps their card on a telephone."""
    drawn = [_drawn(symbol) for symbol in symbols]
    side = max(one.width for one in drawn)
    caption = 14 * PIXELS_A_MODULE
    across = min(2, len(drawn))
    down = -(-len(drawn) // across)
    whole = Image.new("1", (across * side, down * (side + caption)), 1)
    for place, one in enumerate(drawn):
        x, y = place % across * side, place // across * (side + caption)
        whole.paste(one, (x, y + caption))
        said = f"{place + 1} / {len(drawn)}"
        ImageDraw.Draw(whole).text(
            (x + 4 * PIXELS_A_MODULE, y + 2 * PIXELS_A_MODULE), said, fill=0, font=ImageFont.load_default(size=48)
        )
    return _png(whole)


def small_picture(content: str) -> bytes:
    """A PNG of one symbol, such as that of a wristband."""
    return _png(_drawn(content, error="Q"))


def _symbols(leaf: Leaf, symbols: Sequence[str], y: float) -> float:
    """The symbols in rows of four, each with its number. Returns where they end."""
    codes = f"{ja('card.codes', n=len(symbols))} {en('card.codes', n=len(symbols))}"
    leaf.text(LEFT, y, codes, size=8)
    y += 4
    for place, symbol in enumerate(symbols):
        if place and place % A_PAGE == 0:
            leaf.page()
            y = 12.0
        x, top = LEFT + place % A_ROW * STEP_X - 1, y + place % A_PAGE // A_ROW * STEP_Y
        leaf.text(x + 3, top + 0.5, f"{place + 1} / {len(symbols)}", size=9)
        leaf.symbol(x, top + 3, SYMBOL_MM, symbol)
    return y + ((len(symbols) - 1) % A_PAGE // A_ROW + 1) * STEP_Y + 1


def _drawn(content: str, *, error: str = "M") -> Image.Image:
    buffer = BytesIO()
    segno.make_qr(content, error=error, boost_error=False).save(buffer, kind="png", scale=PIXELS_A_MODULE, border=4)
    return Image.open(BytesIO(buffer.getvalue())).convert("1")


def _png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
