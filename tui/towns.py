"""Finds a town by what a clerk types of it: kanji, kana, romaji or code. Pure."""

from dataclasses import dataclass

from node.people.kana import is_kana, is_romaji, to_katakana
from node.people.kana_typed import without_half_syllable
from node.reference.municipalities import municipalities, municipality
from node.reference.prefectures import prefecture

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality, as a list shows it."""

    code: str
    name: str
    prefecture: str


def towns_like(text: str) -> list[Town]:
    """Municipalities whose name, reading or code begins with the text; wards of cities are left to their city."""
    if not text:
        return []
    whole = without_half_syllable(text)
    kana = to_katakana(whole) if is_kana(whole) or is_romaji(whole) else "-"
    found = [
        Town(each.code, each.name, each.prefecture)
        for each in municipalities().values()
        if not each.is_ward
        and (
            each.name.startswith(text)
            or each.full_name.startswith(text)
            or each.kana.startswith(kana)
            or each.code == text
        )
    ]
    return found[:SHOWN]


def name_of(code: str) -> str:
    """The name of the municipality or prefecture with this code; the code itself where it has none."""
    found = municipality(code) or prefecture(code)
    return found.name if found else code
