"""Reads how many people fit indoors out of what is published as text, such as 屋内191人／屋外0人(面積の1/2)."""

import re
import unicodedata
from typing import Final

_NUMBER: Final = r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})"
_INDOORS: Final = re.compile(rf"屋内\s*[:：]?\s*約?{_NUMBER}\s*[人名]?")
_ONLY: Final = re.compile(rf"約?\s*{_NUMBER}(?:\.0+)?\s*[人名]?")


def indoor_capacity(text: str) -> int | None:
    """The number of people indoors; None where the text does not say. A bare number is one of people indoors."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _INDOORS.search(plain) or _ONLY.fullmatch(plain)
    return int(match[1].replace(",", "")) if match else None
