"""How names are read: surnames by how many people bear them, given names by how common the reading is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from node.reference.kanji import variants
from node.reference.shipped import rows


def readings_of_surname(surname: str) -> tuple[str, ...]:
    """Readings in full-width katakana, the most frequent first; empty where the list does not have the name.

    A variant form that the list lacks is looked up as its standard form: 髙橋 as 高橋.
    """
    table = _surname_readings()
    return table.get(surname) or table.get(surname.translate(variants()), ())


def readings_of_given_name(name: str, *, woman: bool | None = None) -> tuple[str, ...]:
    """Readings in full-width katakana, common ones first; `woman` puts those of one sex before the other's."""
    first, second = (_given_readings("women"), _given_readings("men"))
    if woman is False:
        first, second = second, first
    found = {
        reading: None
        for table in (first, second)
        for form in (name, name.translate(variants()))
        for reading in table.get(form, ())
    }
    return tuple(found)


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
