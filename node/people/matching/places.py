"""How two addresses and two people's telephones stand to each other."""

import re
from typing import Final

from node.people.matching.slips import one_digit_slip

_LEAST_PART: Final = 4
"""Letters an address must have to be found again within a longer one."""
_FIRST_NUMBER: Final = re.compile(r"[0-9]")
_ENDS_A_TOWN: Final = ("市", "区", "町", "村")


def address_level(first: str, second: str, municipality: str = "", other_municipality: str = "") -> str:
    """A level of `weights.ADDRESS` for two folded addresses, or "" where one is not known."""
    if not first or not second:
        return ""
    if _same(first, second):
        return "exact" if _FIRST_NUMBER.search(first) else "part"
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= _LEAST_PART and (longer.startswith(shorter) or longer.endswith(shorter)):
        return "part"
    street, other_street = _street(first), _street(second)
    if street and other_street and _same(street, other_street):
        return "street"
    return "town" if municipality and municipality == other_municipality else "other"


def _same(first: str, second: str) -> bool:
    """Whether they are one, the town in front said or not."""
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= _LEAST_PART and longer.endswith(shorter) and longer.removesuffix(shorter)[-1] in _ENDS_A_TOWN


def _street(address: str) -> str:
    """What stands before the first number; "" where there is no number."""
    found = _FIRST_NUMBER.search(address)
    return address[: found.start()] if found else ""


def phone_level(first: tuple[str, ...], second: tuple[str, ...]) -> str:
    """A level of `weights.PHONE`, of the numbers that are most alike; "" where one has none."""
    if not first or not second:
        return ""
    if set(first) & set(second):
        return "exact"
    return "digit" if any(one_digit_slip(one, other) for one in first for other in second) else "other"
