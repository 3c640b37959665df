"""The inquiries of before and how they were answered."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from node.desk.inquiries import InquiryView
from node.words import desk_word_or
from tui.asked import AnswersInquiries
from tui.base import Page, Told
from tui.columns import row, widths
from tui.inquiry.answer import AnswerPage
from tui.lines import Lines
from tui.when import clock


class Past(Page[None]):
    """The newest first. Looking at them is logged."""

    TITLE_WORD = "inquiry_past.title"
    HELP_WORD = "help.inquiry_past"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "nothing", "key.whole_sheet")]
    DEFAULT_CSS = "Past #count { height: 1; color: $quiet; }"

    def __init__(self, desk: AnswersInquiries) -> None:
        super().__init__()
        self._desk = desk
        self._views: list[InquiryView] | None = None

    def body(self) -> ComposeResult:
        """How many, and a line for each."""
        yield Told(id="count")
        yield Lines(id="inquiries")

    def on_mount(self) -> None:
        """Asks once."""
        self.ask(self._desk.inquiries.listed, self._show)

    def _show(self, views: list[InquiryView]) -> None:
        self._views = views
        self.fill()

    def fill(self) -> None:
        """When, who asked, as what, after whom, and how it ended."""
        if self._views is None:
            return
        words, now = self.words, self._desk.now_ms()
        self.put("count", words("inquiry_past.count" if self._views else "inquiry_past.none", n=len(self._views)))
        lines = self.query_one("#inquiries", Lines)
        laid = widths(lines.room, [13, 0, 18, 0, 14], 8)
        rows = []
        for view in self._views:
            relation = view.inquirer.get("relation", "")
            rows.append(
                row(
                    [
                        clock(view.at_ms, now, words),
                        view.inquirer.get("name", ""),
                        desk_word_or(f"inquiry_relation.{relation}", words.language, relation),
                        view.sought.get("name", "") or view.sought.get("kana", ""),
                        words(f"inquiry_outcome.{view.outcome.value.replace('-', '_')}"),
                    ],
                    laid,
                )
            )
        lines.show(rows, keep=lines.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The whole of one."""
        if self._views:
            self.frame.push_screen(AnswerPage(self._desk, self._views[event.option_index], whole=True))
