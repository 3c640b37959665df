"""The colours of the screens, chosen so that every pair meets WCAG AA; no meaning rests on a colour alone."""

from textual.theme import Theme

INK = "#f2f2ec"
PAPER = "#12171c"
QUIET = "#b4bec7"
LINE_INK = "#ffffff"
LINE_PAPER = "#1d4e73"
FIELD_PAPER = "#26303a"
CHOSEN_INK = "#101010"
CHOSEN_PAPER = "#ffd166"
WARNING = "#ffb86b"
GOOD = "#8fd694"

THEME = Theme(
    name="moyai",
    primary=LINE_PAPER,
    foreground=INK,
    background=PAPER,
    surface=PAPER,
    panel=FIELD_PAPER,
    warning=WARNING,
    error=WARNING,
    success=GOOD,
    accent=CHOSEN_PAPER,
    dark=True,
    text_alpha=1.0,
    variables={
        "ink": INK,
        "paper": PAPER,
        "quiet": QUIET,
        "line-ink": LINE_INK,
        "line-paper": LINE_PAPER,
        "field-paper": FIELD_PAPER,
        "chosen-ink": CHOSEN_INK,
        "chosen-paper": CHOSEN_PAPER,
        "attention": WARNING,
        "good": GOOD,
        "input-cursor-background": CHOSEN_PAPER,
        "input-cursor-foreground": CHOSEN_INK,
        "input-cursor-text-style": "none",
        "input-selection-background": LINE_PAPER,
        "input-selection-foreground": LINE_INK,
        "block-cursor-foreground": CHOSEN_INK,
        "block-cursor-background": CHOSEN_PAPER,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": CHOSEN_INK,
        "block-cursor-blurred-background": QUIET,
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": FIELD_PAPER,
        "scrollbar": QUIET,
        "scrollbar-background": FIELD_PAPER,
        "scrollbar-hover": QUIET,
        "scrollbar-active": QUIET,
        "scrollbar-corner-color": FIELD_PAPER,
    },
)
