"""Finds people: who is here first, then this municipality, then elsewhere; in each, how a name begins before the rest.

Nothing is sorted but the few hundred that the index hands over. The index is asked rank by rank, best rank first,
and each time only until there is enough; that some surname has 15,000 bearers then costs nothing.
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
WINDOW: Final = 100
"""How many of a rank are looked at, and scored, at least."""


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
        found: dict[int, tuple[SearchTerms, int, str]] = {}
        for condition in _ranks(query, here, municipality):
            fitting = self._fitting(condition, query, found, limit)
            fitting.sort(key=lambda each: (-each[2], each[0]))
            for number, stored, points in fitting[: limit - len(found)]:
                found[number] = (stored, points, "")
            if len(found) >= limit:
                break
        return self._hits(found, query)

    def _fitting(
        self, condition: str, query: Query, found: dict[int, tuple[SearchTerms, int, str]], limit: int
    ) -> list[tuple[int, SearchTerms, int]]:
        sql = """SELECT f.rowid, p.terms FROM found f JOIN people p ON p.number = f.rowid
            WHERE f.found MATCH ? LIMIT ?"""
        fitting = []
        window = max(WINDOW, limit) + len(found)
        for number, column in self._connection().execute(sql, (condition, window)):
            if number not in found:
                stored = terms.from_column(column)
                points = score(stored, query)
                if points:
                    fitting.append((number, stored, points))
        return fitting

    def _hits(self, found: dict[int, tuple[SearchTerms, int, str]], query: Query) -> list[Hit]:
        if not found:
            return []
        sql = f"SELECT number, shown FROM people WHERE number IN ({marks(list(found))})"  # noqa: S608
        shown = dict(self._connection().execute(sql, list(found)).fetchall())
        hits = []
        for number, (stored, points, _) in found.items():
            if number in shown:
                row = people.from_column(shown[number])
                hits.append(Hit(row, points, _match(row, stored, query)))
        return hits


def _ranks(query: Query, here: bytes | None, municipality: str) -> Iterator[str]:
    """What to ask the index, best rank first; a rank contains those before it again."""
    asked = dict.fromkeys(
        terms.asks(query.words, beginning=beginning, strong=strong)
        for beginning, strong in ((True, True), (True, False), (False, False))
    )
    wheres = [terms.place_token(here)] if here else []
    wheres += ["m" + municipality] if municipality else []
    for where in (*(f'"{token}" AND ' for token in wheres), ""):
        for condition in asked:
            if condition:
                yield where + condition


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
