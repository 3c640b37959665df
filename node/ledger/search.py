"""Finds people: who is here first, then this municipality, then elsewhere; in each, how a name begins before the rest.
Whom only their address brings comes after all whose name may be meant, wherever those are: of `wajima`, the families
of that name and not whoever lives there.

Nothing is sorted but the few dozen that the index hands over. The index is asked rank by rank, best rank first, and
each time only until there is enough; that some surname has 15,000 bearers then costs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from node.ledger import people, terms
from node.ledger.people import PersonRow
from node.ledger.records import marks
from node.ledger.store import Rows
from node.people.asking import Ask, Query
from node.people.matching import score
from node.people.terms import SearchTerms

LIMIT_MAX: Final = 200
WINDOW: Final = 24
"""How many of a rank are looked at, and scored, at least: a list of twenty, one more, and some that fit in the index
alone. Each costs 50 µs."""


WHERE_THEY_LIVE: Final = frozenset({Ask.ADDRESS, Ask.MUNICIPALITY})


@dataclass(frozen=True, slots=True)
class Hit:
    """Someone who fits."""

    person: PersonRow
    """With `protected` as it is: whether they may be shown, the desk decides."""
    score: int
    """Comparable inside one search."""
    match: str
    """How they were found: "exact", "folded", "part" or "reading"."""


class SearchRead(Rows):
    """Searches."""

    def search(self, query: Query, *, here: bytes | None, municipality: str, limit: int = 20) -> list[Hit]:
        """Who fits the query, best first.

        Args:
            query: what was meant; no words find nobody.
            here: the place whose people come first.
            municipality: whose residents and guests come next.
            limit: at most so many, and at most LIMIT_MAX.
        """
        limit = min(limit, LIMIT_MAX)
        if not query.words or any(not word for word in query.words):
            return []
        found: list[_Found] = []
        for meant in _meanings(query):
            seen = {one.number for one in found}
            for where in _wheres(here, municipality):
                for numbers in self._by_beginning(meant, where, max(WINDOW, limit) + len(seen)):
                    fitting = self._fitting([number for number in numbers if number not in seen], meant)
                    fitting.sort(key=lambda one: (-one.score, one.number))
                    found += fitting
                    seen.update(numbers)
                    if len(found) >= limit:
                        return [one.hit(query) for one in found[:limit]]
        return [one.hit(query) for one in found]

    def _by_beginning(self, query: Query, where: str, most: int) -> Iterator[list[int]]:
        """Those of one place, municipality or everywhere: all at once where they are few, else best ranks first."""
        everybody = self._numbers(where, terms.asks(query.words, beginning=False, strong=False), most)
        if len(everybody) == most:
            for strong in (True, False):
                yield self._numbers(where, terms.asks(query.words, beginning=True, strong=strong), most)
        yield everybody

    def _numbers(self, where: str, condition: str, most: int) -> list[int]:
        if not condition:
            return []
        sql = "SELECT rowid FROM found WHERE found MATCH ? LIMIT ?"
        return [row[0] for row in self._rows().execute(sql, (f"{where}{condition}", most))]

    def _fitting(self, numbers: list[int], query: Query) -> list["_Found"]:
        """Those of them that fit in truth: the index lets through what has all the pairs of letters, in any order.

        Asked also where there are none: by the time it takes nobody is to learn whether somebody was let through."""
        sql = f"SELECT number, terms, shown FROM people WHERE number IN ({marks(numbers)})"  # noqa: S608
        rows = self._connection().execute(sql, numbers)
        read = (_Found(number, column, shown, query) for number, column, shown in rows)
        return [one for one in read if one.score]


class _Found:
    """Someone the index named, scored."""

    __slots__ = ("number", "score", "shown", "terms")

    def __init__(self, number: int, column: str, shown: str, query: Query) -> None:
        self.number = number
        self.shown = shown
        self.terms = terms.from_column(column)[0]
        self.score = score(self.terms, query)

    def hit(self, query: Query) -> Hit:
        """As it is told."""
        row = people.from_column(self.shown)
        return Hit(row, self.score, _match(row, self.terms, query))


def _meanings(query: Query) -> list[Query]:
    """What was asked without the addresses a word may mean beside a name, if it may; then all of it."""
    named = Query(
        tuple(tuple(clue for clue in word if clue.ask not in WHERE_THEY_LIVE) or word for word in query.words)
    )
    return [query] if named == query else [named, query]


def _wheres(here: bytes | None, municipality: str) -> list[str]:
    """Conditions on where somebody is, nearest first; each contains those before it again."""
    tokens = [terms.place_token(here)] if here else []
    tokens += [terms.municipality_token(municipality)] if municipality else []
    return [*(f'"{token}" AND ' for token in tokens), ""]


def _match(row: PersonRow, stored: SearchTerms, query: Query) -> str:
    """How the first word was met."""
    for clue in sorted(query.words[0], key=lambda each: -each.weight):
        if not score(stored, Query(((clue,),))):
            continue
        if clue.ask is Ask.NAME:
            written = f"{row.family_name}{row.given_name}\n{row.former_name}\n{row.alias}"
            if clue.text not in written:
                return "folded"
            return "exact" if any(name.startswith(clue.text) for name in stored.names) else "part"
        if clue.ask is Ask.SOUND:
            return "reading"
        return "part" if clue.ask in (Ask.ADDRESS, Ask.MUNICIPALITY) else "exact"
    return "part"
