"""What a person can be found by: everything about them that is searched, folded."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from node.people.addresses import fold_address
from node.people.kana import is_kana, is_romaji, sound_key
from node.people.names import fold_name
from node.people.summary import PersonSummary
from node.reference.names import readings_of_surname

READINGS_MAX: Final = 3
"""Of a surname; the rest are rare."""

_MAY_JOIN: Final = frozenset("アイウエオヤユヨあいうえおやゆよ")
_NOT_DIGIT: Final = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True, repr=False)
class SearchTerms:
    """What one person can be found by, folded. Empty where nothing is known."""

    names: tuple[str, ...] = ()
    """Family and given name joined, former name, alias."""
    sounds: tuple[str, ...] = ()
    """Sound keys of the readings joined; where there is none, of the surname as it is usually read."""
    birth: str = ""
    phones: tuple[str, ...] = ()
    address: str = ""
    municipalities: tuple[str, ...] = ()
    """Where they live and where they stay."""
    key: str = ""


def terms_of(summary: PersonSummary) -> SearchTerms:
    """What this person can be found by."""
    written = (summary.family_name + summary.given_name, summary.former_name, summary.alias)
    return SearchTerms(
        names=distinct(fold_name(name) for name in written if name),
        sounds=_sounds(summary),
        birth=summary.birth,
        phones=distinct(phone_digits(phone) for phone in (summary.phone, summary.other_phone) if phone),
        address=fold_address(summary.address) if summary.address else "",
        municipalities=distinct((summary.municipality, summary.stay_municipality)),
        key=summary.municipal_key.casefold(),
    )


def _sounds(summary: PersonSummary) -> tuple[str, ...]:
    family, given = summary.family_kana, summary.given_kana
    if not family and not given:
        # Whatever is written in kana reads as itself; a surname in kanji reads as most of its bearers read it.
        family, given = (_if_kana(part) for part in (summary.family_name, summary.given_name))
        readings = () if family else readings_of_surname(summary.family_name)[:READINGS_MAX]
        families = (family, *readings)
    else:
        families = (family,)
    keys = [key for each in families for key in _joined(each, given)]
    return distinct((*keys, *(sound_key(_if_kana(name)) for name in (summary.alias, summary.former_name) if name)))


def _joined(family: str, given: str) -> tuple[str, ...]:
    """Keys of a reading in two parts and in one: サノ オサム is サノオサム, typed without a space サノサム."""
    apart = sound_key(family) + sound_key(given)
    return (apart, sound_key(family + given)) if given[:1] in _MAY_JOIN else (apart,)


def _if_kana(text: str) -> str:
    return text if is_kana(text) or is_romaji(text) else ""


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def phone_digits(text: str) -> str:
    """The digits of a telephone number as dialled inside Japan: +81 76 is 076."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = _NOT_DIGIT.sub("", plain)
    if plain.startswith("+81"):
        return "0" + digits[2:].removeprefix("0")
    return digits
