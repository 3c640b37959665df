"""The key under which written names are compared; what was typed is never changed by it.

斎 and 斉 are different characters, not forms of one (the tables take 齋 to 斎 and 齊 to 斉, and stop there), so
斎藤 and 斉藤 have different keys. They find one another by their reading: see `node.people.asking`.
"""

import re
import unicodedata
from typing import Final, Protocol

from node.reference.kanji import variants

VARIATION_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What follows a kanji to choose among its shapes (IVS); registers of names are full of them."""
_BETWEEN: Final = re.compile(r"[\s・･.,、，．=＝'’-]+")
_REPEATED: Final = re.compile(r"(.)々")


class Named(Protocol):
    """Somebody with what is known of their name."""

    @property
    def family_name(self) -> str: ...
    @property
    def given_name(self) -> str: ...
    @property
    def kana(self) -> str: ...
    @property
    def name(self) -> str: ...


def in_one_line(person: Named) -> str:
    """The name for a line that has no column for the kana: with them where a family name alone was written."""
    only_family = person.family_name and not person.given_name
    return f"{person.name} ({person.kana})" if only_family and person.kana else person.name


def fold_characters(text: str) -> str:
    """NFKC, shapes dropped, then one step through the table of variants: 髙 is 高, ﾀ is タ, １ is 1."""
    plain = VARIATION_SELECTORS.sub("", unicodedata.normalize("NFKC", text))
    return plain.translate(variants())


def fold_name(text: str) -> str:
    """The key of a name, whole or in part: characters folded, 々 written out, spaces and small letters gone."""
    folded = _REPEATED.sub(r"\1\1", fold_characters(text))
    return _BETWEEN.sub("", folded).casefold()
