"""Somebody typed as new is known already: what differs is asked, and what was typed is added to what is held."""

from collections.abc import Callable
from typing import Any

from node.desk.differences import Difference
from node.desk.views import Done, NewPerson, PersonView
from tui.asked import Desk
from tui.base import Page
from tui.dialogs.place import with_place
from tui.reception.differing import Differing


def recognise(
    page: Page[Any],
    desk: Desk,
    person: PersonView,
    typed: NewPerson,
    *,
    then: Callable[[Done, bytes], object],
    back: Callable[[], object],
) -> None:
    """Check them in with what was typed; `then` gets what was done and their household, `back` is for Esc."""

    def write(seen: list[Difference], instead: frozenset[str]) -> tuple[Done, bytes]:
        done = desk.amending.recognise(person.subject, typed, seen=seen, instead=instead)
        return done, desk.person(person.subject).household

    def differ(seen: list[Difference]) -> None:
        def answered(instead: frozenset[str] | None) -> None:
            if instead is None:
                back()
            else:
                with_place(page, desk, lambda: page.ask(lambda: write(seen, instead), lambda answer: then(*answer)))

        if seen:
            page.frame.push_screen(Differing(person.name, seen), answered)
        else:
            answered(frozenset())

    page.ask(lambda: desk.amending.differences(person.subject, typed), differ)
