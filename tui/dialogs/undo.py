"""Taking back one of the last acts: the newest is chosen, and the undo itself is logged by the desk."""

from node.desk.views import ActView
from tui.asked import Desk
from tui.base import Page
from tui.dialogs.choice import Choice, Telling
from tui.when import clock

SHOWN = 9


def undo_last(page: "Page[None]", desk: Desk) -> None:
    """Asks which act to take back, takes it back, and says so on the page."""

    def asked(acts: list[ActView]) -> None:
        if not acts:
            page.say(page.words("undo.nothing"))
            return
        answers: list[tuple[str, Telling]] = [(act.token.hex(), _telling(act, desk.now_ms())) for act in acts[:SHOWN]]
        page.frame.push_screen(Choice(lambda words: words("undo.question"), answers, title="undo.title"), chosen)

    def chosen(token: str | None) -> None:
        if token is not None:
            page.ask(lambda: desk.undo(bytes.fromhex(token)), lambda _: undone())

    def undone() -> None:
        page.say(page.words("undo.done"))
        page.done()
        page.resumed()

    page.ask(desk.last_acts, asked)


def _telling(act: ActView, now_ms: int) -> Telling:
    return lambda words: words(
        "undo.act",
        time=clock(act.at_ms, now_ms, words),
        act=words.either(f"act.{act.act.replace('-', '_')}", act.act),
        n=act.subjects,
    )
