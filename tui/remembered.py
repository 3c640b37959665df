"""Keeps what a widget looked like: at each key a screen asks all its widgets anew, and one or two have changed."""

from textual._styles_cache import StylesCache
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget


class Remembering(StylesCache):
    """Gives the same lines again until something of the widget is said to be dirty.

    Textual keeps each line as well, but works out all colours above it before it takes one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._kept: tuple[Region, Size, list[Strip]] | None = None

    def set_dirty(self, *regions: Region) -> None:
        """Some of it has changed."""
        self._kept = None
        super().set_dirty(*regions)

    def clear(self) -> None:
        """All of it may have changed."""
        self._kept = None
        super().clear()

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        """The lines of this part of the widget."""
        if self._kept is not None and self._kept[0] == crop and self._kept[1] == widget.outer_size:
            return self._kept[2]
        strips = super().render_widget(widget, crop)
        self._kept = crop, widget.outer_size, strips
        return strips


def remember(widget: Widget) -> None:
    """Has this widget, and all in it, remember what they look like."""
    for each in widget.walk_children(Widget, with_self=True):
        each._styles_cache = Remembering()
