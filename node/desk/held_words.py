"""Says one field of what is held of a person in words that somebody who is handed a sheet can read."""

import re
from datetime import datetime
from typing import Final

from node.desk.post import JAPAN
from node.desk.saying import where_to_word
from node.desk.views import FieldView
from node.reference.codes import care_word
from node.reference.organisations import organisation_name
from node.words import desk_word_or

_ID: Final = re.compile(r"[0-9a-f]{32}")
_CODED: Final = {"sex": "held_sex", "outside": "held_outside"}


def time_word(at_ms: int) -> str:
    """The moment as clocks in Japan show it."""
    return f"{datetime.fromtimestamp(at_ms / 1000, JAPAN):%Y-%m-%d %H:%M}"


def facet_word(facet: str, language: str) -> str:
    """The word for a facet; of a newer version its own name."""
    return desk_word_or(f"held_facet.{facet}", language, facet)


def field_word(field: FieldView, language: str) -> str:
    """Facet and field by their words."""
    return f"{facet_word(field.facet, language)} {desk_word_or(f'held_field.{field.field}', language, field.field)}"


def field_text(field: FieldView, language: str) -> str:
    """What it says; "" where it is an id, which says nothing to a person."""
    text = field.text
    if _ID.fullmatch(text):
        return ""
    if field.field.endswith("_ms") and text.isdigit():
        return time_word(int(text))
    if field.field == "destination":
        return where_to_word(text, lambda code: desk_word_or(f"held_outside.{code}", language, code), organisation_name)
    if field.field == "municipality":
        return organisation_name(text)
    if field.field in ("codes", "care_codes"):
        return ", ".join(care_word(code, language) for code in text.split(","))
    table = f"held_{field.facet}_state" if field.field == "state" else _CODED.get(field.field, "")
    if field.facet == "answers":
        table = "held_answer"
    return desk_word_or(f"{table}.{text}", language, text) if table else text
