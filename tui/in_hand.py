"""Puts a mark before the label of the field in hand: that it has another colour is not to be the only sign."""

from typing import Any

from tui.base import Page, Word
from tui.fields import Field
from tui.lines import MARK

NOT_IN_HAND = " " * len(MARK)


def mark_in_hand(page: Page[Any]) -> None:
    """In every row of the page, the label before a field says whether it is the one in hand."""
    label: Word | None = None
    for widget in page.query(".row > *"):
        if isinstance(widget, Word):
            label = widget
        elif isinstance(widget, Field) and label is not None:
            label.mark(MARK if widget is page.focused else NOT_IN_HAND)
