"""Says one field of one statement in words: its name, and codes and times as people read them. Pure."""

import re
from collections.abc import Callable

from node.desk.saying import where_to_word
from node.desk.views import FieldView
from node.people.facets.kinds import Answer
from node.purposes import PURPOSES
from node.records.kinds import facet_name
from node.reference.codes import care_word
from tui.towns import name_of
from tui.when import local
from tui.words import LANGUAGES, Words

_ID = re.compile(r"[0-9a-f]{32}")


def says_something(field: FieldView) -> bool:
    """Whether a person can read it: ids are for machines."""
    return not _ID.fullmatch(field.text)


def field_word(field: FieldView, words: Words) -> str:
    """The facet and the field by their words; a field of a newer version by its own name."""
    facet = words.either(f"facet.{field.facet}", field.facet)
    return f"{facet} {words.either(f'field.{field.field}', field.field)}"


def field_text(field: FieldView, words: Words) -> str:
    """What it says."""
    text = field.text
    if field.field.endswith("_ms") and text.isdigit():
        return f"{local(int(text)):%Y-%m-%d %H:%M}"
    listed: dict[str, Callable[[str], str]] = {
        "codes": lambda code: care_word(code, words.language),
        "care_codes": lambda code: care_word(code, words.language),
        "facets": lambda number: _facet(number, words),
        "organisations": name_of,
        "recipients": name_of,
    }
    if field.field in listed:
        return words("list.comma").join(map(listed[field.field], text.split(",")))
    if field.field == "purpose" and text in PURPOSES:
        return PURPOSES[text][LANGUAGES.index(words.language)]
    if field.field == "destination":
        return where_to_word(text, lambda code: words.either(f"outside.{code}", code), name_of)
    return name_of(text) if field.field == "municipality" else _coded(field, words)


def _coded(field: FieldView, words: Words) -> str:
    """A code by its word, anything else as it stands."""
    if field.facet == "answers":
        return words(f"answers.{'y' if field.text == str(int(Answer.YES)) else 'n'}")
    keys = {
        "all_local_governments": "yes_no",
        "active": "yes_no",
        "given_by": "giver",
        "purpose": "consent_purpose",
        "wording": "consent_wording",
        "sex": "sex_name",
        "state": f"{field.facet}_state",
        "outside": "outside",
        "ground": "protect",
    }
    return words.either(f"{keys.get(field.field, '')}.{field.text}", field.text)


def _facet(number: str, words: Words) -> str:
    name = facet_name(int(number)) if number.isdigit() else number
    return words.either(f"facet.{name}", name)
