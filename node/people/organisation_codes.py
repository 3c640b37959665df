"""Checks codes of organisations: six digits with a check digit, or "S" and five digits for a support organisation."""

import re
from typing import Final

_LOCAL_GOVERNMENT: Final = re.compile(r"[0-9]{6}")
_SUPPORT: Final = re.compile(r"S[0-9]{5}")
_WEIGHTS: Final = (6, 5, 4, 3, 2)


def check_digit(five: str) -> int:
    """The sixth digit of a local government code (全国地方公共団体コード, modulus 11) to its first five."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, five, strict=True))
    return (11 - total % 11) % 10


def is_local_government(code: str) -> bool:
    """Whether the code has six digits of which the last is right. Says nothing of whether the town still exists."""
    return bool(_LOCAL_GOVERNMENT.fullmatch(code)) and int(code[5]) == check_digit(code[:5])


def is_organisation(code: str) -> bool:
    """Whether the code can be that of an organisation of a federation."""
    return is_local_government(code) or bool(_SUPPORT.fullmatch(code))


def with_check_digit(five: str) -> str:
    """The full code to the five digits that many files carry (JIS X 0402)."""
    return f"{five}{check_digit(five)}"
