"""Pairs of people who may be one: whom to compare with whom, found through the search index, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from node.ledger import people, terms
from node.ledger.people import PersonRow
from node.ledger.records import marks
from node.ledger.store import Rows
from node.people.matching import Portrait
from node.people.matching.births import births_beside
from node.people.matching.readings import usual_sounds
from node.records.subjects import pair_slot

OF_EACH_MAX: Final = 60
"""Whom one way of being alike names at most; who is alike in more than one is named by the narrower ways too."""


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two people who may be one."""

    first: bytes
    second: bytes
    score: float
    """In bits, as `node.people.matching.compare` gave it when one of them changed last."""
    put_off: bool
    """Somebody has looked and left it open."""


class AlikeRead(Rows):
    """Questions about people who are alike."""

    def candidates(self, portrait: Portrait) -> list[PersonRow]:
        """Who may be this person, in no order and far too many: each is to be compared."""
        numbers: dict[int, None] = {}
        for condition in ways_to_be_alike(portrait):
            sql = "SELECT rowid FROM found WHERE found MATCH ? LIMIT ?"
            found = self._connection().execute(sql, (condition, OF_EACH_MAX))
            numbers.update((row[0], None) for row in found)
        wanted = list(numbers)
        sql = f"SELECT shown FROM people WHERE number IN ({marks(wanted)})"  # noqa: S608
        return [people.from_column(row[0]) for row in self._connection().execute(sql, wanted)]

    def alike_count(self) -> int:
        """How many pairs wait for somebody to look."""
        row = self._rows().execute("SELECT count(*) FROM alike WHERE waiting").fetchone()
        return int(row[0]) if row else 0

    def alike(self, *, limit: int = 100, offset: int = 0) -> list[AlikePair]:
        """The pairs that wait: those nobody has looked at first, then by how alike they are."""
        sql = """SELECT f.subject, s.subject, a.score, EXISTS (SELECT 1 FROM links l WHERE l.slot = a.slot) AS put_off
            FROM alike a JOIN subjects f ON f.number = a.first JOIN subjects s ON s.number = a.second
            WHERE a.waiting ORDER BY put_off, a.score DESC, a.slot LIMIT ? OFFSET ?"""
        return [
            AlikePair(first, second, score, bool(put_off))
            for first, second, score, put_off in self._rows().execute(sql, (limit, offset))
        ]


class AlikeWrite(AlikeRead):
    """Writes down who is alike."""

    def replace_alike(self, subject: bytes, scores: Mapping[bytes, float]) -> None:
        """These are the people who may be the same as this one; who was before and is not among them is no more."""
        connection = self._connection()
        row = connection.execute("SELECT number FROM subjects WHERE subject = ?", (subject,)).fetchone()
        if row is None:
            return
        connection.execute("DELETE FROM alike WHERE first = ? OR second = ?", (row[0], row[0]))
        for other, score in scores.items():
            sql = """INSERT OR REPLACE INTO alike (slot, first, second, score, waiting)
                SELECT ?, min(number, ?), max(number, ?), ?, 1 FROM subjects WHERE subject = ?"""
            connection.execute(sql, (pair_slot(subject, other), row[0], row[0], score, other))


def ways_to_be_alike(portrait: Portrait) -> Iterator[str]:
    """Conditions on the search index, each of which the same person may meet although the others fail."""
    yield from _by_birth(portrait)
    yield from _by_name(portrait)
    for phone in portrait.phones:
        yield _all(terms.phone_tokens(phone))
    given = _pairs("s", portrait.given.sound[:2]) or _pairs("n", portrait.given.folded[:2])
    if len(portrait.address) >= terms.ADDRESS_PIECE and given:
        yield _all([*terms.address_tokens(portrait.address), *given])


def _by_birth(portrait: Portrait) -> Iterator[str]:
    """Born on that day; on one that a slip makes of it; in that month or year, and called much the same."""
    sound, given = portrait.family.sound + portrait.given.sound, portrait.given.sound
    digits, begins = portrait.birth.replace("-", ""), _beginnings(portrait)
    if len(digits) == 8:
        yield _all([f"c{digits}"])
    if len(digits) == 8 and begins:
        yield f"{_any('c' + each for each in births_beside(portrait.birth))} AND {_any(begins)}"
    if len(digits) >= 6 and len(sound) > 1:
        yield _all([f"g{sound[:2]}", f"b{digits[:6]}"])
    if digits and len(given) > 1:
        yield f"{_all([f's{given[-2:]}', f'b{digits[:4]}'])} AND {_any(begins)}"


def _by_name(portrait: Portrait) -> Iterator[str]:
    """Read alike, written alike, or the given name written alike and the surname read so; of one year first."""
    family, given = portrait.family, portrait.given
    whole = [_pairs("s", family.sound + given.sound), _pairs("n", family.folded + given.folded)]
    if given.folded:
        written = _pairs("n", given.folded) or [f"n{given.folded}"]
        whole += [[*written, *_pairs("s", read)] for read in sorted(usual_sounds(family, is_family=True))]
    for tokens in filter(None, whole):
        if portrait.birth:
            yield _all([*tokens, f"b{portrait.birth[:4]}"])
        yield _all(tokens)


def _beginnings(portrait: Portrait) -> list[str]:
    sound, name = portrait.family.sound + portrait.given.sound, portrait.family.folded + portrait.given.folded
    return [f"g{sound[:1]}"] * bool(sound) + [f"h{name[:1]}"] * bool(name)


def _pairs(kind: str, text: str) -> list[str]:
    return [kind + first + second for first, second in pairwise(text)]


def _all(tokens: list[str]) -> str:
    return f"({' AND '.join(map(terms.quoted, dict.fromkeys(tokens)))})"


def _any(tokens: Iterator[str] | list[str]) -> str:
    return f"({' OR '.join(map(terms.quoted, dict.fromkeys(tokens)))})"
