"""Shelters (避難所一覧): open or closed, headcount against capacity, how old each figure is, and the trend of each."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from node.coordination.trends import SumTrend, Trend
from node.declaring import EmergencyView
from node.desk.views import PlaceView, Totals
from tui.applications.clock import clock_line
from tui.asked import Coordination
from tui.base import Page, Told, Word
from tui.columns import cut, pad_left, row, widths
from tui.fields import Field
from tui.lines import Lines
from tui.shelters.trend import TrendPage
from tui.when import DAY_MS, ago
from tui.words import Words

OLD_MS = DAY_MS
"""A figure older than this is marked: it says how things were."""
OPENINGS = ("unknown", "open", "closed")
CLOCKS_SHOWN = 2
OPEN_FIRST = (1, 0, 2)
"""The order in which the list shows them."""


class Shelters(Page[None]):
    """The first screen of a prefecture or a crisis office."""

    MAIN = True
    TITLE_WORD = "shelters.title"
    HELP_WORD = "help.shelters"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("enter", "nothing", "key.trend"),
        Binding("f5", "refresh", "key.refresh"),
        Binding("f6", "towns", "key.towns"),
        Binding("f7", "trend_all", "key.trend_all"),
        Binding("escape", "anew", "key.anew"),
    ]
    DEFAULT_CSS = """
    Shelters #emergency { height: auto; color: $attention; text-style: bold; }
    Shelters #totals { height: 2; }
    Shelters #head { height: 1; color: $quiet; }
    """

    def __init__(self, coordination: Coordination) -> None:
        super().__init__()
        self._coordination = coordination
        self._places: list[PlaceView] = []
        self._totals: list[Totals] | None = None
        self._by_town = False
        self._emergencies: list[EmergencyView] = []

    def body(self) -> ComposeResult:
        """An emergency's clock, the totals, a field that narrows, the list."""
        yield Told(id="emergency")
        yield Told(id="totals")
        yield Word("shelters.prompt")
        yield Field("text")
        yield Told(id="head")
        yield Lines(id="places")

    def on_mount(self) -> None:
        """The list belongs to the field."""
        self.query_one("#places", Lines).can_focus = False

    def news(self) -> None:
        """Asks for figures and totals anew."""
        text = self.query_one("#text", Field).value.strip()
        self.ask(lambda: self._coordination.shelters(text=text), self._show, group="shelters", newest_only=True)
        self.ask(self._coordination.totals, self._total, group="totals", newest_only=True)
        self.ask(self._coordination.decisions.emergencies, self._run, group="emergencies", newest_only=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows the list."""
        text = event.value.strip()
        self.ask(lambda: self._coordination.shelters(text=text), self._show, group="shelters", newest_only=True)

    def _show(self, places: list[PlaceView]) -> None:
        self._places = sorted(places, key=lambda place: OPEN_FIRST[place.opening])
        self.fill()

    def _total(self, totals: list[Totals]) -> None:
        self._totals = totals
        self.fill()

    def _run(self, emergencies: list[EmergencyView]) -> None:
        self._emergencies = emergencies
        self.fill()

    def fill(self) -> None:
        """The list of shelters, or of towns."""
        now, words, width = self._coordination.now_ms(), self.words, self.app.size.width - 2
        clocks = [cut(clock_line(each, now, words), width) for each in self._emergencies if each.left_ms(now)]
        self.put("emergency", "\n".join(clocks[:CLOCKS_SHOWN]))
        if self._totals is not None:
            told = [cut(line, width) for line in total_lines(self._totals, now, words)]
            self.put("totals", "\n".join(told))
        lines = self.query_one("#places", Lines)
        if self._by_town and self._totals is not None:
            head, rows = town_table(self._totals, now, words, lines.room)
        else:
            head, rows = shelter_table(self._places, now, words, lines.room)
        self.put("head", "  " + head)
        lines.show(rows, keep=lines.highlighted)

    def action_move(self, by: int) -> None:
        """Moves the mark while the field keeps the focus."""
        lines = self.query_one("#places", Lines)
        if lines.option_count:
            lines.highlighted = max(0, min(lines.option_count - 1, (lines.highlighted or 0) + by))

    def on_input_submitted(self) -> None:
        """The trend of the one marked."""
        marked = self.query_one("#places", Lines).highlighted
        trends = self._coordination.trends
        if marked is None:
            return
        if self._by_town and self._totals is not None:
            town = self._totals[marked]
            self._open(town.municipality_name, lambda: trends.of_town(town.municipality))
        elif not self._by_town:
            place = self._places[marked]
            self._open(place.name, lambda: trends.of(place.subject))

    def action_trend_all(self) -> None:
        """The trend of the sum."""
        trends = self._coordination.trends
        self._open(self.words("trend.all"), trends.of_town)

    def _open(self, name: str, asked: Callable[[], Trend | SumTrend]) -> None:
        self.frame.push_screen(TrendPage(self._coordination, name, asked))

    def action_refresh(self) -> None:
        """Asks anew."""
        self.news()

    def action_towns(self) -> None:
        """One line a town, or one line a shelter."""
        self._by_town = not self._by_town
        self.query_one("#places", Lines).highlighted = None
        self.fill()

    def action_anew(self) -> None:
        """The next key typed replaces what stands in the field."""
        self.query_one("#text", Field).action_select_all()


def total_lines(totals: list[Totals], now_ms: int, words: Words) -> list[str]:
    """What was reported, what is open without a figure, and the age of the oldest figure."""
    headcounts = [town.headcount for town in totals if town.headcount is not None]
    observed = [town.oldest_observed_ms for town in totals if town.oldest_observed_ms is not None]
    people = sum(headcounts) if headcounts else words("shelters.unknown")
    opened = sum(town.open for town in totals)
    return [
        words("shelters.total", people=people, open=opened, shelters=sum(town.shelters for town in totals)),
        words(
            "shelters.total_unreported",
            n=sum(town.unreported for town in totals),
            oldest=ago(min(observed, default=None), now_ms, words),
        ),
    ]


def shelter_table(places: list[PlaceView], now_ms: int, words: Words, width: int) -> tuple[str, list[str]]:
    """Head and lines, one a shelter. Unknown is said, it is not 0; an old figure bears a mark."""
    laid = widths(width, [0, 8, 7, 10, 6, 16], 10)
    head = row(
        [words(f"shelters.{name}") for name in ("name", "town", "opening", "headcount", "known", "observed")], laid
    )
    rows = []
    for place in places:
        headcount = words("shelters.unknown") if place.headcount is None else str(place.headcount)
        if place.headcount is not None and place.capacity:
            headcount = f"{headcount}/{place.capacity}{'!' if place.headcount > place.capacity else ' '}"
        rows.append(
            row(
                [
                    place.name,
                    place.municipality_name,
                    words(f"opening.{OPENINGS[place.opening]}"),
                    pad_left(headcount, 10),
                    pad_left(str(place.present), 6),
                    _observed(place.observed_at_ms, now_ms, words),
                ],
                laid,
            )
        )
    return head, rows


def town_table(totals: list[Totals], now_ms: int, words: Words, width: int) -> tuple[str, list[str]]:
    """Head and lines, one a town."""
    laid = widths(width, [0, 12, 10, 12, 18], 10)
    head = row([words(f"shelters.{name}") for name in ("town", "open_of", "people", "unreported", "oldest")], laid)
    rows = []
    for town in totals:
        people = words("shelters.unknown") if town.headcount is None else str(town.headcount)
        rows.append(
            row(
                [
                    town.municipality_name,
                    pad_left(f"{town.open}/{town.shelters}", 10),
                    pad_left(people, 8),
                    pad_left(str(town.unreported), 10),
                    _observed(town.oldest_observed_ms, now_ms, words),
                ],
                laid,
            )
        )
    return head, rows


def _observed(at_ms: int | None, now_ms: int, words: Words) -> str:
    if at_ms is None:
        return words("shelters.never")
    told = ago(at_ms, now_ms, words)
    return words("shelters.old", ago=told) if now_ms - at_ms > OLD_MS else told
