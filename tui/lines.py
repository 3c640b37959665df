"""A list whose lines are columns and whose chosen line bears a mark, not only a colour."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

MARK = "> "
REFUSED_MARK = "! "


class Lines(OptionList):
    """One line an entry; the first two cells of each line belong to the mark of the chosen one."""

    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        border: none;
        padding: 0;
        background: $paper;
        color: $ink;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
    }
    Lines:focus { border: none; background-tint: $paper 0%; }
    Lines > .option-list--option { padding: 0; }
    Lines > .option-list--option-highlighted {
        color: $chosen-ink; background: $chosen-paper; text-style: bold;
    }
    Lines > .option-list--option-disabled { color: $quiet; text-style: none; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id, markup=False)
        self._shown: list[str | None] = []

    @property
    def room(self) -> int:
        """Cells a line can fill after its mark, with a cell left for the scroll bar."""
        return max(20, self.size.width or self.app.size.width) - len(MARK) - 1

    def show(self, lines: Sequence[str | None], *, keep: int | None = None) -> None:
        """Replaces all lines and chooses the one at `keep`, the first where that is None; a None is an empty line."""
        mark = min(keep or 0, len(lines) - 1) if lines else None
        if list(lines) == self._shown:
            self.highlighted = mark
            return
        self._shown = list(lines)
        options = [Option(Content(f"  {line}" if line else " "), disabled=line is None) for line in lines]
        self.set_options(options)
        self.highlighted = mark

    def render_line(self, y: int) -> Strip:
        """The line, with the mark in front of the chosen one."""
        strip = super().render_line(y)
        if self.highlighted is None or self.scroll_offset.y + y != self.highlighted:
            return strip
        style = next((segment.style for segment in strip), None)
        return Strip.join([Strip([Segment(MARK, style)]), strip.crop(len(MARK))])
