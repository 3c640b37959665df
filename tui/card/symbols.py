"""Shows the symbols of a card one by one on the whole screen: a scanner, or a telephone's camera, reads them from it.

Where there is room, each module is two spaces on a ground of its own, which no terminal can tear. At 80x24 there is
room for half blocks only; a terminal that makes them wide tears the symbol, which is seen at once: then paper, or a
picture, is the way.
"""

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from node.exchange.card_symbols import SCREEN_PIECE_BYTES, to_symbols
from node.paper.blocks import framed, half_blocks
from node.paper.symbol import matrix
from tui.words import Words

if TYPE_CHECKING:
    from node.desk.cards import CardMade

INK = Style(color="#000000", bgcolor="#ffffff")
BLACK, WHITE = Style(bgcolor="#000000"), Style(bgcolor="#ffffff")
LINES_BESIDE = 2


class Symbols(Screen[None]):
    """One symbol at a time; Enter or Space shows the next, Escape goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,right,down", "beside(1)", show=False),
        Binding("left,up", "beside(-1)", show=False),
        Binding("escape", "dismiss", show=False),
    ]
    DEFAULT_CSS = """
    Symbols { background: #ffffff; color: #000000; layout: vertical; align: center top; }
    Symbols #symbol { width: auto; height: auto; }
    Symbols .line { width: 100%; height: 1; background: #ffffff; color: #000000; }
    """

    def __init__(self, card: "CardMade", words: Words, *, drill: bool = False) -> None:
        super().__init__()
        self._words = words
        self._before = words("drill.mark") if drill else ""
        self._symbols = to_symbols(card.packed, piece_bytes=SCREEN_PIECE_BYTES)
        self._number = 0

    def compose(self) -> ComposeResult:
        """The symbol, which it is, and what to do."""
        yield Static(id="symbol", markup=False)
        yield Static(id="which", classes="line", markup=False)
        yield Static(id="next", classes="line", markup=False)

    def on_mount(self) -> None:
        """Shows the first."""
        self._show()

    def on_resize(self) -> None:
        """Draws it for the new size."""
        self._show()

    def action_beside(self, by: int) -> None:
        """The next symbol, or the one before; after the last the first again."""
        self._number = (self._number + by) % len(self._symbols)
        self._show()

    def _show(self) -> None:
        rows = framed(matrix(self._symbols[self._number], error="L"))
        roomy = self.size.height >= len(rows) + LINES_BESIDE and self.size.width >= 2 * len(rows)
        self.query_one("#symbol", Static).update(_spaces(rows) if roomy else _halves(rows))
        which = self._words("card.symbol", number=self._number + 1, of=len(self._symbols))
        self.query_one("#which", Static).update(f"{self._before}{which}")
        self.query_one("#next", Static).update(self._words("card.symbol_keys"))


def _halves(rows: list[bytes]) -> Text:
    return Text("\n".join(half_blocks(rows)), style=INK)


def _spaces(rows: list[bytes]) -> Text:
    drawn = Text()
    for number, row in enumerate(rows):
        if number:
            drawn.append("\n")
        for module in row:
            drawn.append("  ", BLACK if module else WHITE)
    return drawn
