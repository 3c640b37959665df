"""Says the value of one field of a facet as one line of text; ids stay hex."""

from collections.abc import Callable
from typing import Final

from node.people.calendar import birth_words
from node.people.facets import BirthDate, Destination
from node.people.facets.fields import FacetModel

TOWN_FIGURES: Final = 6
"""A municipality's code has so many."""


def told(value: object) -> str:
    """The value in one line: lists with commas, a birth date as ISO, a group of fields as what is filled in of it."""
    match value:
        case BirthDate():
            return birth_words(value, japanese=False)
        case FacetModel():
            said = (getattr(value, name) for name in type(value).model_fields)
            return " ".join(told(each) for each in said if each)
        case bytes():
            return value.hex()
        case tuple() | list():
            return ",".join(told(each) for each in value)
        case int():  # enumerations and truth values too
            return str(int(value))
        case _:
            return str(value)


def told_by_name(value: object, place_name: Callable[[bytes], str]) -> str:
    """As `told`, but where somebody went by one thing only: the place's name, else the town, else the kind of place
    outside by their codes, which `where_to_word` turns into a word; then what was typed of it."""
    if not isinstance(value, Destination):
        return told(value)
    code = value.municipality or (str(int(value.outside)) if value.outside else "")
    where = place_name(value.place) or code or told(value.place)
    return f"{where} {value.text}".strip()


def where_to_word(text: str, outside: Callable[[str], str], town: Callable[[str], str]) -> str:
    """What `told_by_name` says of where somebody went, in words: a kind of place outside has one figure, a town six."""
    code, _, typed = text.partition(" ")
    if not code.isdecimal() or len(code) not in (1, TOWN_FIGURES):
        return text
    return f"{outside(code) if len(code) == 1 else town(code)} {typed}".strip()
