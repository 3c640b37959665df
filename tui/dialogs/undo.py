"""Taking back one of the last acts: the newest is chosen, and the undo itself is logged by the desk."""

from collections.abc import Callable

from node.desk.views import ActView
from tui.asked import Desk
from tui.base import Page
from tui.columns import cut
from tui.dialogs.choice import Choice, Telling, by_word
from tui.dialogs.typed_word import TypedWord
from tui.when import clock
from tui.words import Words

SHOWN = 9
ASKED_AGAIN_OVER = 10
"""Taking back an act on more people than this is asked about once more."""
PROTECTING = "protect"
"""Whoever takes it back lifts a protection, and types the word for that."""
TOLD_BY_FACET = {"settle", "correct"}
"""Acts of which the word alone does not tell what of a person they were about."""
BESIDE = 8
"""Cells of a line that the margins, the mark and the answer's number take."""


def undo_last(page: "Page[None]", desk: Desk, then: Callable[[], None] | None = None) -> None:
    """Asks which act to take back, takes it back, says so on the page, and goes on with `then`: as when the page comes
    to the front again, where nothing else is told."""

    def asked(listed: list[ActView]) -> None:
        acts = [act for act in listed if act.stands]  # what would be refused is not offered
        if not acts:
            page.say(lambda words: words("undo.nothing"))
            return
        by_token = {act.token.hex(): act for act in acts[:SHOWN]}
        answers: list[tuple[str, Telling]] = [
            (token, _telling(act, desk.now_ms(), page.app.size.width - BESIDE)) for token, act in by_token.items()
        ]
        question = Choice(lambda words: words("undo.question"), answers, title="undo.title")
        page.frame.push_screen(question, lambda token: chosen(by_token[token]) if token is not None else None)

    def chosen(act: ActView) -> None:
        if act.act == PROTECTING:
            page.frame.push_screen(TypedWord("lift", act.names), lambda typed: take_back(act) if typed else None)
        elif act.subjects <= ASKED_AGAIN_OVER:
            take_back(act)
        else:
            ask_again(act)

    def ask_again(act: ActView) -> None:
        again = Choice(
            lambda words: words("undo_many.question", n=act.subjects, act=_word(act, words)),
            by_word("undo_many.no", "undo_many.yes"),
            title="undo.title",
        )
        page.frame.push_screen(again, lambda answer: take_back(act) if answer == "yes" else None)

    def take_back(act: ActView) -> None:
        page.ask(lambda: desk.undo(act.token), lambda _: undone(act), group="undo")

    def undone(act: ActView) -> None:
        page.say(lambda words: words.either(f"undone.{act.act}", words("undo.done")))
        page.done()
        (then or page.resumed)()

    page.ask(desk.last_acts, asked)


def _telling(act: ActView, now_ms: int, width: int) -> Telling:
    def telling(words: Words) -> str:
        told = words("undo.act", time=clock(act.at_ms, now_ms, words), act=_word(act, words), n=act.subjects)
        about = words("list.comma").join(words.either(f"facet.{facet}", facet) for facet in act.facets)
        of_what = [about] if act.act in TOLD_BY_FACET else []
        return cut("  ".join(part for part in (told, act.names, *of_what) if part), width)

    return telling


def _word(act: ActView, words: Words) -> str:
    return words.either(f"act.{act.act.replace('-', '_')}", act.act)
