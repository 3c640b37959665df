"""Draws what a person has consented to (同意の控え), for them to take along."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from node.paper.leaf import HEIGHT_MM, WIDTH_MM, Leaf
from node.paper.words import en, ja
from node.records.kinds import BY_NAME

LEFT = 15.0
RIGHT = WIDTH_MM - 15.0
LABEL_MM = 32.0
BOTTOM = HEIGHT_MM - 45.0
PURPOSES = ("relief", "card")


@dataclass(frozen=True, slots=True)
class Decided:
    """One consent, every name and date as it is to be printed."""

    to: tuple[str, ...]
    """Names of organisations; empty: all local governments, or nobody any more."""
    facets: tuple[str, ...]
    purpose: str
    since: str
    until: str
    """Empty: until it is taken back."""
    guardian: str
    """The guardian's relation; empty: the person answered."""
    withdrawn: str
    """When it was taken back; empty: it stands."""


def draw_receipt(
    decided: Sequence[Decided], *, name: str, organisation_name: str, made_at: datetime, drill: bool = False
) -> bytes:
    """A PDF."""
    leaf = Leaf(title=ja("receipt.title"), made_at=made_at, drill=drill)
    y = _head(leaf, name, organisation_name, made_at)
    if not decided:
        leaf.text(LEFT, y, f"{ja('receipt.none')}  {en('receipt.none')}", size=11)
        y += 8
    for one in decided:
        if y > BOTTOM:
            y = _head(leaf, name, organisation_name, made_at)
        y = _one(leaf, one, y) + 5
    y = leaf.paragraph(LEFT, y, RIGHT - LEFT, ja("receipt.how"), size=10)
    leaf.paragraph(LEFT, y, RIGHT - LEFT, en("receipt.how"), size=7.5, grey=True)
    return leaf.written()


def _head(leaf: Leaf, name: str, organisation_name: str, made_at: datetime) -> float:
    leaf.page()
    leaf.text(LEFT, 14, ja("receipt.title"), size=20)
    leaf.text(LEFT + leaf.width(ja("receipt.title"), 20) + 4, 18, en("receipt.title"), size=10, grey=True)
    leaf.text(RIGHT, 14, organisation_name, size=11, right=True)
    leaf.text(RIGHT, 19.5, f"{made_at:%Y-%m-%d %H:%M}", size=10, right=True)
    leaf.fitted(LEFT, 27, RIGHT - LEFT, ja("receipt.of", name=name), size=13)
    return 37.0


def _one(leaf: Leaf, one: Decided, y: float) -> float:
    top = y
    y += 2
    rows = [("what", "、".join(facet_words(one.facets, ja)), ", ".join(facet_words(one.facets, en)))]
    if not one.withdrawn:
        rows = [("to", *_to(one)), *rows, ("purpose", *_purpose(one))]
    rows.append(("since", one.since, ""))
    if not one.withdrawn:
        rows.append(("until", *((one.until, "") if one.until else (ja("receipt.open_end"), en("receipt.open_end")))))
        rows.append(("given_by", *_given_by(one)))
    for key, said, english in rows:
        leaf.text(LEFT + 2, y, ja(f"receipt.{key}"), size=9.5)
        leaf.text(LEFT + 2, y + 4, en(f"receipt.{key}"), size=6.5, grey=True)
        end = leaf.paragraph(LEFT + LABEL_MM, y, RIGHT - LEFT - LABEL_MM - 2, said, size=10.5)
        if english:
            end = leaf.paragraph(LEFT + LABEL_MM, end, RIGHT - LEFT - LABEL_MM - 2, english, size=7, grey=True)
        y = max(end, y + 7.5) + 1
    if one.withdrawn:
        said = f"{ja('receipt.withdrawn', at=one.withdrawn)}  {en('receipt.withdrawn', at=one.withdrawn)}"
        leaf.text(LEFT + 2, y, said, size=11)
        y += 7
    leaf.box(LEFT, top, RIGHT - LEFT, y - top, line=0.4)
    return y


def _to(one: Decided) -> tuple[str, str]:
    return ("、".join(one.to), "") if one.to else (ja("receipt.everyone"), en("receipt.everyone"))


def _purpose(one: Decided) -> tuple[str, str]:
    known = one.purpose in PURPOSES
    return (ja(f"receipt.for_{one.purpose}"), en(f"receipt.for_{one.purpose}")) if known else (one.purpose, "")


def _given_by(one: Decided) -> tuple[str, str]:
    if one.guardian:
        return ja("receipt.guardian", relation=one.guardian), en("receipt.guardian", relation=one.guardian)
    return ja("receipt.self"), en("receipt.self")


def facet_words(facets: Sequence[str], say: Callable[[str], str]) -> list[str]:
    """The words of these facets; one of a newer version is named as it came."""
    return [say(f"facet.{facet}") if facet in BY_NAME else facet for facet in facets]
