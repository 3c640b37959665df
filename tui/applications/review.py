"""An emergency and its review: the clock, and every record that went out in it, to whom and about whom."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.coordination.decisions import Review
from node.declaring import EmergencyView
from tui.applications.authority import with_key
from tui.applications.clock import area_told, clock_line
from tui.applications.typed import facets_told
from tui.asked import Coordination
from tui.base import Page, Told
from tui.columns import folded, row, widths
from tui.lines import Lines
from tui.when import clock
from tui.words import Words


class ReviewPage(Page[str | None]):
    """Answers the key of the word that says what was done; None where it is only looked at."""

    TITLE_WORD = "review.title"
    HELP_WORD = "help.review"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "end", "key.end_emergency"),
        Binding("escape", "back", "key.back"),
    ]
    DEFAULT_CSS = """
    ReviewPage #about { height: auto; padding: 0 0 1 0; }
    ReviewPage #head { height: 1; color: $quiet; }
    """

    def __init__(self, coordination: Coordination, emergency: EmergencyView) -> None:
        super().__init__()
        self._coordination = coordination
        self._emergency = emergency
        self._review: Review | None = None

    def body(self) -> ComposeResult:
        """The emergency, and the list."""
        yield Told(id="about")
        yield Told(id="head")
        yield Lines(id="released")

    def on_mount(self) -> None:
        """Asks once: every look is logged."""
        self.ask(lambda: self._coordination.decisions.review(self._emergency.activation), self._show)

    def _show(self, review: Review) -> None:
        self._review = review
        self.fill()

    def fill(self) -> None:
        """Says the clock, the area, the figures, the list."""
        words, now, width = self.words, self._coordination.now_ms(), self.app.size.width - 4
        about = [
            clock_line(self._emergency, now, words),
            words("review.area", area=area_told(self._emergency.area, words)),
            words("review.began", at=clock(self._emergency.from_ms, now, words)),
        ]
        if self._review is not None:
            about.append(words("review.count", records=len(self._review.released), people=self._review.people))
        self.put("about", "\n".join(line for part in about for line in folded(part, width)))
        lines = self.query_one("#released", Lines)
        laid = widths(lines.room, [14, 16, 20, 0], 10)
        self.put("head", "  " + row([words(f"review.{name}") for name in ("at", "whom", "who", "what")], laid))
        lines.show(released_rows(self._review, now, laid, words), keep=lines.highlighted)

    @property
    def _runs(self) -> bool:
        own = self._emergency.organisation == self._coordination.organisation
        return own and self._emergency.left_ms(self._coordination.now_ms()) > 0

    def key_words(self) -> list[tuple[str, str]]:
        """Ending is for who declared it, while it runs."""
        return [(key, word) for key, word in super().key_words() if key != "F7" or self._runs]

    def action_end(self) -> None:
        """Ends it before its time."""
        decisions = self._coordination.decisions
        if self._runs:
            with_key(
                self,
                decisions,
                "end_emergency",
                area_told(self._emergency.area, self.words),
                do=lambda passphrase: decisions.end_emergency(self._emergency.activation, passphrase=passphrase),
                then=lambda _: self.dismiss("review.ended_done"),
            )


def released_rows(review: Review | None, now_ms: int, laid: list[int], words: Words) -> list[str]:
    """One line a record, the newest first."""
    if review is None:
        return []
    return [
        row(
            [
                clock(each.at_ms, now_ms, words),
                each.recipient_name,
                each.name or words("review.gone"),
                facets_told(each.facet.split(","), words),
            ],
            laid,
        )
        for each in reversed(review.released)
    ]
