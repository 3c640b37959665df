"""What the marked line of a list says, whole, under the list: in eighty cells its columns may have to be cut."""

from collections.abc import Sequence
from typing import Final

from tui.base import Told
from tui.columns import cut, folded, one_line
from tui.lines import Lines

LINES_MAX: Final = 9
"""Of twenty-four lines the list keeps some; what is longer still ends in the two dots of everything that is cut."""


class Whole(Told):
    """Stands under the `Lines` whose marked line it tells."""

    DEFAULT_CSS = f"""
    Whole {{
        height: auto; min-height: 2; max-height: {LINES_MAX}; background: $field-paper; color: $ink; padding: 0 1;
    }}
    """

    def show(self, *rows: Sequence[str]) -> None:
        """The cells of the line, as many rows of them as read well; nothing where no line is marked."""
        width = self.app.size.width - 4
        told = [line for cells in rows for line in folded("  ".join(one_line(cell) for cell in cells if cell), width)]
        if len(told) > LINES_MAX:
            told[LINES_MAX - 1 :] = [cut(" ".join(told[LINES_MAX - 1 :]), width)]
        grown = len(told) != str(self.content).count("\n") + 1
        self.tell("\n".join(told))
        if grown:
            for lines in self.screen.query(Lines):
                self.call_after_refresh(lines.scroll_to_highlight)
