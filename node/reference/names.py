"""How names are read: surnames by how many people bear them, given names by how common the reading is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from node.reference.kanji import variants
from node.reference.shipped import rows

COMMON_WEIGHT: Final = 10
"""So much likelier is a reading that the list calls common. Tried on 66 names that many bear: the usual reading comes
first for 58 of them, in the order of the list for 29."""


def readings_of_surname(surname: str) -> tuple[str, ...]:
    """Readings in full-width katakana, the most frequent first; empty where the list does not have the name.

    A variant form that the list lacks is looked up as its standard form: 髙橋 as 高橋.
    """
    table = _surname_readings()
    return table.get(surname) or table.get(surname.translate(variants()), ())


def readings_of_given_name(name: str, *, woman: bool | None = None) -> tuple[str, ...]:
    """Readings in full-width katakana, common ones first; `woman` puts those of one sex before the other's."""
    first, second = _of_each_sex(name, woman)
    return tuple(dict.fromkeys((*first, *second)))


def likeliest_readings(name: str, *, woman: bool | None = None) -> tuple[str, ...]:
    """The readings of a given name, in the order in which to suggest them; `woman` as above.

    The list has no counts of people, so a name of two characters is read as they mostly are in other names: of the
    names that begin with 陽, many begin with ヨウ. What is no common name at all comes late. Other names stay in the
    order of the list.
    """
    first, second = _of_each_sex(name, woman)
    groups: tuple[tuple[str, ...], ...] = ((*first, *second),) if woman is None else (first, second)
    plain = name.translate(variants())
    if len(plain) == 2:
        begins, ends = _begins_of(plain[0]), _ends_of(plain[1])
        groups = tuple(tuple(sorted(group, key=lambda reading: -_usualness(reading, begins, ends))) for group in groups)
    return tuple(dict.fromkeys(reading for group in groups for reading in group))


def _of_each_sex(name: str, woman: bool | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sexes = ("men", "women") if woman is False else ("women", "men")
    first, second = (
        tuple(reading for form in (name, name.translate(variants())) for reading in _given_readings(sex).get(form, ()))
        for sex in sexes
    )
    return first, second


def _usualness(reading: str, begins: Mapping[str, float], ends: Mapping[str, float]) -> float:
    """How usual the best way is to share the reading out between two characters."""
    shared = (begins.get(reading[:at], 0.0) * ends.get(reading[at:], 0.0) for at in range(1, len(reading)))
    return max(shared, default=0.0) * (COMMON_WEIGHT if reading in _common_readings() else 1)


def surnames_read(kana: str) -> tuple[str, ...]:
    """Surnames with this reading, the most frequent first."""
    return _surnames_by_reading().get(kana, ())


def surname_count(surname: str) -> int:
    """About how many people in Japan bear it; 0 where the list does not have it."""
    return _surname_counts().get(surname, 0)


def surnames_listed() -> Iterable[str]:
    """Every surname of the list, in the forms it is listed in."""
    return _surname_counts()


def split_full_name(name: str) -> tuple[str, str] | None:
    """Family and given name of a full name without a space, where a known surname begins it; the longest wins."""
    known = _surname_readings()
    for length in range(min(len(name) - 1, 5), 0, -1):
        if name[:length] in known or name[:length].translate(variants()) in known:
            return name[:length], name[length:]
    return None


@cache
def _surname_counts() -> Mapping[str, int]:
    return {surname: int(count) for surname, _, count in rows("surnames.tsv")}


@cache
def _surname_readings() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for surname, kana, _ in rows("surnames.tsv"):
        found[surname].append(kana)
    for surname in list(found):
        # A standard form the list has only as a variant.
        found.setdefault(surname.translate(variants()), found[surname])
    return {surname: tuple(readings) for surname, readings in found.items()}


@cache
def _surnames_by_reading() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for surname, kana, _ in rows("surnames.tsv"):
        found[kana].append(surname)
    return {kana: tuple(surnames) for kana, surnames in found.items()}


@cache
def _given_readings(sex: str) -> Mapping[str, tuple[str, ...]]:
    # A reading with many written forms is a common one: the list has no counts.
    ranked: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for kana, common, forms in rows(f"given_names_{sex}.tsv"):
        names = forms.split(",")
        for name in names:
            ranked[name].append((-int(common), -len(names), kana))
    return {name: tuple(kana for _, _, kana in sorted(readings)) for name, readings in ranked.items()}


@cache
def _common_readings() -> frozenset[str]:
    return frozenset(
        kana for sex in ("women", "men") for kana, common, _ in rows(f"given_names_{sex}.tsv") if common == "1"
    )


@cache
def _of_two_characters() -> tuple[Mapping[str, list[tuple[str, float]]], Mapping[str, list[tuple[str, float]]]]:
    """By their first and by their second character, how names are read; a reading that can be written in many ways
    tells little of each."""
    first: dict[str, list[tuple[str, float]]] = defaultdict(list)
    second: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for sex in ("women", "men"):
        for kana, _, forms in rows(f"given_names_{sex}.tsv"):
            names = forms.split(",")
            for name in names:
                if len(name) == 2:
                    first[name[0]].append((kana, 1 / len(names)))
                    second[name[1]].append((kana, 1 / len(names)))
    return first, second


@cache
def _begins_of(character: str) -> Mapping[str, float]:
    """By how much names of two characters that begin with this one begin with these kana."""
    found: dict[str, float] = defaultdict(float)
    for kana, weight in _of_two_characters()[0].get(character, ()):
        for at in range(1, len(kana)):
            found[kana[:at]] += weight
    return found


@cache
def _ends_of(character: str) -> Mapping[str, float]:
    """The same of their ends."""
    found: dict[str, float] = defaultdict(float)
    for kana, weight in _of_two_characters()[1].get(character, ()):
        for at in range(1, len(kana)):
            found[kana[at:]] += weight
    return found
