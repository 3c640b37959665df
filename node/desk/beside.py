"""How what was typed of somebody stands beside what is held: the same, more of it, or something else. Pure."""

from enum import Enum

from node.people.addresses import fold_address
from node.people.facets import BirthDate
from node.people.kana import to_katakana
from node.people.terms import phone_digits

NOTHING = (None, "", (), b"", 0)
"""What a field holds of which nothing was said."""


class Beside(Enum):
    """How two values of one field stand to each other."""

    SAME = "same"
    """What was typed says nothing that is not held."""
    MORE = "more"
    """It says what is held, and more; or nothing was held."""
    OTHER = "other"
    """It says something else."""


def beside(field: str, held: object, typed: object, *, town: str = "") -> Beside:
    """Compare one field.

    Args:
        field: its name in the schema.
        held: what stands.
        typed: what was typed; nothing is the same as anything.
        town: name of the municipality a held address lies in, which may or may not be written in front of one.
    """
    if typed in NOTHING or held == typed:
        return Beside.SAME
    if held in NOTHING:
        return Beside.MORE
    match held, typed:
        case BirthDate(), BirthDate():
            return _births(held, typed)
        case str(), str():
            return _texts(field, held, typed, town)
        case _:
            return Beside.OTHER


def _births(held: BirthDate, typed: BirthDate) -> Beside:
    """A date is more than a guessed age, and a day more than a year."""
    if not typed.date:
        return Beside.SAME if held.date or held.estimated_age == typed.estimated_age else Beside.OTHER
    if held.date.startswith(typed.date):
        return Beside.SAME
    return Beside.MORE if typed.date.startswith(held.date) else Beside.OTHER


def _texts(field: str, held: str, typed: str, town: str) -> Beside:
    if field == "address":
        return _addresses(held, typed, town)
    alike = {"phone": phone_digits, "family_kana": _sounds, "given_kana": _sounds}.get(field, str.split)
    return Beside.SAME if alike(held) == alike(typed) else Beside.OTHER


def _addresses(held: str, typed: str, town: str) -> Beside:
    """An address up to the street is part of one with a number; 1 is not part of 1-2, nor of 12."""
    before, after = (fold_address(text).removeprefix(fold_address(town)) for text in (held, typed))
    if before == after or _is_part(after, before):
        return Beside.SAME
    return Beside.MORE if _is_part(before, after) else Beside.OTHER


def _is_part(shorter: str, longer: str) -> bool:
    return longer.startswith(shorter) and not shorter[-1:].isdigit()


def _sounds(kana: str) -> str:
    return "".join(to_katakana(kana).split())
