"""The answer to an inquiry, as it may be read aloud; and the whole of it as a sheet."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from node.desk.inquiries import InquiryView
from node.desk.inquiry_words import printed, read_aloud
from tui.asked import AnswersInquiries
from tui.base import Page, Told
from tui.columns import folded
from tui.dialogs.to_file import ToFile, ask_where
from tui.lines import Lines


class AnswerPage(Page[None]):
    """Whom it was about stands nowhere but in the words of the inquirer; the answer alone is read aloud."""

    TITLE_WORD = "inquiry_answer.title"
    HELP_WORD = "help.inquiry_answer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "back", "key.done"),
        Binding("f5", "save", "key.save_text"),
        Binding("f6", "sheet", "key.whole_sheet"),
    ]
    DEFAULT_CSS = """
    AnswerPage #prompt { height: 1; color: $quiet; margin: 1 0; }
    AnswerPage #answer { height: auto; text-style: bold; }
    """

    def __init__(self, desk: AnswersInquiries, view: InquiryView, *, whole: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._view = view
        self._whole = whole

    def body(self) -> ComposeResult:
        """What to do, and what to say."""
        yield Told(id="prompt")
        yield Told(id="answer")
        sheet = Lines(id="sheet")
        sheet.can_focus = self._whole  # else Enter would go to a list that is not shown
        yield sheet

    def fill(self) -> None:
        """The answer; or all that was asked and answered."""
        words, width = self.words, self.app.size.width - 5
        answer = [part for line in read_aloud(self._view, words.language) for part in folded(line, width)]
        self.put("answer", "" if self._whole else "\n".join(answer))
        sheet = self.query_one("#sheet", Lines)
        sheet.display = sheet.can_focus = self._whole
        told = [part for line in self._sheet().splitlines() for part in folded(line, sheet.room)]
        sheet.show(told if self._whole else [], keep=sheet.highlighted)
        self._prompt(len(told))
        self.call_after_refresh(self._prompt, len(told))

    def _prompt(self, lines: int) -> None:
        """What to do; of a sheet that does not fit, that it goes on below."""
        goes_on = 0 < self.query_one("#sheet", Lines).size.height < lines
        whole = "inquiry_answer.whole_more" if goes_on else "inquiry_answer.whole"
        self.put("prompt", self.words(whole if self._whole else "inquiry_answer.read_aloud", n=lines))

    def on_option_list_option_selected(self) -> None:
        """Enter is done, on a line of the sheet as well."""
        self.dismiss(None)

    def _sheet(self) -> str:
        return printed(self._view, self.words.language, self._desk.organisation_name)

    def action_sheet(self) -> None:
        """From the one to the other."""
        self._whole = not self._whole
        self.fill()
        self.set_focus(self.query_one("#sheet", Lines) if self._whole else None)

    def action_save(self) -> None:
        """Saves the sheet as a text, to be printed."""
        language = self.words.language
        ask_where(
            self,
            lambda: ToFile(self._desk),
            lambda path: self._desk.write_inquiry(self._view.id, language, path),
            self._written,
        )

    def _written(self, path: str) -> None:
        self.say(lambda words: words("to_file.written", path=path))
