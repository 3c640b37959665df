"""What a clerk means by what they typed of a place: words that must all hold, each in one of several writings.

Most lists of shelters have no kana. What can be read in their names is what the house has lists of: towns, surnames
(many a quarter bears one), and the words for a kind of place. `wajima chugakko` is 輪島 and 中学校.
"""

from dataclasses import dataclass
from typing import Final

from node.people.addresses import fold_address
from node.people.kana import LONG, is_kana, to_katakana
from node.people.kana_typed import without_half_syllable
from node.people.names import fold_name
from node.people.terms import distinct
from node.reference.municipalities import municipalities_read
from node.reference.names import surnames_read
from node.reference.sites import KINDS

SHORTENED: Final = ((LONG, ""), ("ウ", ""), ("オオ", "オ"), (" ", ""))
"""What is replaced by what, in this order, where it shall not matter how long a vowel is: チュウガッコウ, chugakko."""
SURNAMES_MAX: Final = 20
"""Of one reading; the rest are rare."""
_KIND_BEGINS: Final = 2
"""Kana typed of a kind of place, at least."""


@dataclass(frozen=True, slots=True)
class PlaceWord:
    """One word, folded as places are; each of its meanings is enough."""

    texts: tuple[str, ...]
    """Contained in what a place is found by."""
    sound: str = ""
    """Contained in it once vowels are shortened; "" for a word that is no reading."""
    municipalities: tuple[str, ...] = ()
    """Codes of the towns that are read so."""


def whole_texts(text: str) -> tuple[str, ...]:
    """What was typed, in the forms in which it may stand in one piece."""
    plain = text.strip().casefold()
    return distinct((plain, fold_name(plain), to_katakana(plain), fold_address(plain))) if plain else ()


def place_words(text: str) -> tuple[PlaceWord, ...]:
    """The words typed, a syllable that is still being typed left out."""
    return tuple(_word(each) for each in text.split())


def shortened(kana: str) -> str:
    """The kana with short vowels."""
    for long, short in SHORTENED:
        kana = kana.replace(long, short)
    return kana


def _word(typed: str) -> PlaceWord:
    kana = to_katakana(without_half_syllable(typed))
    if not is_kana(kana):
        return PlaceWord(whole_texts(typed))
    towns = [town for town in municipalities_read(kana) if not town.is_ward]
    written = (
        *(town.name[:-1] for town in towns),
        *(fold_name(surname) for surname in surnames_read(kana)[:SURNAMES_MAX]),
        *(kind for reading, kind in KINDS.items() if _begins(reading, kana)),
    )
    return PlaceWord(
        texts=distinct((*whole_texts(typed), kana, *written)),
        sound=shortened(kana),
        municipalities=tuple(town.code for town in towns),
    )


def _begins(reading: str, kana: str) -> bool:
    short = shortened(kana)
    return len(short) >= _KIND_BEGINS and shortened(reading).startswith(short)
