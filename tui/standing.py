"""The line that is always visible: where we are, who is here, what has not been sent, and what that means."""

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from node.desk.views import StandingLine
from tui.columns import cut
from tui.when import DAY_MS, ago, clock
from tui.words import Words

BETWEEN = " | "
OPERATOR_WIDTH = 12


class Standing(Static):
    """Two lines at the head of every screen."""

    DEFAULT_CSS = """
    Standing { height: 2; background: $line-paper; color: $line-ink; text-style: bold; padding: 0 1; }
    """

    def tell(self, standing: StandingLine | None, now_ms: int, words: Words) -> None:
        """Shows how things stand; repaints only where something changed."""
        lines = standing_lines(standing, now_ms, words, (self.size.width or self.app.size.width) - 2)
        told = "\n".join(lines)
        if told != str(self.content):
            self.update(Content(told), layout=False)


def standing_lines(standing: StandingLine | None, now_ms: int, words: Words, width: int) -> list[str]:
    """The two lines, in at most `width` cells each; only the names of place and operator are ever shortened."""
    if standing is None:
        return [words("standing.asking"), ""]
    figures = [words("standing.here", n=standing.here_now)]
    if standing.conflicts:
        figures.append(words("standing.conflicts", n=standing.conflicts))
    if standing.duplicates:
        figures.append(words("standing.duplicates", n=standing.duplicates))
    told = BETWEEN.join(figures)
    rest = f"{BETWEEN}{cut(standing.operator, OPERATOR_WIDTH)}{BETWEEN}{told}"
    nowhere = words("standing.no_place") if standing.place_missing else ""
    first = cut(standing.place_name or nowhere or standing.organisation_name, width - cell_len(rest)) + rest
    told_second = [words("standing.not_sent", n=standing.not_sent), contact(standing, now_ms, words)]
    if standing.pin_recovered:
        who = cut(standing.pin_recovered, OPERATOR_WIDTH)
        told_second.insert(0, words("standing.pin_recovered", operator=who))
    second = cut(BETWEEN.join(told_second), width)
    if standing.quarantined:
        quarantined = words("standing.quarantined", n=standing.quarantined)
        if cell_len(second) + len(BETWEEN) + cell_len(quarantined) <= width:
            second = BETWEEN.join([second, quarantined])
    return [first, second]


def contact(standing: StandingLine, now_ms: int, words: Words) -> str:
    """The last contact, and in words what it means; before it, that what is said here would not be heard."""
    if standing.clock_ahead_ms:
        return words("standing.clock_ahead", days=max(1, standing.clock_ahead_ms // DAY_MS))
    if standing.offline_since_ms is not None:
        return words("standing.offline", since=clock(standing.offline_since_ms, now_ms, words))
    if standing.last_contact_ms is None:
        return words("standing.no_contact")
    return words("standing.contact", ago=ago(standing.last_contact_ms, now_ms, words))
