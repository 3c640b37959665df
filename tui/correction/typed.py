"""What is held of somebody as the fields of the form, and what was typed in them as a correction. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from node.desk.views import NewPerson
from node.reference.codes import CARE_NEEDS
from tui.reception.typed import SEX, care_codes, care_unread, new_person

OF_FIELD: Final[Mapping[str, str]] = {
    "family": "family_name",
    "given": "given_name",
    "family_kana": "family_kana",
    "given_kana": "given_kana",
    "birth": "birth",
    "sex": "sex",
    "address": "address",
    "phone": "phone",
    "care": "care_codes",
    "description": "description",
    "age": "estimated_age",
    "found": "found_where",
}
"""What of a person each field of the form says."""
EMPTIED: Final = "emptied"
"""Under this a draft has the fields that were emptied; what is empty it leaves out."""
_LETTERS: Final = {need.code: need.letter for need in CARE_NEEDS}


def fields_of(person: NewPerson) -> dict[str, str]:
    """The form's fields for what is held."""
    said = {name: getattr(person, of) for name, of in OF_FIELD.items()}
    letters = "".join(_LETTERS[code] for code in person.care_codes if code in _LETTERS)
    written = said | {"care": letters, "sex": said["sex"] or ""}
    return {name: "" if value is None else " ".join(str(value).split()) for name, value in written.items()}


def changes(start: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """The fields in which something else stands than at the start."""
    return {name: fields[name] for name in OF_FIELD if _meaning(name, fields[name]) != _meaning(name, start[name])}


def correction(before: NewPerson, changed: Mapping[str, str]) -> NewPerson:
    """The person as held, with what was changed; what no field shows stays."""
    typed = new_person(changed, household=before.household)
    anew: dict[str, Any] = {OF_FIELD[name]: getattr(typed, OF_FIELD[name]) for name in changed}
    if "care" in changed:
        anew["care_codes"] += tuple(code for code in before.care_codes if code not in _LETTERS)
    return replace(before, **anew)


def kept(changed: Mapping[str, str]) -> dict[str, str]:
    """The changes as a draft keeps them."""
    emptied = " ".join(name for name, text in changed.items() if not text)
    return dict(changed) | ({EMPTIED: emptied} if emptied else {})


def kept_changes(draft: Mapping[str, str]) -> dict[str, str]:
    """The changes a draft has."""
    emptied = dict.fromkeys(draft.get(EMPTIED, "").split(), "")
    return {name: text for name, text in (emptied | dict(draft)).items() if name in OF_FIELD}


def _meaning(name: str, text: str) -> object:
    """What the text says: letters of needs in any order, one key for the sex."""
    match name:
        case "sex":
            return SEX.get(text, "0")
        case "care":
            return sorted(care_codes(text)), care_unread(text)
        case _:
            return text.strip()
