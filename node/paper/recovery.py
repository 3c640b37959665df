"""Draws the recovery key on a sheet for the safe: its code in groups, and a symbol that a scanner types."""

from datetime import datetime

from node.paper.leaf import WIDTH_MM, Leaf
from node.paper.words import en, ja

LEFT = 20.0
RIGHT = WIDTH_MM - 20.0
SYMBOL_MM = 60.0


def draw_recovery_key(
    groups: tuple[str, ...], *, fingerprint: str, organisation: str, organisation_name: str, made_at: datetime
) -> bytes:
    """A PDF. It is the key: print it, lock it away, and delete the file."""
    leaf = Leaf(title=ja("recovery.title"), made_at=made_at)
    leaf.page()
    leaf.text(LEFT, 18, ja("recovery.title"), size=22)
    leaf.text(LEFT, 28, en("recovery.title"), size=10, grey=True)
    leaf.text(RIGHT, 18, f"{organisation_name} {organisation}", size=11, right=True)
    leaf.text(RIGHT, 24, f"{made_at:%Y-%m-%d %H:%M}", size=10, right=True)
    y = 40.0
    leaf.box(LEFT, y, RIGHT - LEFT, 34, line=0.5)
    for number, group in enumerate(groups):
        x, row = LEFT + 6 + (number % 4) * 41, y + 5 + (number // 4) * 14
        leaf.text(x, row, f"{number + 1}", size=8, grey=True)
        leaf.text(x + 5, row, group, size=20)
    leaf.symbol((WIDTH_MM - SYMBOL_MM) / 2, y + 40, SYMBOL_MM, "-".join(groups))
    y += 108
    leaf.text(LEFT, y, ja("recovery.fingerprint", fingerprint=fingerprint), size=10)
    leaf.text(LEFT, y + 5, en("recovery.fingerprint", fingerprint=fingerprint), size=7.5, grey=True)
    y += 14
    for name in ("what", "where", "how", "shown"):
        y = leaf.paragraph(LEFT, y, RIGHT - LEFT, ja(f"recovery.{name}"), size=11)
        y = leaf.paragraph(LEFT, y, RIGHT - LEFT, en(f"recovery.{name}"), size=8, grey=True) + 3
    return leaf.written()
