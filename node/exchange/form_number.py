"""The number of a check-in sheet: short enough to be typed, and a mistyped one is found out.

`F`, four digits for the node that printed it, four that count its sheets, and a check digit by Damm's method, which
finds every single wrong digit and every pair that was swapped: F 0000-0012-8. Nothing else that is typed at reception
is an F and nine digits, or nine digits grouped like these.
"""

import re
import unicodedata
from hashlib import sha256
from typing import Final

from node.errors import FormNumberWrong
from node.exchange.card_symbols import digits_typed

LABEL: Final = b"moyai.v1 sheet\n"
LETTER: Final = "F"
LETTER_TYPED: Final = ("f", "F", "は")
"""With the keyboard set to kana, F is は."""
GROUPED: Final = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]")
"""Typed without its letter; no telephone number is grouped so."""
DIGITS: Final = 9
HOME_SERIES: Final = 0
SERIES: Final = 10_000
COUNT_MAX: Final = 9_999

_DAMM: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""A totally anti-symmetric quasigroup of order 10 (Damm 2004)."""


def form_number(series: int, count: int) -> str:
    """The number of the count-th sheet of a series, such as F000000128."""
    bare = f"{series:04}{count:04}"
    return f"{LETTER}{bare}{_check(bare)}"


def is_form_number(text: str) -> bool:
    """Whether this has the shape of a sheet's number, hyphens and spaces apart."""
    return _digits(text) is not None


def read_form_number(text: str) -> str:
    """The number as it was printed.

    Raises:
        FormNumberWrong: the check digit does not fit.
    """
    digits = _digits(text)
    if digits is None or _check(digits[:-1]) != digits[-1]:
        raise FormNumberWrong
    return LETTER + digits


def printed(number: str) -> str:
    """As it stands on paper: F 0000-0012-8."""
    return f"{number[0]} {number[1:5]}-{number[5:9]}-{number[9]}"


def series_of(node: bytes, *, is_home: bool) -> int:
    """The series of a node's sheets: 0 for the town hall; two laptops of a town share one once in ten thousand."""
    return HOME_SERIES if is_home else 1 + int.from_bytes(sha256(LABEL + node).digest()[:8], "big") % (SERIES - 1)


def slot_of(number: str) -> bytes:
    """The slot of the note that says whose sheet it was."""
    return sha256(LABEL + number.encode()).digest()[:16]


def _digits(text: str) -> str | None:
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if not character.isspace() and character not in "-‐−ー"
    )
    if bare[:1] not in LETTER_TYPED and not GROUPED.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        return None
    digits = digits_typed(bare[1:] if bare[:1] in LETTER_TYPED else bare)
    return digits if digits is not None and len(digits) == DIGITS else None


def _check(digits: str) -> str:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)
