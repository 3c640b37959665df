"""The counts that may be told to the prefecture and to others, and what they have told: small ones are withheld."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.coordination.unconfirmed import Heard, Told as Counts
from node.people import ages
from tui.asked import Coordination
from tui.base import Page, Told
from tui.columns import folded, pad_left, row, widths
from tui.lines import Lines
from tui.when import ago
from tui.words import Words


class ToldPage(Page[None]):
    """As the others see them: "-" is withheld. One key tells them."""

    TITLE_WORD = "toldcounts.title"
    HELP_WORD = "help.toldcounts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "tell", "key.tell_counts"),
        Binding("escape", "back", "key.back"),
    ]
    DEFAULT_CSS = """
    ToldPage #about { height: auto; padding: 0 0 1 0; }
    ToldPage #head { height: 1; color: $quiet; }
    """

    def __init__(self, coordination: Coordination) -> None:
        super().__init__()
        self._coordination = coordination
        self._counts: Counts | None = None

    def body(self) -> ComposeResult:
        """What it is, and the table."""
        yield Told(id="about")
        yield Told(id="head")
        yield Lines(id="rows")

    def news(self) -> None:
        """Asks anew."""
        self.ask(self._coordination.missing.told, self._show, group="told", newest_only=True)

    def _show(self, counts: Counts) -> None:
        self._counts = counts
        self.fill()

    def action_tell(self) -> None:
        """Tells the members these counts."""
        self.ask(self._coordination.missing.tell, self._told)

    def _told(self, counts: Counts) -> None:
        self._show(counts)
        self.say(lambda words: words("toldcounts.done"))
        self.done()

    def fill(self) -> None:
        """One line a district, then the sums."""
        words, lines = self.words, self.query_one("#rows", Lines)
        self.put("about", "\n".join(folded(words("toldcounts.about"), self.app.size.width - 4)))
        if self._counts is None:
            return
        head, rows = told_table(self._counts, words, lines.room)
        self.put("head", "  " + head)
        lines.show(rows, keep=lines.highlighted)


def told_table(counts: Counts, words: Words, width: int) -> tuple[str, list[str]]:
    """Head and lines."""
    laid = widths(width, [0, *[8] * len(ages.ALL)], 10)
    head = row([words("notfound.district"), *(pad_left(words(f"band.{band}"), 8) for band in counts.bands)], laid)
    named = [(name or words("notfound.nowhere"), cells) for name, cells in counts.rows]
    return head, _rows([*named, (words("toldcounts.sum"), counts.sums)], laid, words)


def heard_table(heard: list[Heard], now_ms: int, words: Words, width: int) -> tuple[str, list[str]]:
    """What the members have told: a line each with its sums and its age, then their districts."""
    laid = widths(width, [0, *[8] * len(ages.ALL)], 10)
    head = row([words("notfound.town"), *(pad_left(words(f"band.{band}"), 8) for band in ages.ALL)], laid)
    lines: list[tuple[str, Sequence[int | None]]] = []
    for each in heard:
        lines.append((f"{each.organisation_name} ({ago(each.counted_at_ms, now_ms, words)})", each.told.sums))
        lines += [(f"  {name or words('notfound.nowhere')}", cells) for name, cells in each.told.rows]
    return head, _rows(lines, laid, words)


def _rows(named: Sequence[tuple[str, Sequence[int | None]]], laid: list[int], words: Words) -> list[str]:
    return [
        row([name, *(pad_left(words("toldcounts.withheld") if one is None else str(one), 8) for one in cells)], laid)
        for name, cells in named
    ]
