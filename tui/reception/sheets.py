"""What follows a form typed in from paper: whose sheet it was, and the three safety choices, person by person."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.views import PersonView
from node.exchange.form_number import printed
from tui.asked import Desk
from tui.base import Page, Word
from tui.dialogs.answers import SafetyForm
from tui.fields import Field


class SheetNumber(Page[str]):
    """Asks for the number on the sheet of one more of the household; answers "" where they have none."""

    TITLE_WORD = "sheet.title"
    HELP_WORD = "help.sheet_number"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "nothing", "key.next_field")]
    DEFAULT_CSS = "SheetNumber Word { margin: 1 0; }"

    def __init__(self, desk: Desk, person: PersonView) -> None:
        super().__init__()
        self._desk = desk
        self._person = person

    def title_text(self) -> str:
        """Whose sheet."""
        return f"{self.words('sheet.title')}  {self._person.name}"

    def body(self) -> ComposeResult:
        """The field."""
        yield Word("sheet.prompt")
        yield Field("number")

    def on_input_submitted(self) -> None:
        """A number that is wrong is said, and can be typed again."""
        typed = self.query_one("#number", Field).value.strip()
        if typed:
            self.ask(lambda: self._desk.forms.check(typed), self.dismiss)
        else:
            self.dismiss("")

    def left(self) -> str:
        """They have none."""
        return ""


class SheetsBack:
    """Goes through the people of a form in their order."""

    def __init__(self, page: Page[None], desk: Desk, number: str, subjects: list[bytes]) -> None:
        self._page = page
        self._desk = desk
        self._number = number
        self._left = subjects
        self._first = True
        self._noted: list[str] = []

    def begin(self) -> None:
        """The next person, until none is left."""
        if not self._left:
            noted = tuple(self._noted)
            self._page.say(lambda words: words("card.sheet_noted", number=words("list.comma").join(noted)))
            return
        subject = self._left.pop(0)
        self._page.ask(lambda: self._desk.person(subject), self._of)

    def _of(self, person: PersonView) -> None:
        if self._first:
            self._first = False
            self._came_back(person, self._number)
        else:
            self._page.frame.push_screen(
                SheetNumber(self._desk, person), lambda number: self._came_back(person, number or "")
            )

    def _came_back(self, person: PersonView, number: str) -> None:
        if not number:
            self._ask_choices(person)
            return
        self._noted.append(printed(number))
        self._page.ask(
            lambda: self._desk.forms.came_back(number, person.subject), lambda _done: self._ask_choices(person)
        )

    def _ask_choices(self, person: PersonView) -> None:
        self._page.frame.push_screen(SafetyForm(self._desk, person), lambda _said: self.begin())
