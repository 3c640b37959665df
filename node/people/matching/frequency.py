"""How frequent a surname is, written in any of its forms, or read."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from node.people.kana import sound_key
from node.people.matching.weights import POPULATION, RAREST
from node.people.names import fold_name
from node.reference.names import readings_of_surname, surname_count, surnames_listed


def frequency_written(folded: str) -> float:
    """The share of people whose surname folds to this; at least RAREST."""
    return max(_tables()[0].get(folded, 0) / POPULATION, RAREST)


def frequency_read(sound: str) -> float:
    """The share of people whose surname sounds so; at least RAREST."""
    return max(_tables()[1].get(sound, 0) / POPULATION, RAREST)


@cache
def _tables() -> tuple[Mapping[str, int], Mapping[str, int]]:
    written: dict[str, int] = defaultdict(int)
    read: dict[str, int] = defaultdict(int)
    for surname in surnames_listed():
        bearers = surname_count(surname)
        written[fold_name(surname)] += bearers
        for reading in readings_of_surname(surname)[:1]:
            read[sound_key(reading)] += bearers
    return written, read
