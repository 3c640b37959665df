"""The colours of the screens, dark and light, each pair WCAG AA; no meaning rests on a colour alone."""

import os
from dataclasses import dataclass, replace
from typing import Final

from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """What is painted with what; ink is what is read, paper what it stands on."""

    ink: str
    paper: str
    quiet: str
    line_ink: str
    line_paper: str
    field_paper: str
    chosen_ink: str
    chosen_paper: str
    attention: str
    good: str


DARK = Palette(
    ink="#f2f2ec",
    paper="#12171c",
    quiet="#b4bec7",
    line_ink="#ffffff",
    line_paper="#1d4e73",
    field_paper="#26303a",
    chosen_ink="#101010",
    chosen_paper="#ffd166",
    attention="#ffb86b",
    good="#8fd694",
)
LIGHT = Palette(
    ink="#16191c",
    paper="#fbfbf7",
    quiet="#48525b",
    line_ink="#ffffff",
    line_paper="#1d4e73",
    field_paper="#e4e8ea",
    chosen_ink="#ffffff",
    chosen_paper="#5b3a00",
    attention="#8a3b00",
    good="#1d5e26",
)


def _theme(name: str, palette: Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        primary=palette.line_paper,
        foreground=palette.ink,
        background=palette.paper,
        surface=palette.paper,
        panel=palette.field_paper,
        warning=palette.attention,
        error=palette.attention,
        success=palette.good,
        accent=palette.chosen_paper,
        dark=dark,
        text_alpha=1.0,
        variables={
            "ink": palette.ink,
            "paper": palette.paper,
            "quiet": palette.quiet,
            "line-ink": palette.line_ink,
            "line-paper": palette.line_paper,
            "field-paper": palette.field_paper,
            "chosen-ink": palette.chosen_ink,
            "chosen-paper": palette.chosen_paper,
            "attention": palette.attention,
            "good": palette.good,
            "input-cursor-background": palette.chosen_paper,
            "input-cursor-foreground": palette.chosen_ink,
            "input-cursor-text-style": "none",
            "input-selection-background": palette.line_paper,
            "input-selection-foreground": palette.line_ink,
            "block-cursor-foreground": palette.chosen_ink,
            "block-cursor-background": palette.chosen_paper,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-foreground": palette.chosen_ink,
            "block-cursor-blurred-background": palette.quiet,
            "block-cursor-blurred-text-style": "none",
            "block-hover-background": palette.field_paper,
            "scrollbar": palette.quiet,
            "scrollbar-background": palette.field_paper,
            "scrollbar-hover": palette.quiet,
            "scrollbar-active": palette.quiet,
            "scrollbar-corner-color": palette.field_paper,
        },
    )


DRILL_DARK = replace(DARK, paper="#1d1420", field_paper="#3d2645", line_paper="#7d2181", quiet="#c9b6cc")
"""A drill is another colour, so that a glance tells it; the word tells it as well."""
DRILL_LIGHT = replace(LIGHT, paper="#fbf1fc", field_paper="#ecd7ef", line_paper="#7d2181", quiet="#4f4352")

THEMES: Final = (_theme("moyai", DARK, dark=True), _theme("moyai-light", LIGHT, dark=False))
DRILL_THEMES: Final = (
    _theme("moyai-drill", DRILL_DARK, dark=True),
    _theme("moyai-drill-light", DRILL_LIGHT, dark=False),
)


def prefers_light() -> bool:
    """Whether the screens are to begin light: where MOYAI_THEME says so."""
    return os.environ.get("MOYAI_THEME", "").strip().lower() == "light"
