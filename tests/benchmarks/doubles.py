"""A town in which some people were written down twice, with the slips of those who wrote; the same for the same seed.

How it is made: people live in households of one to five under one address, with surnames as frequent as they are in
Japan and given names of the lists, the common readings oftener. One household in thirty has twins, one in thirty a
child named after a parent (written alike, or read alike). Three people in ten are written down a second time: every
field is copied and then one to three slips happen, each drawn for itself: a variant of a kanji, another kanji that is
read the same, a slip of the reading (a key beside the right one in romaji, a kana left out, doubled or changed with
its neighbour, a voiced sound heard as an unvoiced one), the reading alone, day and month swapped, a digit of the birth
date, the year or the era beside, the year alone, another house and telephone, no telephone, the address written
otherwise. Nothing of the matcher is used to make them. Who is who is kept apart from what is written: the entries come
in a random order under random numbers.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import jaconv

from node.reference.shipped import rows
from tests.benchmarks.population import STREETS

SEED = 20240301
TWINS_ONE_IN = 30
NAMESAKES_ONE_IN = 30
TWICE_ONE_IN = 10 / 3
SIZES = (1, 2, 3, 4, 5)
SIZE_WEIGHTS = (35, 28, 18, 13, 6)
BESIDE = {"a": "sq", "i": "uo", "u": "yi", "e": "wr", "o": "ip", "k": "jl", "s": "ad", "t": "ry", "n": "bm", "h": "gj",
          "m": "n", "r": "et", "y": "tu", "w": "qe", "g": "fh", "d": "sf", "b": "vn"}  # fmt: skip
"""Keys beside each other on a keyboard."""
VOICED = dict(zip("カキクケコサシスセソタチツテトハヒフヘホ", "ガギグゲゴザジズゼゾダヂヅデドバビブベボ", strict=True))
UNVOICED = {voiced: plain for plain, voiced in VOICED.items()}
ERA_YEARS = (14, 63, 30)
"""Between Taisho and Showa, Showa and Heisei, Heisei and Reiwa."""
KANJI_DIGITS = dict(zip("123456789", "一二三四五六七八九", strict=True))


@dataclass(frozen=True)
class Entry:
    """One person as somebody wrote them down."""

    family: str
    given: str
    family_kana: str
    given_kana: str
    birth: str
    sex: int
    address: str
    phone: str


@dataclass(frozen=True)
class Town:
    """What is written, and apart from it who is who."""

    entries: dict[int, Entry]
    """Number of the entry, in the order in which they were written."""
    same: frozenset[tuple[int, int]]
    """Pairs of numbers, the lower first, that are one person."""


def town(people: int, seed: int = SEED) -> Town:
    """So many people, and those written down twice beside them."""
    chance = random.Random(seed)
    names = Names(chance)
    living = [person for household in _households(names, people, chance) for person in household][:people]
    written = [(number, person) for number, person in enumerate(living)]
    for number, person in enumerate(living):
        if chance.random() < 1 / TWICE_ONE_IN:
            written.append((number, _again(person, names, chance)))
    chance.shuffle(written)
    numbers = chance.sample(range(1, 1 << 40), len(written))
    first: dict[int, int] = {}
    same = set()
    for number, (person, _) in zip(numbers, written, strict=True):
        if person in first:
            same.add((min(first[person], number), max(first[person], number)))
        first.setdefault(person, number)
    entries = {number: entry for number, (_, entry) in zip(numbers, written, strict=True)}
    return Town(entries, frozenset(same))


class Names:
    """Names to draw from, and what they may be taken for."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._surnames = [(name, kana) for name, kana, _ in rows("surnames.tsv")]
        self._bearers = [int(bearers) for _, _, bearers in rows("surnames.tsv")]
        self._given = {1: list(rows("given_names_men.tsv")), 2: list(rows("given_names_women.tsv"))}
        self._weights = {
            sex: [(8 if common == "1" else 1) * len(forms.split(",")) for _, common, forms in table]
            for sex, table in self._given.items()
        }
        self._forms: dict[str, list[str]] = {}
        for table in self._given.values():
            for kana, _, forms in table:
                self._forms.setdefault(kana, []).extend(forms.split(","))
        self._read: dict[str, list[str]] = {}
        for name, kana in self._surnames:
            self._read.setdefault(kana, []).append(name)
        self._variants: dict[str, list[str]] = {}
        for variant, standard in rows("kanji_variants.tsv"):
            self._variants.setdefault(standard, []).append(variant)
            self._variants.setdefault(variant, []).append(standard)

    def family(self) -> tuple[str, str]:
        return self.chance.choices(self._surnames, self._bearers)[0]

    def given(self, sex: int) -> tuple[str, str]:
        kana, _, forms = self.chance.choices(self._given[sex], self._weights[sex])[0]
        return self.chance.choice(forms.split(",")[:8]), kana

    def variant(self, name: str) -> str:
        """One kanji in another form; as it is where none has one."""
        places = [place for place, letter in enumerate(name) if letter in self._variants]
        if not places:
            return name
        place = self.chance.choice(places)
        return name[:place] + self.chance.choice(self._variants[name[place]]) + name[place + 1 :]

    def other_family(self, name: str, kana: str) -> str:
        return self.chance.choice([each for each in self._read.get(kana, []) if each != name] or [name])

    def other_given(self, name: str, kana: str) -> str:
        return self.chance.choice([each for each in self._forms.get(kana, []) if each != name] or [name])


