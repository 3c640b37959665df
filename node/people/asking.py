"""What a clerk means by what they typed.

What is typed decides: a query is a list of words that must all hold, each word a list of clues of which one is enough
(`田中` may be a name, a reading, a town; `19480503` a birth date or a telephone number).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from node.errors import BirthDateRefused
from node.people.addresses import fold_address
from node.people.calendar import read_date
from node.people.kana import is_kana, is_romaji, sound_key, to_katakana
from node.people.names import fold_name
from node.people.terms import READINGS_MAX, distinct, phone_digits
from node.reference.municipalities import municipalities_named, municipalities_read
from node.reference.names import readings_of_surname, split_full_name

QUERY_CHARACTERS_MAX: Final = 200
"""What is typed beyond this is not looked at."""

_NAME, _SOUND, _USUAL_READING, _ADDRESS, _TOWN = 100, 80, 40, 50, 30
_NUMBER: Final = 100
"""Whatever a number may be, it says as much: birth date, telephone, key."""

_PHONE_SHAPE: Final = re.compile(r"\+?[0-9][0-9()\-‐–−ー ]{2,}[0-9]")
_PHONE_DIGITS_MIN: Final = 4
_HAS_DIGIT: Final = re.compile(r"[0-9]")
_ADDRESS_SIGN: Final = re.compile(r"[0-9市区町村郡丁番地字]")
_KEY_SHAPE: Final = re.compile(r"[0-9a-z][0-9a-z\-]{2,63}")
_OF_ALL_LISTS: Final = "輪島 wajima"
"""May be a name or a town, in kanji or in letters."""


class Ask(Enum):
    """What a clue is compared with."""

    NAME = "name"
    """Contained in one of `SearchTerms.names`."""
    SOUND = "sound"
    """Contained in one of `SearchTerms.sounds`."""
    BIRTH = "birth"
    """Beginning of `SearchTerms.birth`, or the other way round: 1948 finds 1948-05-03, and 1948-05-03 finds 1948."""
    PHONE = "phone"
    """Contained in one of `SearchTerms.phones`."""
    ADDRESS = "address"
    """Contained in `SearchTerms.address`."""
    MUNICIPALITY = "municipality"
    """One of `SearchTerms.municipalities`."""
    KEY = "key"
    """Equal to `SearchTerms.key`, the municipality's own key for the person."""


@dataclass(frozen=True, slots=True, repr=False)
class Clue:
    """One thing a word may mean, with the text folded as the terms are."""

    ask: Ask
    text: str
    weight: int
    """1 to 100: how much a match says."""


Word = tuple[Clue, ...]
"""One is enough."""


@dataclass(frozen=True, slots=True, repr=False)
class Query:
    """What was asked. Every word must hold; no words find nobody."""

    words: tuple[Word, ...]

    @property
    def birth(self) -> str:
        """The birth date that was typed, in full or in part; empty where none was."""
        return next((clue.text for word in self.words for clue in word if clue.ask is Ask.BIRTH), "")


def parse_query(text: str, today: date) -> Query:
    """What the clerk may mean by the text. Never refuses: what cannot be understood is a query with no words."""
    plain = unicodedata.normalize("NFKC", text[:QUERY_CHARACTERS_MAX]).strip()
    whole = _birth_clues(plain, today) + _phone_clues(plain)
    if whole:
        return Query((whole + _key_clues(plain),))
    return Query(tuple(word for token in plain.split() for word in _words(token, today) if word))


def _words(token: str, today: date) -> tuple[Word, ...]:
    """What one token may mean: one word, or two where it is a full name without a space."""
    numbers = _birth_clues(token, today) + _phone_clues(token) + _key_clues(token)
    if is_romaji(token):
        return ((*_sound_clues(token), Clue(Ask.NAME, fold_name(token), _SOUND), *_town_clues(token), *numbers),)
    if is_kana(token):
        return ((*_sound_clues(token), *_town_clues(token), *numbers),)
    if token.isascii():
        return ((*numbers, *_address_clues(token)),)
    return _kanji_words(token, numbers)


def _kanji_words(token: str, numbers: Word) -> tuple[Word, ...]:
    if _HAS_DIGIT.search(token):
        return ((*_address_clues(token), *_town_clues(token), *numbers),)
    readings = readings_of_surname(token)
    whole = (Clue(Ask.NAME, fold_name(token), _NAME), *_town_clues(token), *numbers)
    if not readings or _ADDRESS_SIGN.search(token):
        whole += _address_clues(token)
    if readings:
        return ((*whole, *_reading_clues(readings)),)
    split = split_full_name(token)
    if split is None:
        return (whole,)
    family, given = split
    return (
        (*whole, Clue(Ask.NAME, fold_name(family), _NAME), *_reading_clues(readings_of_surname(family))),
        (*whole, Clue(Ask.NAME, fold_name(given), _NAME), *(_sound_clues(given) if is_kana(given) else ())),
    )


def _birth_clues(text: str, today: date) -> Word:
    try:
        return (Clue(Ask.BIRTH, read_date(text, today=today), _NUMBER),)
    except BirthDateRefused:
        return ()


def _phone_clues(text: str) -> Word:
    digits = phone_digits(text)
    if not _PHONE_SHAPE.fullmatch(text) or len(digits) < _PHONE_DIGITS_MIN:
        return ()
    return (Clue(Ask.PHONE, digits, _NUMBER),)


def _key_clues(text: str) -> Word:
    key = text.casefold()
    return (Clue(Ask.KEY, key, _NUMBER),) if _KEY_SHAPE.fullmatch(key) and _HAS_DIGIT.search(key) else ()


def _sound_clues(text: str) -> Word:
    keys = [sound_key(text)]
    if is_romaji(text) and text.casefold().endswith("n") and len(keys[0]) > 2:
        keys.append(keys[0].removesuffix("ン"))  # somebody who is still typing `yaman-aka`
    return tuple(Clue(Ask.SOUND, key, _SOUND) for key in distinct(keys))


def _reading_clues(readings: tuple[str, ...]) -> Word:
    keys = distinct(sound_key(reading) for reading in readings[:READINGS_MAX])
    return tuple(Clue(Ask.SOUND, key, _USUAL_READING) for key in keys)


def _address_clues(text: str) -> Word:
    folded = fold_address(text)
    return (Clue(Ask.ADDRESS, folded, _ADDRESS),) if len(folded) > 1 else ()


def _town_clues(text: str) -> Word:
    if is_kana(text) or is_romaji(text):
        found = municipalities_read(to_katakana(text))
    else:
        found = next((towns for end in ("", "市", "町", "村", "区") if (towns := municipalities_named(text + end))), ())
    return tuple(Clue(Ask.MUNICIPALITY, town.code, _TOWN) for town in found if not town.is_ward)


def read_lists(today: date) -> None:
    """Read the lists of names and towns that `parse_query` needs: else the first who asks waits for them."""
    parse_query(_OF_ALL_LISTS, today)
