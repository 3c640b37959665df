"""How two names stand to each other, by what is written and what is read of each."""

from typing import Final

from node.people.kana import sound_key
from node.people.matching.portrait import NamePart
from node.people.matching.slips import one_kana_apart, one_slip
from node.reference.names import readings_of_given_name, readings_of_surname

READINGS_MAX: Final = 4
"""Of a given name, the commonest."""


def part_level(first: NamePart, second: NamePart, *, is_family: bool) -> str:
    """The level of `weights` at which two family names or two given names stand; "" where nothing can be compared.

    - exact, folded: written alike, letter by letter or in another form of the kanji
    - misread, reread: written alike; the reading has a slip, or is another one
    - reading, may_read: read alike where one is not written, or as the kanji of the other are read
    - homophone: read alike and written otherwise
    - slip, slip_other: the reading has a slip, where writing can not be compared or is another one
    - one_kana: one kana is another one, where writing can not be compared
    - other: another name
    """
    both_written = bool(first.folded and second.folded)
    both_read = bool(first.sound and second.sound)
    if both_written and first.folded == second.folded:
        return _written_alike(first, second)
    if both_read:
        return _read_only(first, second, both_written=both_written)
    if not (first.folded or first.sound) or not (second.folded or second.sound):
        return ""
    return _by_usual_reading(first, second, both_written=both_written, is_family=is_family)


def _written_alike(first: NamePart, second: NamePart) -> str:
    if first.sound and second.sound and first.sound != second.sound:
        return "misread" if one_slip(first.kana, second.kana) else "reread"
    return "exact" if first.typed == second.typed else "folded"


def _read_only(first: NamePart, second: NamePart, *, both_written: bool) -> str:
    if first.sound == second.sound:
        return "homophone" if both_written else "reading"
    if one_slip(first.kana, second.kana) or one_slip(first.sound, second.sound):
        return "slip_other" if both_written else "slip"
    if not both_written and one_kana_apart(first.sound, second.sound):
        return "one_kana"
    return "other"


def _by_usual_reading(first: NamePart, second: NamePart, *, both_written: bool, is_family: bool) -> str:
    """One of them is written only: whether its kanji are read as the other is read, or as its kanji are."""
    usual, other_usual = (usual_sounds(part, is_family=is_family) for part in (first, second))
    if not usual or not other_usual:
        return "other" if both_written else ""
    if usual & other_usual:
        return "homophone" if both_written else "may_read"
    return "other"


def usual_sounds(part: NamePart, *, is_family: bool) -> frozenset[str]:
    """How a name sounds: as it is read where that is known, else as its kanji usually are."""
    if part.sound:
        return frozenset({part.sound})
    readings = readings_of_surname(part.folded) if is_family else readings_of_given_name(part.folded)[:READINGS_MAX]
    return frozenset(map(sound_key, readings))