# --- who lives there


def _households(names: Names, people: int, chance: random.Random) -> Iterator[list[Entry]]:
    made = 0
    while made < people:
        household = _household(names, chance.choices(SIZES, SIZE_WEIGHTS)[0], chance)
        made += len(household)
        yield household


def _household(names: Names, size: int, chance: random.Random) -> list[Entry]:
    family, family_kana = names.family()
    address, phone = _house(chance), _landline(chance)
    eldest = chance.randint(1930, 1995)

    def member(sex: int, year: int) -> Entry:
        given, kana = names.given(sex)
        own = phone if chance.random() < 0.6 else _mobile(chance)
        return Entry(family, given, family_kana, kana, _day(year, chance), sex, address, own)

    sex = chance.choice((1, 2))
    found = [member(sex, eldest)]
    if size > 1:
        found.append(member(3 - sex, eldest + chance.randint(-6, 6)))
    while len(found) < size:
        found.append(member(chance.choice((1, 2)), min(2023, eldest + chance.randint(20, 38))))
    if chance.random() < 1 / TWINS_ONE_IN:
        found.append(_twin(found[-1], names, chance))
    if chance.random() < 1 / NAMESAKES_ONE_IN:
        found.append(_namesake(found[0], names, chance))
    return found


def _twin(of: Entry, names: Names, chance: random.Random) -> Entry:
    """Born the same day; one in two has a name that begins with the same kanji."""
    sex = of.sex if chance.random() < 0.65 else 3 - of.sex
    alike = chance.random() < 0.5
    for _ in range(400):
        given, kana = names.given(sex)
        if kana != of.given_kana and (not alike or given[0] == of.given[0]):
            break
    return replace(of, given=given, given_kana=kana, sex=sex)


def _namesake(of: Entry, names: Names, chance: random.Random) -> Entry:
    given = of.given if chance.random() < 0.5 else names.other_given(of.given, of.given_kana)
    return replace(of, given=given, birth=_day(min(2023, int(of.birth[:4]) + chance.randint(20, 38)), chance))


def _day(year: int, chance: random.Random) -> str:
    return (date(year, 1, 1) + timedelta(days=chance.randrange(365))).isoformat()


def _house(chance: random.Random) -> str:
    return f"輪島市{chance.choice(STREETS)}{chance.randint(1, 9)}丁目{chance.randint(1, 60)}番地{chance.randint(1, 30)}"


def _landline(chance: random.Random) -> str:
    return f"0768-{chance.randint(22, 89)}-{chance.randint(1000, 9999)}"


def _mobile(chance: random.Random) -> str:
    return f"0{chance.choice((80, 90, 70))}-{chance.randint(1000, 9999)}-{chance.randint(1000, 9999)}"


# --- the second time


def _again(person: Entry, names: Names, chance: random.Random) -> Entry:
    slips = chance.choices(list(SLIPS), list(SLIPS.values()), k=chance.choices((1, 2, 3), (50, 35, 15))[0])
    for slip in dict.fromkeys(slips):
        person = slip(person, names, chance)
    return person


def _variant(person: Entry, names: Names, _chance: random.Random) -> Entry:
    return replace(person, family=names.variant(person.family), given=names.variant(person.given))


def _other_kanji(person: Entry, names: Names, chance: random.Random) -> Entry:
    if chance.random() < 0.5:
        return replace(person, family=names.other_family(person.family, person.family_kana))
    return replace(person, given=names.other_given(person.given, person.given_kana))


