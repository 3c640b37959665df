"""Trend (推移): the headcount of one shelter, or the sum of a town, over time; the same as figures with one key."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.coordination.trends import SumTrend, Trend
from tui.asked import Coordination
from tui.base import Page, Told
from tui.columns import folded, packed, pad, pad_left
from tui.lines import Lines
from tui.shelters.plot import Curve, Plot
from tui.when import DAY_MS, ago, local
from tui.words import Words

OPENINGS = ("unknown", "open", "closed")


class TrendPage(Page[None]):
    """What is plotted is what this node holds: the newest figure's age stands above."""

    TITLE_WORD = "trend.title"
    HELP_WORD = "help.trend"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "figures", "key.figures"),
        Binding("escape", "back", "key.back"),
    ]
    DEFAULT_CSS = """
    TrendPage #newest { height: auto; }
    TrendPage #legend { height: auto; color: $quiet; }
    TrendPage Plot { height: 1fr; }
    """

    def __init__(self, coordination: Coordination, name: str, asked: Callable[[], Trend | SumTrend]) -> None:
        super().__init__()
        self._coordination = coordination
        self._name = name
        self._asked = asked
        self._trend: Trend | SumTrend | None = None
        self._as_figures = False

    def title_text(self) -> str:
        """Whose trend."""
        return f"{self.words('trend.title')}  {self._name}"

    def body(self) -> ComposeResult:
        """The newest figure, the plot or the figures, what the signs mean."""
        yield Told(id="newest")
        yield Plot(id="plot")
        yield Lines(id="figures")
        yield Told(id="legend")

    def news(self) -> None:
        """A report may have come."""
        self.ask(self._asked, self._show, group="trend", newest_only=True)

    def _show(self, trend: Trend | SumTrend) -> None:
        self._trend = trend
        self.fill()

    def fill(self) -> None:
        """Says the newest figure, draws the curve, or lists the figures."""
        trend, words, now = self._trend, self.words, self._coordination.now_ms()
        plot, lines = self.query_one(Plot), self.query_one("#figures", Lines)
        curve = curve_of(trend) if trend is not None else None
        plot.display = not self._as_figures
        lines.display = self._as_figures
        plot.draw(curve)
        width = self.app.size.width - 4
        if trend is None:
            return
        told = newest(trend, now, words)
        self.put("newest", "\n".join(line for part in told for line in folded(part, width)))
        lines.show(rows(trend, words))
        held = folded(words("trend.held"), width) if curve is not None else []
        self.put("legend", "\n".join([*packed(signs(trend, curve, words), width), *held]))

    def action_figures(self) -> None:
        """The plot as figures, or back."""
        self._as_figures = not self._as_figures
        self.fill()
        if self._as_figures:
            self.query_one("#figures", Lines).focus()


def curve_of(trend: Trend | SumTrend) -> Curve | None:
    """What is plotted of a trend; None: there is no figure."""
    if isinstance(trend, Trend):
        figures = [(each.at_ms, each.headcount) for each in trend.reports if each.headcount is not None]
        return Curve(figures, capacity=trend.capacity) if figures else None
    figures = [(each.at_ms, each.people) for each in trend.moments]
    older = [(each.at_ms, each.people + each.stale) for each in trend.moments if each.stale]
    return Curve(figures, older) if figures else None


def newest(trend: Trend | SumTrend, now_ms: int, words: Words) -> list[str]:
    """The newest figure with its age, and of how many reports it is the last."""
    if isinstance(trend, Trend):
        counted = [each for each in trend.reports if each.headcount is not None]
        if not counted:
            return [words("trend.none")]
        last = counted[-1]
        told = words("trend.newest", people=last.headcount or 0, when=_aged(last.at_ms, now_ms, words))
        return [f"{told}  {words('trend.reports', n=len(trend.reports))}"]
    if not trend.moments:
        return [words("trend.none")]
    moment = trend.moments[-1]
    told = words("trend.newest_sum", people=moment.people, n=moment.counted, of=trend.shelters)
    lines = [f"{told}  {_aged(moment.at_ms, now_ms, words)}"]
    if moment.stale_shelters:
        lines.append(words("trend.stale", people=moment.stale, n=moment.stale_shelters))
    return lines


def signs(trend: Trend | SumTrend, curve: Curve | None, words: Words) -> list[str]:
    """What the axes and the signs are; only those that are there."""
    if curve is None:
        return []
    there = [words("trend.axes"), words("trend.report")]
    if len(curve.figures) > 1:
        there.append(words("trend.between"))
    if curve.older:
        there.append(words("trend.older"))
    if trend.capacity is not None:
        key = "trend.capacity" if curve.shows_capacity else "trend.capacity_beyond"
        there.append(words(key, n=trend.capacity))
    return there


def rows(trend: Trend | SumTrend, words: Words) -> list[str]:
    """One line a report, the newest first."""
    if isinstance(trend, Trend):
        return [
            f"{_moment(each.at_ms)}  "
            f"{pad_left(words('shelters.unknown') if each.headcount is None else str(each.headcount), 8)}  "
            f"{words(f'opening.{OPENINGS[each.opening]}')}"
            for each in reversed(trend.reports)
        ]
    return [
        f"{_moment(each.at_ms)}  {pad_left(str(each.people), 8)}  "
        f"{pad(words('trend.counted', n=each.counted), 14)}  "
        f"{words('trend.stale_row', people=each.stale, n=each.stale_shelters) if each.stale_shelters else ''}".rstrip()
        for each in reversed(trend.moments)
    ]


def _aged(at_ms: int, now_ms: int, words: Words) -> str:
    told = ago(at_ms, now_ms, words)
    return f"{_moment(at_ms)} {words('shelters.old', ago=told) if now_ms - at_ms > DAY_MS else told}"


def _moment(at_ms: int) -> str:
    at = local(at_ms)
    return f"{at.year}-{at.month:02d}-{at.day:02d} {at.hour:2d}:{at.minute:02d}"
