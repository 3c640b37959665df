"""What one person is compared by: each part folded once, so that a comparison is cheap."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from node.people.addresses import fold_address
from node.people.kana import is_kana, is_romaji, sound_key, to_katakana
from node.people.names import fold_name
from node.people.terms import distinct, phone_digits


@dataclass(frozen=True, slots=True, repr=False)
class NamePart:
    """A family name or a given name. Texts are empty where nothing is known."""

    typed: str = ""
    """As written, of one width and without spaces."""
    folded: str = ""
    """With variants of kanji brought to one form."""
    kana: str = ""
    """The reading in katakana."""
    sound: str = ""
    """The key of the reading: what sounds alike is alike."""


@dataclass(frozen=True, slots=True, repr=False)
class Portrait:
    """One person, ready to be compared. Texts are empty and numbers 0 where nothing is known."""

    family: NamePart = NamePart()
    given: NamePart = NamePart()
    other_names: tuple[str, ...] = ()
    """Former name and alias, folded."""
    birth: str = ""
    """"1948-05-03", "1948-05" or "1948"; a guessed age is no birth date."""
    sex: int = 0
    address: str = ""
    """Folded."""
    municipality: str = ""
    phones: tuple[str, ...] = ()
    register_key: str = ""
    """The municipality's own key for the person, with the municipality before it."""


def portrait(
    *,
    family_name: str = "",
    given_name: str = "",
    family_kana: str = "",
    given_kana: str = "",
    other_names: Iterable[str] = (),
    birth: str = "",
    sex: int = 0,
    address: str = "",
    municipality: str = "",
    phones: Iterable[str] = (),
    municipal_key: str = "",
) -> Portrait:
    """A person as they stand in a record or in a half-typed form."""
    return Portrait(
        family=_part(family_name, family_kana),
        given=_part(given_name, given_kana),
        other_names=distinct(fold_name(name) for name in other_names),
        birth=birth if birth[:1].isdigit() else "",
        sex=sex if sex in (1, 2) else 0,
        address=fold_address(address) if address else "",
        municipality=municipality,
        phones=distinct(phone_digits(phone) for phone in phones),
        register_key=f"{municipality}/{municipal_key}" if municipal_key else "",
    )


def _part(written: str, kana: str) -> NamePart:
    """A name written in kana or Latin letters is its own reading."""
    typed = "".join(unicodedata.normalize("NFKC", written).split())
    if typed and (is_kana(typed) or is_romaji(typed)):
        typed, kana = "", kana or typed
    reading = "".join(to_katakana(kana).split()) if kana else ""
    return NamePart(typed, fold_name(typed), reading, sound_key(reading))
