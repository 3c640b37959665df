"""The number on a wristband: it names a person to whoever holds their records already, and nobody to anyone else.

It is derived from the subject id by a hash, so that every node that knows the person knows their wristband, also one
that was put on in another town; and so that a band picked up tells neither a name nor the id itself, which is told only
with a release.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from node.errors import WristbandMisread
from node.exchange.card_symbols import digits_typed

LABEL: Final = b"moyai.v1 wristband\n"
MARK: Final = "78"
NUMBER_DIGITS: Final = 20
DIGITS: Final = len(MARK) + NUMBER_DIGITS + 2
"""No birth date, telephone number or My Number is that long; a symbol of the smallest size holds it."""


def wristband(subject: bytes) -> str:
    """The digits of the symbol on this person's wristband; the last two are a check (ISO 7064, MOD 97-10)."""
    number = int.from_bytes(sha256(LABEL + subject).digest()[:8], "big")
    bare = f"{MARK}{number:0{NUMBER_DIGITS}}"
    return f"{bare}{98 - int(bare) * 100 % 97:02}"


def is_wristband(text: str) -> bool:
    """Whether what was scanned is, or was, a wristband."""
    digits = digits_typed(text)
    return digits is not None and len(digits) == DIGITS


def wearer(text: str, people: Iterable[bytes]) -> bytes | None:
    """Who of these people wears the wristband that was scanned; None: nobody.

    Raises:
        WristbandMisread: the check digits do not fit.
    """
    digits = digits_typed(text) or ""
    if len(digits) != DIGITS or not digits.startswith(MARK) or int(digits) % 97 != 1:
        raise WristbandMisread
    return next((subject for subject in people if wristband(subject) == digits), None)