def _kana_slip(person: Entry, _names: Names, chance: random.Random) -> Entry:
    if chance.random() < 0.5:
        return replace(person, family_kana=_slipped(person.family_kana, chance))
    return replace(person, given_kana=_slipped(person.given_kana, chance))


def _kana_alone(person: Entry, _names: Names, _chance: random.Random) -> Entry:
    return replace(person, family="", given="")


def _swapped(person: Entry, _names: Names, _chance: random.Random) -> Entry:
    year, month, day = person.birth.split("-") if person.birth.count("-") == 2 else ("", "", "99")
    return replace(person, birth=f"{year}-{day}-{month}") if int(day) <= 12 else person


def _digit(person: Entry, _names: Names, chance: random.Random) -> Entry:
    for _ in range(50):
        place = chance.choice([number for number, letter in enumerate(person.birth) if letter.isdigit()])
        typed = person.birth[:place] + str(chance.randint(0, 9)) + person.birth[place + 1 :]
        if typed != person.birth and _is_date(typed):
            return replace(person, birth=typed)
    return person


def _year(person: Entry, _names: Names, chance: random.Random) -> Entry:
    years = chance.choice((1, -1, *ERA_YEARS, *(-each for each in ERA_YEARS)))
    typed = f"{int(person.birth[:4]) + years}{person.birth[4:]}"
    return replace(person, birth=typed) if _is_date(typed) else person


def _year_alone(person: Entry, _names: Names, _chance: random.Random) -> Entry:
    return replace(person, birth=person.birth[:4])


def _moved(person: Entry, _names: Names, chance: random.Random) -> Entry:
    return replace(person, address=_house(chance), phone=_mobile(chance))


def _no_phone(person: Entry, _names: Names, _chance: random.Random) -> Entry:
    return replace(person, phone="")


def _otherwise(person: Entry, _names: Names, chance: random.Random) -> Entry:
    """The same address: with the prefecture, without the town, with kanji numerals, with hyphens."""
    head, _, tail = person.address.partition("丁目")
    forms = (
        f"石川県{person.address}",
        person.address.removeprefix("輪島市"),
        f"{head[:-1]}{KANJI_DIGITS.get(head[-1], head[-1])}丁目{tail}",
        person.address.replace("丁目", "-").replace("番地", "-"),
    )
    return replace(person, address=chance.choice(forms))


Slip = Callable[[Entry, Names, random.Random], Entry]
SLIPS: dict[Slip, int] = {
    _variant: 14,
    _other_kanji: 8,
    _kana_slip: 16,
    _kana_alone: 8,
    _swapped: 12,
    _digit: 6,
    _year: 6,
    _year_alone: 3,
    _moved: 16,
    _no_phone: 6,
    _otherwise: 10,
}
"""Each slip, and how often it is among a hundred or so."""


def _is_date(text: str) -> bool:
    """Whether a clerk would have been let type it."""
    try:
        return 1900 < date.fromisoformat(f"{text}-01-01"[:10]).year < 2024
    except ValueError:
        return False


def _slipped(kana: str, chance: random.Random) -> str:
    for _ in range(50):
        typed = chance.choice((_mistyped, _left_out, _doubled, _changed, _misheard))(kana, chance)
        if typed and typed != kana and all("ァ" <= letter <= "ー" for letter in typed):
            return typed
    return kana


def _mistyped(kana: str, chance: random.Random) -> str:
    roman = jaconv.kana2alphabet(jaconv.kata2hira(kana))
    place = chance.randrange(len(roman))
    beside = BESIDE.get(roman[place], roman[place])
    return str(jaconv.hira2kata(jaconv.alphabet2kana(roman[:place] + chance.choice(beside) + roman[place + 1 :])))


def _left_out(kana: str, chance: random.Random) -> str:
    place = chance.randrange(len(kana))
    return kana[:place] + kana[place + 1 :] if len(kana) > 2 else kana


def _doubled(kana: str, chance: random.Random) -> str:
    place = chance.randrange(len(kana))
    return kana[: place + 1] + kana[place:]


def _changed(kana: str, chance: random.Random) -> str:
    place = chance.randrange(max(1, len(kana) - 1))
    return kana[:place] + kana[place : place + 2][::-1] + kana[place + 2 :]


def _misheard(kana: str, chance: random.Random) -> str:
    place = chance.randrange(len(kana))
    letter = kana[place]
    return kana[:place] + VOICED.get(letter, UNVOICED.get(letter, letter)) + kana[place + 1 :]
