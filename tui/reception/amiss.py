"""What of the form can't be read as what its field is for: said when the field is left, and again at saving. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from tui.columns import cut
from tui.reception.typed import birth_is_unread, care_unread, is_unread
from tui.words import Words

_PHONE: Final = re.compile(r"\+?[0-9 ()\-]+")
DASHES: Final = ("\N{MINUS SIGN}", "\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}")
PHONE_DIGITS_MIN, PHONE_DIGITS_MAX = 9, 15
"""From a number within Japan without a part in front to the longest there is in the world (ITU-T E.164)."""
AGE_MAX = 130
TYPED_CELLS = 30

TESTS: Final[Mapping[str, Callable[[str, date], bool]]] = {
    "family_kana": lambda text, _: is_unread(text),
    "given_kana": lambda text, _: is_unread(text),
    "birth": birth_is_unread,
    "phone": lambda text, _: _is_no_phone(text),
    "care": lambda text, _: bool(care_unread(text)),
    "age": lambda text, _: not (text.isdigit() and int(text) <= AGE_MAX),
}
"""Whether what is typed in a field can't be read."""


def amiss(fields: Mapping[str, str], on: date) -> dict[str, str]:
    """The fields that can't be read, in the form's order, with what stands in them."""
    typed = {name: fields.get(name, "").strip() for name in TESTS}
    return {name: text for name, text in typed.items() if text and TESTS[name](text, on)}


def told(name: str, text: str, words: Words) -> str:
    """That a field can't be read, and what to do."""
    key = "kana" if name.endswith("_kana") else name
    unread = cut(care_unread(text) if name == "care" else text, TYPED_CELLS)
    return words(f"amiss.{key}", field=words(f"form.{name}"), typed=unread)


def _is_no_phone(text: str) -> bool:
    plain = "".join("-" if _is_dash(each) else each for each in unicodedata.normalize("NFKC", text))
    digits = sum(each.isdigit() for each in plain)
    return not (_PHONE.fullmatch(plain) and PHONE_DIGITS_MIN <= digits <= PHONE_DIGITS_MAX)


def _is_dash(character: str) -> bool:
    """As input methods type it: the sign of a long vowel among them."""
    return character in DASHES or unicodedata.category(character) == "Pd"
