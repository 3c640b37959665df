"""Puts what was searched in the field of the form where it belongs: name, reading, birth date, number. Pure."""

import unicodedata
from datetime import date

from node.errors import MoyaiError
from node.people.calendar import read_date
from node.people.kana import is_kana, is_romaji, is_syllables, to_katakana
from node.people.kana_typed import katakana_typed
from node.reference.municipalities import readings_of_stem
from node.reference.names import likeliest_readings, readings_of_surname, split_full_name


def prefill(text: str, today: date) -> dict[str, str]:
    """The form's fields for what was searched in vain."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = plain.replace("-", "")
    if digits.isdigit() and digits.startswith("0"):
        return {"phone": plain}
    if any(character.isdigit() for character in plain) and is_birth(plain, today):
        return {"birth": plain}
    if digits.isdigit():  # whatever it is, it is no name; what is amiss with it is said there
        return {"phone": plain}
    family, _, given = plain.partition(" ")
    if not given and not is_kana(family) and not is_romaji(family):
        family, given = split_full_name(family) or (family, "")
    if is_kana(plain) or is_syllables(plain):
        return _only_filled({"family_kana": katakana_typed(family), "given_kana": katakana_typed(given)})
    return _only_filled({"family": family, "given": given})


def is_birth(text: str, today: date) -> bool:
    """Whether a birth date can be read from it."""
    try:
        read_date(text, today=today)
    except MoyaiError:
        return False
    return True


def readings(field: str, name: str, *, woman: bool | None = None) -> tuple[str, ...]:
    """Suggested kana for a name typed in kanji, kana or romaji, the likeliest first."""
    if not name:
        return ()
    if is_romaji(name) and not is_syllables(name):
        return ()
    if is_kana(name) or is_romaji(name):
        return (to_katakana(name),)
    if field == "family":
        return readings_of_surname(name) or readings_of_stem(name)
    return likeliest_readings(name, woman=woman)


def read_readings() -> None:
    """Reads the lists of readings: else the first suggestion would wait for them, and come when its field is left."""
    for read in (readings_of_surname, readings_of_stem, likeliest_readings):
        read("--")


def with_readings(fields: dict[str, str]) -> dict[str, str]:
    """The form's fields with the likeliest kana where a name has none yet: saving does not wait for a suggestion."""
    woman = {"1": False, "2": True}.get(fields.get("sex", ""))
    suggested = {
        kana: readings(name, fields[name].strip(), woman=woman)[:1]
        for name, kana in (("family", "family_kana"), ("given", "given_kana"))
        if fields.get(name) and not fields.get(kana)
    }
    return fields | {kana: found[0] for kana, found in suggested.items() if found}


def _only_filled(fields: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if text}
