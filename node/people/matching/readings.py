"""How two names stand to each other, by what is written and what is read of each."""

from node.people.kana import sound_key
from node.people.matching.portrait import NamePart
from node.people.matching.slips import one_kana_apart, one_slip
from node.reference.names import readings_of_given_name, readings_of_surname

READINGS_MAX = 6
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
    if not both_written and not both_read:
        return _by_usual_reading(first, second, is_family=is_family)
    if both_written and first.folded == second.folded:
        return _written_alike(first, second)
    if both_read:
        return _read_only(first, second, both_written=both_written)
    return "other"


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


def _by_usual_reading(first: NamePart, second: NamePart, *, is_family: bool) -> str:
    """One is written and the other read: whether the kanji are read so."""
    written, read = (first, second) if first.folded else (second, first)
    if not written.folded or not read.sound:
        return ""
    usual = readings_of_surname(written.folded) if is_family else readings_of_given_name(written.folded)[:READINGS_MAX]
    if not usual:
        return ""
    return "may_read" if read.sound in {sound_key(reading) for reading in usual} else "other"
