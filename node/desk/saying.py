"""Says the value of one field of a facet as one line of text; ids stay hex."""

from node.people.calendar import birth_words
from node.people.facets import BirthDate
from node.people.facets.fields import FacetModel


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
