"""Reads the codes by which lists name sites and towns: the national ID (共通ID), local government codes."""

import re
import unicodedata
from typing import Final

from node.people.facets import PlaceType
from node.people.organisation_codes import is_local_government, with_check_digit
from node.reference.municipalities import municipalities_named, municipality
from node.reference.prefectures import prefecture, prefecture_of

_NATIONAL_ID: Final = re.compile(r"E([0-9]{5})[0-9]{5}([0-9]{2})[0-9A-Z]")
"""E, municipality 5, facility 5, type 2, sequence 1. The sequence goes on with letters: 栄村 has an A."""

_TYPES: Final = {
    "11": PlaceType.DESIGNATED_SHELTER,
    "12": PlaceType.WELFARE_SHELTER,
    "20": PlaceType.EMERGENCY_SITE,
}


def read_national_id(text: str) -> tuple[str, str, PlaceType] | None:
    """The ID, the municipality's 6-digit code in it, and the kind of site; None for what is no such ID."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    match = _NATIONAL_ID.fullmatch(plain)
    if not match or prefecture_of(match[1]) is None:
        return None
    return plain, with_check_digit(match[1]), _TYPES.get(match[2], PlaceType.UNSPECIFIED)


def read_code(text: str) -> tuple[str, str]:
    """A local government's 6-digit code and the note of the mend that this took; "" for what is none.

    A spreadsheet takes leading zeros away, and many lists leave the check digit out: five digits are a code without its
    first zero where the check digit then holds for a town that exists, else a code without its check digit.
    """
    digits = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    if is_local_government(digits) and prefecture_of(digits):
        return digits, ""
    if re.fullmatch(r"[0-9]{5}", digits):
        restored = "0" + digits
        if is_local_government(restored) and (municipality(restored) or prefecture(restored)):
            return restored, "CODE_ZERO_RESTORED"
        if prefecture_of(digits):
            return with_check_digit(digits), "CODE_CHECK_DIGIT_ADDED"
    return "", "CODE_NOT_READ" if digits else ""


def code_named(name: str) -> str:
    """The code of the only municipality with this name; "" where there is none or several (泊村)."""
    found = municipalities_named(name)
    return found[0].code if len(found) == 1 else ""
