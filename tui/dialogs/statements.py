"""Says one field of one statement in words: its name, and codes and times as people read them. Pure."""

import re

from node.desk.views import FieldView
from node.reference.codes import care_word
from tui.towns import name_of
from tui.when import local
from tui.words import Words

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
    if field.field == "municipality":
        return name_of(text)
    if field.field == "codes":
        return words("list.comma").join(care_word(code, words.language) for code in text.split(","))
    key = {"sex": "sex_name", "state": f"{field.facet}_state", "outside": "outside"}.get(field.field)
    return words.either(f"{key}.{text}", text) if key else text
