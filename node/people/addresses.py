"""The key under which addresses are compared; what was typed is never changed by it."""

import re
from typing import Final

from node.people.names import fold_characters

_DIGITS: Final = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_NUMERAL: Final = "〇零一二三四五六七八九十百千"
_HYPHENS: Final = r"‐‑‒–—―−ー~〜\-"

_NUMERALS_MAX: Final = 9
"""Numerals in one number; 九千九百九十九 has seven."""

_PREFECTURE: Final = re.compile(r"^(?:北海道|東京都|京都府|大阪府|[^市区町村]{2,3}県)")
_COUNTY: Final = re.compile(r"^[^市区町村]{1,5}郡(?=[^市区]{1,6}?[町村])")
_AZA: Final = re.compile(r"大字|小字|(?<!文)字")
_BEFORE_UNIT: Final = re.compile(rf"[{_NUMERAL}]+(?=丁目|番地|番(?!町)|号|条)")
_AFTER_UNIT: Final = re.compile(
    rf"(?<=丁目|番地)[のノ]?[{_NUMERAL}]+|(?<=[0-9])[番のノ{_HYPHENS}][{_NUMERAL}]+(?![町丁])"
)
_PAIR: Final = re.compile(rf"(?<![{_NUMERAL}])[{_NUMERAL}]+(?:[のノ{_HYPHENS}][{_NUMERAL}]+)+(?![{_NUMERAL}])")
_UNIT: Final = re.compile(r"(?<=[0-9])(?:丁目|番地|番(?!町)|号(?![室棟館]))[のノ]?-?")
_JOINT: Final = re.compile(rf"(?<=[0-9])[のノ{_HYPHENS}]+(?=[0-9])")
_HYPHENS_LEFT: Final = re.compile(r"-+(?![0-9])")
_GA: Final = re.compile(r"(?<=[^\W0-9])[ヶケがガヵカ](?=[一-鿿])")
_NO: Final = re.compile(r"(?<=[一-鿿])[のノ之乃](?=[一-鿿])")
_NUMERAL_RUN: Final = re.compile(rf"[{_NUMERAL}]+")


def fold_address(text: str) -> str:
    """The key of an address: 2丁目3番, ２の３, 二丁目三番地 and 2-3 are one; so are ヶ, ケ, が; 字 is dropped.

    Prefecture and county are dropped from the beginning, since many people leave them out.
    """
    folded = "".join(fold_characters(text).split()).casefold()
    folded = _COUNTY.sub("", _PREFECTURE.sub("", folded))
    folded = _AZA.sub("", folded)
    for place in (_BEFORE_UNIT, _AFTER_UNIT, _PAIR):
        folded = place.sub(_in_digits, folded)
    folded = _UNIT.sub("-", folded)
    folded = _JOINT.sub("-", folded)
    folded = _HYPHENS_LEFT.sub("", folded)
    folded = _GA.sub("ケ", folded)
    return _NO.sub("ノ", folded)


def _in_digits(found: re.Match[str]) -> str:
    return _NUMERAL_RUN.sub(lambda run: str(number(run[0])) if len(run[0]) <= _NUMERALS_MAX else run[0], found[0])


def number(numerals: str) -> int:
    """The number written in kanji numerals, with units (百二十三) or place by place (一二三)."""
    if not any(unit in numerals for unit in _UNITS):
        return int("".join(str(_DIGITS[numeral]) for numeral in numerals))
    total, digit = 0, None
    for numeral in numerals:
        if numeral in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[numeral]
            digit = None
        else:
            digit = (digit or 0) * 10 + _DIGITS[numeral]
    return total + (digit or 0)
