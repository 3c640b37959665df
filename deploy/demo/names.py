"""Draws Japanese names as often as they are borne, each with its reading."""

import csv
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

SHIPPED = Path(__file__).parent / "data"

_WOMEN_OF_OLD = ("コ", "エ", "ヨ", "ミ", "ノ")
"""How most women's names ended before 1970."""
_MEN_OF_OLD = ("オ", "ジ", "イチ", "ロウ", "シ", "ル", "ゾウ", "キチ", "ノリ", "ユキ", "ミ")
"""How most men's names ended before 1970."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written and as read."""

    written: str
    kana: str


class Names:
    """The lists of names, ready to be drawn from."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        surnames = _rows(folder / "surnames.csv")
        self._families = [Name(row["name"], row["kana"]) for row in surnames]
        self._bearers = list(accumulate(int(row["people"]) for row in surnames))
        self._men = _Given(_rows(folder / "given-man.csv"), _MEN_OF_OLD)
        self._women = _Given(_rows(folder / "given-woman.csv"), _WOMEN_OF_OLD)

    def family(self, chance: Random) -> Name:
        """A family name, as frequent as in the country."""
        return chance.choices(self._families, cum_weights=self._bearers)[0]

    def given(self, chance: Random, *, woman: bool, born: int) -> Name:
        """A given name that fits the sex and roughly the year of birth."""
        return (self._women if woman else self._men).draw(chance, of_old=born < 1970)


class _Given:
    """Given names of one sex: all of them, and those that sound like the parents' generation."""

    def __init__(self, rows: list[dict[str, str]], endings: tuple[str, ...]) -> None:
        self._all = rows
        self._all_weights = _weights(rows)
        self._old = [row for row in rows if row["kana"].endswith(endings)]
        self._old_weights = _weights(self._old)

    def draw(self, chance: Random, *, of_old: bool) -> Name:
        rows, weights = (self._old, self._old_weights) if of_old else (self._all, self._all_weights)
        row = chance.choices(rows, cum_weights=weights)[0]
        return Name(chance.choice(row["names"].split(" ")), row["kana"])


def _weights(rows: list[dict[str, str]]) -> list[int]:
    """A reading that can be written in many ways is a common one: the lists know no better figure."""
    return list(accumulate(int(row["forms"]) for row in rows))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
