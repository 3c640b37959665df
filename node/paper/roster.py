"""Draws the list of everybody who is at a place (避難者名簿), for the day the screen is dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from node.paper.leaf import HEIGHT_MM, WIDTH_MM, Leaf
from node.paper.words import en, ja

LEFT = 10.0
RIGHT = WIDTH_MM - 10.0
TOP = 34.0
ROW_MM = 9.0
BOTTOM = HEIGHT_MM - 22.0
COLUMNS = (
    ("number", 0.0),
    ("name", 9.0),
    ("sex", 52.0),
    ("age", 59.0),
    ("address", 70.0),
    ("needs", 124.0),
    ("state", 158.0),
    ("check", 174.0),
)
A_PAGE = int((BOTTOM - TOP - 7) // ROW_MM)


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the list, every text as it is to be printed."""

    name: str
    kana: str
    sex: str
    """A word of the table `roster`, or empty."""
    age: str
    address: str
    needs: str
    is_out: bool
    hidden: bool
    """Protected: nobody may be told."""
    household: bytes


def draw_roster(
    rows: Sequence[Row], *, place: str, organisation_name: str, made_at: datetime, drill: bool = False
) -> bytes:
    """A PDF, households kept together in the order given."""
    leaf = Leaf(title=ja("roster.title"), made_at=made_at, drill=drill)
    pages = max(1, -(-len(rows) // A_PAGE))
    households = len({row.household or row.name.encode() for row in rows})
    figures: dict[str, str | int] = {
        "place": place,
        "at": f"{made_at:%Y-%m-%d %H:%M}",
        "people": len(rows),
        "households": households,
    }
    for page in range(pages):
        leaf.page()
        leaf.text(LEFT, 9, ja("roster.title"), size=16)
        leaf.text(LEFT + leaf.width(ja("roster.title"), 16) + 3, 12, en("roster.title"), size=9, grey=True)
        leaf.text(RIGHT, 9, organisation_name, size=10, right=True)
        leaf.text(RIGHT, 14, ja("roster.page", page=page + 1, pages=pages), size=9, right=True)
        leaf.fitted(LEFT, 18, RIGHT - LEFT, ja("roster.head", **figures), size=11)
        leaf.fitted(LEFT, 23.5, RIGHT - LEFT, en("roster.head", **figures), size=8, grey=True)
        _table(leaf, rows[page * A_PAGE : (page + 1) * A_PAGE], page * A_PAGE)
        y = leaf.paragraph(LEFT, BOTTOM + 4, RIGHT - LEFT, ja("roster.careful"), size=8)
        leaf.paragraph(LEFT, y, RIGHT - LEFT, en("roster.careful"), size=6.5, grey=True)
    return leaf.written()


def _table(leaf: Leaf, rows: Sequence[Row], before: int) -> None:
    leaf.box(LEFT, TOP - 6, RIGHT - LEFT, 6.5, pale=True)
    for key, x in COLUMNS:
        leaf.text(LEFT + x + 1, TOP - 5.6, ja(f"roster.{key}"), size=8)
        leaf.text(LEFT + x + 1, TOP - 2.4, en(f"roster.{key}"), size=5.5, grey=True)
    for number, row in enumerate(rows):
        y = TOP + 0.5 + number * ROW_MM
        same = number > 0 and bool(row.household) and row.household == rows[number - 1].household
        if not same:
            leaf.line(LEFT, y, RIGHT, y, width=0.3)
        _row(leaf, row, before + number + 1, y)
    end = TOP + 0.5 + len(rows) * ROW_MM
    leaf.line(LEFT, end, RIGHT, end, width=0.3)


def _row(leaf: Leaf, row: Row, number: int, y: float) -> None:
    at = {key: LEFT + x + 1 for key, x in COLUMNS}
    leaf.text(at["number"], y + 3, str(number), size=8)
    leaf.fitted(at["name"], y + 0.8, 42, row.kana, size=6.5, grey=True)
    leaf.fitted(at["name"], y + 3.6, 42, row.name, size=11)
    leaf.text(at["sex"], y + 3, ja(f"roster.{row.sex}") if row.sex else "", size=9)
    leaf.text(at["age"], y + 3, row.age, size=9)
    for place, line in enumerate(leaf.folded(row.address, 52, 7)[:2]):
        leaf.text(at["address"], y + 1.5 + place * 3.5, line, size=7)
    for place, line in enumerate(leaf.folded(row.needs, 32, 7)[:2]):
        leaf.text(at["needs"], y + 1.5 + place * 3.5, line, size=7)
    state = ja("roster.out" if row.is_out else "roster.here")
    leaf.text(at["state"], y + 1.2, state, size=8)
    if row.hidden:
        leaf.text(at["state"], y + 4.8, f"【{ja('roster.hidden')}】", size=8)
    leaf.box(at["check"] + 1, y + 2, 5, 5, line=0.3)
