"""The end of a person's case: returned, moved away, no need any more; a death needs a word, and a second operator."""

from collections.abc import Callable

from node.desk.views import Done, PersonView
from tui.asked import Desk
from tui.base import Page
from tui.dialogs.choice import Choice, by_word
from tui.dialogs.typed_word import TypedWord

DIED, REOPENED = "died", "reopened"
SECOND_OPERATOR = "SECOND_OPERATOR"


def close_case(page: Page[None], desk: Desk, person: PersonView, then: Callable[[str], None]) -> None:
    """Asks how the case ends, writes it down, and goes on with the word for what was done."""

    def close(kind: str) -> None:
        page.ask(lambda: desk.close_case(person.subject, kind), closed)

    def closed(done: Done) -> None:
        then("closing.second_operator" if SECOND_OPERATOR in done.warnings else "closing.done")

    def answered(kind: str | None) -> None:
        if kind == DIED:
            act = "confirm_death" if person.death_reported else "death"
            page.frame.push_screen(TypedWord(act, person.name), lambda typed: close(DIED) if typed else None)
        elif kind not in (None, "no"):
            close(kind or "")

    kinds = (
        "no",
        "returned",
        "moved",
        "no_need",
        DIED,
        *((REOPENED,) if person.closed or person.death_reported else ()),
    )
    question = Choice(
        lambda words: words("closing.question", name=person.name),
        by_word(*(f"closing.{kind}" for kind in kinds)),
        title="closing.title",
    )
    page.frame.push_screen(question, answered)
