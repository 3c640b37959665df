"""Recognises My Number (個人番号), only so that it can be refused: there is no field for it anywhere (Rule 8-6(3))."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s\-‐‑–—−ー]")
_TWELVE: Final = re.compile(r"[0-9]{12}")


def is_my_number(text: str) -> bool:
    """Whether the text is twelve digits, however spaced and whatever their width, with the right check digit.

    One in about eleven arbitrary twelve-digit numbers passes too; for a whole column ask `looks_like_my_numbers`.
    Source: 番号利用法施行令 Art. 8 with the ministry's order of 2014 on the check digit (検査用数字).
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return bool(_TWELVE.fullmatch(digits)) and int(digits[11]) == check_digit(digits[:11])


def check_digit(eleven: str) -> int:
    """The twelfth digit to these eleven."""
    total = 0
    for position, digit in enumerate(reversed(eleven), start=1):
        weight = position + 1 if position <= 6 else position - 5
        total += int(digit) * weight
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def looks_like_my_numbers(column: Iterable[str]) -> bool:
    """Whether a column of a file holds My Numbers: more than half of what is filled in is valid ones.

    A municipality's own twelve-digit keys pass by chance about once in eleven, so such a column is not refused.
    """
    filled = [value for value in column if value.strip()]
    valid = sum(1 for value in filled if is_my_number(value))
    return valid * 2 > len(filled)
