"""Brings names from rosters into shape: one column into family and given name, any kana into full-width katakana."""

import re
from typing import Final

from node.people.kana import is_kana, to_katakana as katakana_of
from node.reference.names import readings_of_surname

_KATAKANA: Final = re.compile(r"[ァ-ヺー・\s]*")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")

SURNAME_CHARACTERS_MAX: Final = 4
GIVEN_CHARACTERS_MAX: Final = 3


def split_name(name: str, family_kana: str = "") -> tuple[str, str, str]:
    """Family name, given name, and the note of the mend that this took ("" for none).

    Split at the first white space; names with middle parts keep them in the given name. Without white space it is split
    where exactly one known surname (read as `family_kana`, if that is known) leaves a given name of one to three
    letters, and else kept whole in the family name: a wrong split would hide the person from a search by either half.
    """
    parts = name.split(None, 1)
    if len(parts) == 2:
        return parts[0], parts[1], ""
    ends = [
        end
        for end in range(1, min(SURNAME_CHARACTERS_MAX, len(name) - 1) + 1)
        if len(name) - end <= GIVEN_CHARACTERS_MAX and _is_surname(name[:end], family_kana)
    ]
    if len(ends) == 1:
        return name[: ends[0]], name[ends[0] :], "NAME_SPLIT_BY_LIST"
    return name, "", "NAME_NOT_SPLIT" if name else ""


def split_kana(kana: str) -> tuple[str, str]:
    """Family and given part of a reading; one without white space stays whole in the first."""
    parts = kana.split(None, 1)
    return (parts[0], parts[1]) if len(parts) == 2 else (kana, "")


def to_katakana(text: str) -> tuple[str, str]:
    """The reading in full-width katakana, and the note of the mend that this took ("" for none)."""
    if _KATAKANA.fullmatch(text):
        return text, ""
    katakana = katakana_of(text)
    if is_kana(katakana):
        return katakana, "KANA_CONVERTED"
    return text, "KANA_NOT_KANA"


def has_private_characters(text: str) -> bool:
    """Whether there are 外字: characters a town drew for itself, which other towns' screens can't show."""
    return _PRIVATE.search(text) is not None


def _is_surname(text: str, kana: str) -> bool:
    readings = readings_of_surname(text)
    return kana in readings if kana else bool(readings)
