"""What a search or a read may be for: a short list of codes, so that the log says why and never whom."""

import unicodedata
from typing import Final

from node.errors import PurposeMissing, WordUnknown

PURPOSES: Final[dict[str, tuple[str, str]]] = {
    "aid": ("避難者の支援", "aid to evacuees"),
    "reception": ("避難者の受入れ", "reception"),
    "rescue": ("救助・捜索", "search and rescue"),
    "inquiry": ("安否照会", "safety inquiry"),
    "care": ("医療・福祉", "medical and social care"),
    "certificate": ("罹災証明", "damage certificate"),
    "correction": ("記録の訂正", "correction of records"),
    "request": ("本人の請求", "request of the person"),
    "drill": ("訓練", "drill"),
}
"""Code to its Japanese and English words."""

INTERNAL: Final = frozenset({"duplicates", "roster", "log"})
"""What the desk itself looks for; never typed."""


def purpose_code(text: str) -> str:
    """The code of a purpose, given as code or as its words in either language.

    Raises:
        PurposeMissing: nothing was given.
        WordUnknown: it is none of the list.
    """
    asked = unicodedata.normalize("NFKC", text).strip().casefold()
    if not asked:
        raise PurposeMissing
    if asked in INTERNAL:
        return asked
    for code, words in PURPOSES.items():
        if asked in {code, *(unicodedata.normalize("NFKC", word).casefold() for word in words)}:
            return code
    expected = ", ".join(f"{code} ({japanese})" for code, (japanese, _) in PURPOSES.items())
    raise WordUnknown(field="purpose", expected=expected)


def purpose_word(code: str, language: str) -> str:
    """The words for a purpose."""
    japanese, english = PURPOSES.get(code, (code, code))
    return japanese if language == "ja" else english
