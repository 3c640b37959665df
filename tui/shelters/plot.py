"""Figures over time as a plot of plain characters: each is one cell wide in every terminal, and nothing moves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.app import RenderResult
from textual.content import Content
from textual_plotext import PlotextPlot

from tui.when import DAY_MS, local

REPORT, BETWEEN, OLDER = "o", ".", "x"
"""A figure that was reported; the way to the next one, which nobody counted; a sum with figures older than a day."""

_PLAIN: Final = str.maketrans("│─┤├┬┴┼┌┐└┘", "|-+++++++++")
"""Terminals in Japan disagree on the width of lines that are drawn."""
_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")
_TICKS: Final = 5
_TICK_CELLS: Final = 11
CAPACITY_SHOWN: Final = 3
"""A capacity of more than so many times the highest figure would press the figures flat: it is only said."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What is plotted: moments and figures, the oldest first, at least one."""

    figures: Sequence[tuple[int, int]]
    older: Sequence[tuple[int, int]] = ()
    """The same with what was older at that moment, where that is more."""
    capacity: int | None = None

    @property
    def highest(self) -> int:
        """The highest figure."""
        return max(figure for _, figure in (*self.figures, *self.older))

    @property
    def shows_capacity(self) -> bool:
        """Whether the line of the capacity is in the plot."""
        return self.capacity is not None and 0 < self.capacity <= CAPACITY_SHOWN * max(1, self.highest)


class Plot(PlotextPlot):
    """One curve."""

    DEFAULT_CSS = "Plot { height: 1fr; background: $paper; color: $ink; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.theme = "clear"
        self.curve: Curve | None = None

    def draw(self, curve: Curve | None) -> None:
        """Shows this curve; None: nothing."""
        self.curve = curve
        self.refresh()

    def render(self) -> RenderResult:
        """The plot in the size there is."""
        if self.curve is None or self.size.width < 20 or self.size.height < 5:
            return Content("")
        return Content("\n".join(plotted(self.curve, self.size.width, self.size.height)))


def plotted(curve: Curve, width: int, height: int) -> list[str]:
    """The lines of the plot, each of exactly this width."""
    from textual_plotext.plot import Plot as Figure  # noqa: PLC0415 -- loads only where something is plotted

    figure = Figure()
    figure.plotsize(width, height)
    figure._set_size(width, height)  # as the widget itself does: else no more than the terminal the program began in
    figure.theme("clear")
    first, last = curve.figures[0][0], curve.figures[-1][0]
    if first == last:
        first, last = first - DAY_MS // 2, last + DAY_MS // 2
    top = max(1, curve.highest, (curve.capacity or 0) if curve.shows_capacity else 0)
    figure.xlim(first, last)
    figure.ylim(0, _above(top))
    if curve.shows_capacity:
        figure.hline(float(curve.capacity or 0))
    if len(curve.figures) > 1:
        figure.plot(*_split(curve.figures), marker=BETWEEN)
    if curve.older:
        figure.scatter(*_split(curve.older), marker=OLDER)
    figure.scatter(*_split(curve.figures), marker=REPORT)
    sides = _round_figures(_above(top))
    figure.yticks([float(side) for side in sides], [str(side) for side in sides])
    at = _moments(first, last, max(2, min(_TICKS, width // (_TICK_CELLS + 3))))
    figure.xticks([float(moment) for moment in at], [_moment(moment, last - first) for moment in at])
    lines = _STYLE.sub("", figure.build()).translate(_PLAIN).split("\n")
    return [line[:width].ljust(width) for line in lines[:height]]


def _split(pairs: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [first for first, _ in pairs], [second for _, second in pairs]


def _above(figure: int) -> int:
    """The next round figure above: 1886 -> 2000."""
    step = int(10 ** (len(str(figure)) - 1))
    step = step // 2 if step >= 10 and figure < 5 * step else step
    return (figure // step + 1) * step


def _round_figures(top: int) -> list[int]:
    """Where the figures stand at the side: quarters where they are whole, else halves, else the ends."""
    parts = next((parts for parts in (4, 5, 2) if top % parts == 0), 1)
    return [top * part // parts for part in range(parts + 1)]


def _moments(first: int, last: int, count: int) -> list[int]:
    return [first + (last - first) * number // (count - 1) for number in range(count)]


def _moment(at_ms: int, span_ms: int) -> str:
    at = local(at_ms)
    day = f"{at.month}/{at.day}"
    return day if span_ms > 2 * DAY_MS else f"{day} {at.hour}:{at.minute:02d}"
