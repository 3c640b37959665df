"""The recovery key: a box key whose private half stands on paper only, as a code that is typed in when all is lost.

The code is 140 bits of chance in Crockford's base 32: seven groups of four characters, each with a fifth that checks it
and its place. So whoever types it is told which group is wrong; a group in another's place is found as well.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from node.errors import RecoveryCodeWrong
from node.trust.keys import KEY_BYTES, BoxKey, Entropy
from node.trust.one_time import ALPHABET, normalised

GROUPS: Final = 7
CHARACTERS: Final = 4
"""Of chance in a group; the one that checks them comes after."""
_WRITTEN: Final = CHARACTERS + 1
_BITS: Final = 5 * GROUPS * CHARACTERS
_LABEL: Final = b"moyai.v1 recover"
"""As long as what BLAKE2b takes to tell uses apart."""


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryCode:
    """A recovery key, as it is printed."""

    written: str
    """Such as "7QK4M-2XN0R-…": 41 characters."""

    @property
    def key(self) -> BoxKey:
        """The key that follows from it."""
        return BoxKey(blake2b(normalised(self.written).encode(), digest_size=KEY_BYTES, person=_LABEL).digest())

    @property
    def groups(self) -> tuple[str, ...]:
        """As it is printed and read out, group by group."""
        return tuple(self.written.split("-"))


def new_recovery_code(entropy: Entropy) -> RecoveryCode:
    """A new one."""
    number = int.from_bytes(entropy(-(-_BITS // 8)), "big")
    characters = [ALPHABET[(number >> (5 * place)) & 31] for place in range(GROUPS * CHARACTERS)]
    groups = ("".join(characters[at : at + CHARACTERS]) for at in range(0, len(characters), CHARACTERS))
    return RecoveryCode("-".join(group + _check(group, place) for place, group in enumerate(groups)))


def read_recovery_code(typed: str) -> RecoveryCode:
    """A code as somebody has typed it: in any case, width and spacing, with I, L and O for 1, 1 and 0.

    Raises:
        RecoveryCodeWrong: the `groups` that are wrong or missing, counted from 1.
    """
    groups = _groups(typed)
    wrong = [place for place, group in enumerate(groups) if place >= GROUPS or not _holds(group, place)]
    if wrong:
        raise RecoveryCodeWrong(groups=", ".join(str(place + 1) for place in wrong), of=GROUPS)
    return RecoveryCode("-".join(groups))


def fingerprint(box_key: bytes) -> str:
    """By which people tell recovery keys apart: of the public half, so it may be shown to anybody."""
    return blake2b(box_key, digest_size=8, person=b"moyai.v1 box key").hexdigest()


def _groups(typed: str) -> list[str]:
    """As they were kept apart, so that a character too few spoils one of them; else five characters each."""
    apart = [normalised(one) for one in re.split(r"[\s\-‐-―－ー]+", typed.strip()) if one]
    if len(apart) == GROUPS:
        return apart
    plain = "".join(apart)
    return [plain[at : at + _WRITTEN] for at in range(0, max(len(plain), GROUPS * _WRITTEN), _WRITTEN)]


def _holds(group: str, place: int) -> bool:
    return len(group) == _WRITTEN and group[-1] == _check(group[:-1], place)


def _check(group: str, place: int) -> str:
    """Sum of 2^i times the i-th character in the field of 32 elements, and the place: finds every single wrong
    character, every two that were swapped, and a group in another's place."""
    total = place
    for character in reversed(group):
        total = _double(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _double(value: int) -> int:
    """Times x modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
