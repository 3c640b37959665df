"""How well a person fits what was asked."""

from node.people.asking import Ask, Clue, Query
from node.people.terms import SearchTerms


def score(terms: SearchTerms, query: Query) -> int:
    """How well a person fits, 0 where some word does not hold; whole matches above beginnings above the rest."""
    total = 0
    for word in query.words:
        best = max((_fit(terms, clue) for clue in word), default=0)
        if best == 0:
            return 0
        total += best
    return total


def _fit(terms: SearchTerms, clue: Clue) -> int:
    if clue.ask is Ask.NAME:
        return _contained(terms.names, clue)
    if clue.ask is Ask.SOUND:
        return _contained(terms.sounds, clue)
    if clue.ask is Ask.PHONE:
        return _contained(terms.phones, clue)
    if clue.ask is Ask.ADDRESS:
        return _contained((terms.address,), clue)
    if clue.ask is Ask.BIRTH:
        alike = terms.birth and (terms.birth.startswith(clue.text) or clue.text.startswith(terms.birth))
        return clue.weight if alike else 0
    equal = clue.text == terms.key if clue.ask is Ask.KEY else clue.text in terms.municipalities
    return clue.weight if equal else 0


def _contained(texts: tuple[str, ...], clue: Clue) -> int:
    if clue.text in texts:
        return clue.weight
    if any(text.startswith(clue.text) for text in texts):
        return clue.weight * 9 // 10
    return clue.weight * 7 // 10 if any(clue.text in text for text in texts) else 0
