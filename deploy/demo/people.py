"""Makes up the residents of Wajima: the same seed, the same town."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from deploy.demo.households import HEAD, Member, household
from deploy.demo.names import SHIPPED, Name, Names
from deploy.demo.needs import needs
from node.reference.codes import care_word

QUAKE_DAY = date(2024, 1, 1)
"""Ages are counted on this day."""

PROTECTED_SHARE = 0.0015
"""One or two in a thousand hide from somebody (支援措置)."""

_HEADERS = (
    "宛名番号",
    "世帯番号",
    "続柄",
    "氏名",
    "氏名カナ",
    "生年月日",
    "性別",
    "住所",
    "電話番号",
    "要配慮",
    "支援措置",
)
_ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
)


@dataclass(frozen=True, slots=True)
class Resident:
    """One made-up resident."""

    key: str
    household: str
    relation: str
    family: Name
    given: Name
    born: date
    woman: bool
    address: str
    phone: str
    needs: tuple[str, ...]
    protected: bool

    def age(self, day: date = QUAKE_DAY) -> int:
        """Whole years on that day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    @property
    def written(self) -> str:
        """Family and given name, as a roster has them."""
        return f"{self.family.written}　{self.given.written}"


def residents(seed: int, count: int, folder: Path = SHIPPED) -> list[Resident]:
    """Make up that many residents, household after household."""
    chance = Random(seed)
    names = Names(folder)
    towns = _towns(folder / "towns-172049.csv")
    people: list[Resident] = []
    number = 0
    while len(people) < count:
        number += 1
        members = household(chance)[: count - len(people)]
        people.extend(_named(chance, names, towns, members=members, number=number, first=len(people) + 1))
    return people


def households_of(people: Sequence[Resident]) -> Iterator[list[Resident]]:
    """The residents, household by household."""
    together: list[Resident] = []
    for person in people:
        if together and together[0].household != person.household:
            yield together
            together = []
        together.append(person)
    if together:
        yield together


def write_register(people: Sequence[Resident], path: Path) -> None:
    """Write them as a town hall's system would: Japanese headers, era dates, CP932."""
    with path.open("w", encoding="cp932", newline="") as lines:
        rows = csv.writer(lines, lineterminator="\r\n")
        rows.writerow(_HEADERS)
        rows.writerows(_row(person) for person in people)


def _row(person: Resident) -> tuple[str, ...]:
    return (
        person.key,
        person.household,
        person.relation,
        person.written,
        f"{person.family.kana}　{person.given.kana}",
        era(person.born),
        "女" if person.woman else "男",
        person.address,
        person.phone,
        "、".join(care_word(code) for code in person.needs),
        "○" if person.protected else "",
    )


def era(day: date) -> str:
    """A date as Japanese registers write it: 昭和23年5月3日."""
    start, name = next((start, name) for start, name in _ERAS if day >= start)
    year = day.year - start.year + 1
    return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def _named(
    chance: Random, names: Names, towns: Sequence[str], *, members: Sequence[Member], number: int, first: int
) -> Iterator[Resident]:
    """Give the members of one household their names, days and needs; the family name and the address are shared."""
    family = names.family(chance)
    address = f"石川県輪島市{chance.choice(towns)}{chance.randint(1, 60)}番地{chance.randint(1, 30)}"
    home = f"0768-{chance.randint(20, 42)}-{chance.randint(0, 9999):04d}" if chance.random() < 0.75 else ""
    for place, member in enumerate(members):
        born = _birthday(chance, member.age)
        yield Resident(
            key=f"{first + place:010d}",
            household=f"{number:08d}",
            relation=member.relation,
            family=family,
            given=names.given(chance, woman=member.woman, born=born.year),
            born=born,
            woman=member.woman,
            address=address,
            phone=home if member.relation == HEAD else "",
            needs=needs(chance, age=member.age, woman=member.woman),
            protected=chance.random() < PROTECTED_SHARE,
        )


def _birthday(chance: Random, age: int) -> date:
    """A day on which someone was born who has that age on the day of the quake."""
    latest = QUAKE_DAY.replace(year=QUAKE_DAY.year - age)
    return latest - timedelta(days=chance.randint(0, 364))


def _towns(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row["town"] + row["koaza"] for row in csv.DictReader(lines)]
