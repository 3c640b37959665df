"""What is typed into an application: facets by letters, organisations and areas by name, reading or code. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from node.coordination.decisions import Party
from tui.towns import towns_like
from tui.words import Words

FACET_LETTERS: Final[Mapping[str, str]] = {
    "i": "identity",
    "r": "residence",
    "c": "contact",
    "h": "household",
    "s": "stay",
    "n": "condition",
    "e": "care",
    "m": "medical",
    "d": "damage",
    "a": "assistance",
    "b": "belongings",
}
USUAL: Final = "isne"
"""Who, where, how hurt, what needs: what the emergency basis opens too, but for the medical."""
_BETWEEN: Final = re.compile(r"[,、，\s]+")


def facets_of(letters: str) -> list[str]:
    """The facets these letters stand for."""
    return [facet for letter, facet in FACET_LETTERS.items() if letter in letters.lower()]


def letters_of(facets: Iterable[str]) -> str:
    """And back."""
    chosen = set(facets)
    return "".join(letter for letter, facet in FACET_LETTERS.items() if facet in chosen)


def facets_told(facets: Sequence[str], words: Words) -> str:
    """The facets in words."""
    return words("list.comma").join(words.either(f"facet.{facet}", facet) for facet in facets)


def parties_like(text: str, parties: Sequence[Party]) -> list[Party]:
    """The members whose name, reading or code begins so; all of them where nothing is typed."""
    plain = text.strip()
    exact = [party for party in parties if plain in (party.code, party.name)]
    if exact or not plain:
        return exact or list(parties)
    towns = {town.code for town in towns_like(plain)}
    return [
        party
        for party in parties
        if party.code.startswith(plain) or party.name.startswith(plain) or party.code in towns
    ]


def area_of(text: str) -> list[str] | None:
    """The codes of the towns typed, commas or blanks between; None: one of them is no town, or may be several."""
    codes = []
    for part in filter(None, _BETWEEN.split(text.strip())):
        found = towns_like(part)
        exact = [town for town in found if part in (town.name, town.code)] or found
        if len(exact) != 1:
            return None
        codes.append(exact[0].code)
    return codes
