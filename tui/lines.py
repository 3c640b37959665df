"""A list whose lines are columns and whose chosen line bears a mark, not only a colour."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.content import Content
from textual.css.styles import RulesMap
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList
from textual.widgets.option_list import Option

MARK = "> "
REFUSED_MARK = "! "
HIGHLIGHTED, DISABLED = ("option-list--option-highlighted",), ("option-list--option-disabled",)


class Line(Visual):
    """A text known to fit its line. Nothing is to be measured or broken: a list is painted anew at every key."""

    def __init__(self, text: str, width: int) -> None:
        self._text = text
        self._width = width

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002
        """Its cells."""
        return self._width

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002
        """One line."""
        return 1

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:  # noqa: ARG002
        """The line, with blanks up to its end."""
        text = self._text + " " * (width - self._width)
        return [Strip([Segment(text, style.rich_style)], max(width, self._width))]


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
        scrollbar-background: $paper;
        overflow-x: hidden;
        overflow-y: scroll;
    }
    Lines:focus { border: none; background-tint: $paper 0%; }
    Lines > .option-list--option { padding: 0; }
    Lines > .option-list--option-highlighted {
        color: $chosen-ink; background: $chosen-paper; text-style: bold;
    }
    Lines > .option-list--option-disabled { color: $quiet; text-style: none; }
    """

    virtual_size: Reactive[Size] = reactive(Size(0, 0), layout=False)
    """Unlike elsewhere, more or fewer lines never lay out the whole screen anew: the list's own size is fixed, and the
    cell of its scroll bar is kept free where there is nothing to scroll."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id, markup=False)
        self._shown: list[str | None] = []
        self._shown_in = 0
        self._all_fit = self._fits_now = False
        self._width = 0

    @property
    def room(self) -> int:
        """Cells a line can fill after its mark, with a cell left for the scroll bar."""
        return max(20, self.size.width or self.app.size.width) - len(MARK) - 1

    def show(self, lines: Sequence[str | None], *, keep: int | None = None) -> None:
        """Replaces all lines and chooses the one at `keep`, the first where that is None; a None is an empty line."""
        mark = min(keep or 0, len(lines) - 1) if lines else None
        room = self.room
        if list(lines) == self._shown and room == self._shown_in:
            self.highlighted = mark
            return
        self._shown, self._shown_in = list(lines), room
        visuals = [_visual(line, room) for line in lines]
        self._all_fit = all(isinstance(each, Line) for each in visuals)
        self.set_options([Option(visual, disabled=line is None) for visual, line in zip(visuals, lines, strict=True)])
        self.highlighted = mark

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines, as they were made for this width."""
        self._fits_now = self._all_fit and self.room == self._shown_in
        self._width = self.scrollable_content_region.width
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """The line, with the mark in front of the chosen one. What is known to fit needs no more than its style."""
        number = self.scroll_offset.y + y
        if self._fits_now and number < len(self._shown):
            return self._line(number)
        strip = super().render_line(y)
        if self.highlighted is None or self.scroll_offset.y + y != self.highlighted:
            return strip
        style = next((segment.style for segment in strip), None)
        return Strip.join([Strip([Segment(MARK, style)]), strip.crop(len(MARK))])

    def _line(self, number: int) -> Strip:
        told = self._shown[number]
        is_chosen = number == self.highlighted
        kind = DISABLED if told is None else HIGHLIGHTED if is_chosen else ()
        text = f"{MARK if is_chosen else '  '}{told or ''}"
        style = self.get_visual_style("option-list--option", *kind).rich_style
        return Strip([Segment(text + " " * (self._width - cell_len(text)), style)], self._width)


def _visual(line: str | None, room: int) -> Visual:
    text = f"  {line}" if line else " "
    width = cell_len(text)
    fits = width <= room + len(MARK) and text.isprintable()
    return Line(text, width) if fits else Content(text)
