"""The 47 prefectures: codes, names, readings, where their capital lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from node.reference.shipped import rows


@dataclass(frozen=True, slots=True)
class Prefecture:
    """A prefecture (都道府県)."""

    code: str
    """Six digits, the last a check digit."""
    name: str
    kana: str
    """Full-width katakana, 都道府県 included."""
    roman: str
    """Hepburn without lengths: "Ishikawa"."""
    latitude: float
    longitude: float

    @property
    def short(self) -> str:
        """Without 都, 府 or 県; 北海道 stays whole."""
        return self.name if self.name == "北海道" else self.name[:-1]


@cache
def prefectures() -> Mapping[str, Prefecture]:
    """By code, from north to south."""
    return {
        code: Prefecture(code, name, kana, roman, float(latitude), float(longitude))
        for code, name, kana, roman, latitude, longitude in rows("prefectures.tsv")
    }


def prefecture(code: str) -> Prefecture | None:
    """The prefecture with this code."""
    return prefectures().get(code)


def prefecture_of(municipality: str) -> Prefecture | None:
    """The prefecture a municipality's code lies in, which is told by its first two digits."""
    return _by_digits().get(municipality[:2])


def prefecture_named(name: str) -> Prefecture | None:
    """By name, with or without 都道府県."""
    return next((each for each in prefectures().values() if name in (each.name, each.short)), None)


@cache
def _by_digits() -> Mapping[str, Prefecture]:
    return {code[:2]: each for code, each in prefectures().items()}
