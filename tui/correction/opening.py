"""Opens the correction of one person, or goes on with the one that was half typed."""

from collections.abc import Callable, Mapping

from node.desk.views import Done, NewPerson
from tui.asked import Desk
from tui.base import Page
from tui.correction.page import Correction
from tui.correction.typed import kept_changes
from tui.dialogs.choice import Choice, by_word
from tui.drafts import Draft

CORRECTION = "correction"


class Correcting:
    """What is half typed of one person's correction outlives the form: the page it is opened from owns it."""

    def __init__(self, page: Page[None], desk: Desk, subject: bytes, *, then: Callable[[str], object]) -> None:
        """`then` takes the word for what was done."""
        self._page = page
        self._desk = desk
        self._subject = subject
        self._then = then
        self._draft = Draft(page, desk, f"{CORRECTION}:{subject.hex()}")
        self._was_looked_for = False

    def begin(self, name: str) -> None:
        """Opens the form; where something is half typed, asks first."""

        def look() -> tuple[NewPerson, dict[str, str] | None]:
            return self._desk.amending.held(self._subject), self._desk.draft(self._draft.key)

        self._page.ask(look, lambda found: self._found(name, *found))

    def _found(self, name: str, held: NewPerson, half: dict[str, str] | None) -> None:
        if not self._was_looked_for:
            self._was_looked_for = True
            self._draft.found(half)
        changed = kept_changes(self._draft.fields)
        if not changed:
            self._show(name, held, {})
            return

        def answered(answer: str | None) -> None:
            if answer == "go_on":
                self._show(name, held, changed)
            elif answer == "anew":
                self._draft.drop()
                self._show(name, held, {})

        question = Choice(
            lambda words: words("correction.half", name=name),
            by_word("draft.go_on", "correction.anew", "draft.later"),
            title="correction.title",
        )
        self._page.frame.push_screen(question, answered)

    def _show(self, name: str, held: NewPerson, half: Mapping[str, str]) -> None:
        form = Correction(self._desk, self._subject, held, self._draft, name=name, half=half)
        self._page.frame.push_screen(form, self._left)

    def _left(self, done: Done | None) -> None:
        if done is not None:
            self._then("correction.done")
        else:
            is_half = bool(self._draft.fields)
            self._page.say(lambda words: words("correction.kept") if is_half else "")
