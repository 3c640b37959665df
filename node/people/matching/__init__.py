"""How well a person fits what was asked, and how much speaks for two entries being one person."""

from node.people.asking import Ask, Clue, Query, Word, parse_query, read_lists
from node.people.matching.comparison import Agreement, Comparison, compare
from node.people.matching.fit import score
from node.people.matching.portrait import Portrait, portrait
from node.people.terms import SearchTerms, phone_digits, terms_of

__all__ = [
    "Agreement",
    "Ask",
    "Clue",
    "Comparison",
    "Portrait",
    "Query",
    "SearchTerms",
    "Word",
    "compare",
    "parse_query",
    "phone_digits",
    "portrait",
    "read_lists",
    "score",
    "terms_of",
]
