"""A list whose lines are columns and whose chosen line bears a mark, not only a colour."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.css.styles import RulesMap
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList
from textual.widgets.option_list import Option

MARK = "> "
REFUSED_MARK = "! "
OPTION = "option-list--option"
CHOSEN, DISABLED = (f"{OPTION}-highlighted",), (f"{OPTION}-disabled",)


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

    def render_strips(self, width: int, height: int | None, style: VisualStyle, options: RenderOptions) -> list[Strip]:  # noqa: ARG002
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
        self._all_fit = False
        self._painted: dict[tuple[str, Style, int], Strip] = {}
        """What was painted last."""

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
        """The lines. Where all are known to fit, they need no more than their styles: nothing is around a list."""
        whole = self.outer_size.region
        if self._all_fit and self.room == self._shown_in and crop == whole:
            return self._fitting(whole.size)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """The line, with the mark in front of the chosen one."""
        strip = super().render_line(y)
        if self.highlighted is None or self.scroll_offset.y + y != self.highlighted:
            return strip
        style = next((segment.style for segment in strip), None)
        return Strip.join([Strip([Segment(MARK, style)]), strip.crop(len(MARK))])

    def _fitting(self, size: Size) -> list[Strip]:
        """The lines in sight and what is blank below them; one that was painted before is the same one again."""
        plain, chosen, disabled = (self.get_visual_style(OPTION, *kind).rich_style for kind in ((), CHOSEN, DISABLED))
        filters = self.get_line_filters()
        _, background = self.background_colors
        before, self._painted = self._painted, {}
        first = self.scroll_offset.y
        strips = []
        for number in range(first, first + size.height):
            told = self._shown[number] if number < len(self._shown) else ""
            is_chosen = number == self.highlighted
            style = disabled if told is None else chosen if is_chosen else plain
            text = f"{MARK if is_chosen else '  '}{told or ''}"
            strip = before.get((text, style, size.width))
            if strip is None:
                strip = Strip([Segment(text + " " * (size.width - cell_len(text)), style)], size.width)
            self._painted[text, style, size.width] = strip
            for each in filters:
                strip = strip.apply_filter(each, background)
            strips.append(strip)
        return strips


def _visual(line: str | None, room: int) -> Visual:
    text = f"  {line}" if line else " "
    width = cell_len(text)
    fits = width <= room + len(MARK) and text.isprintable()
    return Line(text, width) if fits else Content(text)
