"""The 1,741 municipalities, with the 175 wards of designated cities: codes, names, readings, positions."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from node.reference.prefectures import prefectures
from node.reference.shipped import rows

ENDINGS: Final = ("シ", "ク", "チョウ", "マチ", "ムラ", "ソン")
"""How 市区町村 are read."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A city, town, village or special ward (市区町村), or a ward of a designated city, which is not one by itself."""

    code: str
    """Six digits, the last a check digit."""
    prefecture: str
    """Name of the prefecture."""
    name: str
    """Without county (郡); a ward with its city: "札幌市中央区"."""
    kana: str
    """Full-width katakana, 市区町村 included."""
    latitude: float
    longitude: float
    is_ward: bool
    """A ward of a designated city; the municipality is its city."""

    @property
    def full_name(self) -> str:
        """With the prefecture: "石川県輪島市"."""
        return self.prefecture + self.name


@cache
def municipalities() -> Mapping[str, Municipality]:
    """By code, wards included, ascending."""
    return {
        code: Municipality(
            code=code,
            prefecture=prefecture,
            name=name.replace(" ", ""),
            kana=kana.replace(" ", ""),
            latitude=float(latitude),
            longitude=float(longitude),
            is_ward=" " in name,
        )
        for code, prefecture, name, kana, latitude, longitude in rows("municipalities.tsv")
    }


def municipality(code: str) -> Municipality | None:
    """The municipality or ward with this code. None also for codes of towns that merged since."""
    return municipalities().get(code)


def municipality_name(code: str) -> str:
    """Its name, without the prefecture; empty for a code that is none."""
    found = municipality(code)
    return found.name if found else ""


def municipalities_named(name: str) -> tuple[Municipality, ...]:
    """By name, with or without prefecture: "輪島市", "石川県輪島市". Several where towns share a name (府中市)."""
    return _by_name().get("".join(name.split()), ())


def municipalities_read(kana: str) -> tuple[Municipality, ...]:
    """By reading in full-width katakana, with or without the last シ, ク, チョウ, マチ, ムラ, ソン: "ワジマ"."""
    return _by_kana().get(kana, ())


def readings_of_stem(stem: str) -> tuple[str, ...]:
    """How a town's name is read without its 市区町村, which many a family bears that no list of surnames has: 輪島."""
    return _stems().get(stem, ())


def municipality_in(address: str) -> Municipality | None:
    """The municipality an address begins with, prefecture or county in front of it or not; None where two would do.

    A ward of a designated city is taken for its city, whose code is the one an organisation has.
    """
    text = "".join(address.split())
    prefecture = next((each for each in prefectures().values() if text.startswith(each.name)), None)
    rest = text.removeprefix(prefecture.name) if prefecture else text
    found = {
        each.code
        for start in (rest, _after_county(rest))
        for each in _beginning(start)
        if prefecture is None or each.prefecture == prefecture.name
    }
    return municipality(found.pop()) if len(found) == 1 else None


def municipality_written_in(address: str) -> Municipality | None:
    """As `municipality_in`, but only where it can be no quarter of another town: a city, or with its prefecture or
    county in front. 大島町3 is a street in many towns, and whose resident somebody is decides who is told of them."""
    found = municipality_in(address)
    if found is None or found.name.endswith("市"):
        return found
    text = "".join(address.split())
    return found if text.startswith(found.prefecture) or _after_county(text) != text else None


def _beginning(text: str) -> tuple[Municipality, ...]:
    for length in range(min(len(text), 8), 1, -1):
        found = tuple(each for each in _by_name().get(text[:length], ()) if not each.is_ward)
        if found:
            return found
    return ()


def _after_county(text: str) -> str:
    before, county, after = text.partition("郡")
    return after if county and 0 < len(before) <= 5 else text


@cache
def _by_name() -> Mapping[str, tuple[Municipality, ...]]:
    named: dict[str, list[Municipality]] = defaultdict(list)
    for each in municipalities().values():
        named[each.name].append(each)
        named[each.full_name].append(each)
    return {name: tuple(found) for name, found in named.items()}


@cache
def _by_kana() -> Mapping[str, tuple[Municipality, ...]]:
    read: dict[str, list[Municipality]] = defaultdict(list)
    for each in municipalities().values():
        if each.is_ward:
            continue
        read[each.kana].append(each)
        if _stem_read(each):
            read[_stem_read(each)].append(each)
    return {kana: tuple(found) for kana, found in read.items()}


@cache
def _stems() -> Mapping[str, tuple[str, ...]]:
    stems: dict[str, dict[str, None]] = defaultdict(dict)
    for each in municipalities().values():
        if not each.is_ward and _stem_read(each):
            stems[each.name[:-1]][_stem_read(each)] = None
    return {stem: tuple(read) for stem, read in stems.items()}


def _stem_read(each: Municipality) -> str:
    """The reading without its last シ, ク, チョウ, マチ, ムラ, ソン; "" where it has none, or nothing would be left."""
    ending = next((ending for ending in ENDINGS if each.kana.endswith(ending)), "")
    return each.kana.removesuffix(ending) if ending and len(each.kana) > len(ending) + 1 else ""
