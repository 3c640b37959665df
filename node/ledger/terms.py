"""Cuts what a person can be found by into the tokens of the search index, and a query into the same tokens.

A token is a letter that says what it is and a piece of text: `n佐藤` is a pair of neighbours in a name, `h佐藤` how a
name begins, `m172049` a municipality, `p...` a place. Whoever is searched for at a place is then one intersection
of lists, and the best rank can be asked for first: nothing has to be sorted.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from node.people.asking import Ask, Clue, Word
from node.people.terms import SearchTerms

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

PHONE_PIECE: Final = 4
"""Digits; as many as a clerk types at least."""
ADDRESS_PIECE: Final = 3
"""Letters."""
BEGINNING: Final = 3
"""How many first letters of a name or reading are one token."""

_PUNCTUATION: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()} | {0x20: 0x3000}
"""The index's tokenizer parts words at ASCII punctuation, and nowhere else: so there is none in a token."""


def tokens_of(terms: SearchTerms, places: Iterable[bytes], municipalities: Iterable[str]) -> frozenset[str]:
    """The tokens of a person, who stays at these places and in these municipalities."""
    found = [municipality_token(code) for code in (*terms.municipalities, *municipalities) if code]
    found += [place_token(place) for place in places]
    for kind, begins, texts in (("n", "h", terms.names), ("s", "g", terms.sounds)):
        for raw in texts:
            text = raw.translate(_PUNCTUATION)
            found += [kind + letter for letter in text]
            found += [kind + first + second for first, second in pairwise(text)]
            found += [begins + text[:length] for length in range(1, BEGINNING + 1)]
    for phone in terms.phones:
        found += ["d" + piece for piece in _pieces(phone)]
    address = terms.address.translate(_PUNCTUATION)
    found += ["e" + first + second for first, second in pairwise(address)]
    found += address_tokens(address)
    if terms.birth:
        digits = terms.birth.replace("-", "")
        found += [f"b{digits[:length]}" for length in (4, 6, 8) if length <= len(digits)]
        found.append("c" + digits)
    if terms.key:
        found.append("y" + terms.key.translate(_PUNCTUATION))
    return frozenset(found)


def place_token(place: bytes) -> str:
    """The token of a place."""
    return "p" + place.hex()


def municipality_token(code: str) -> str:
    """The token of a municipality."""
    return "m" + code


def phone_tokens(digits: str) -> list[str]:
    """The tokens of a telephone number; one that is too short for the index has none of its own."""
    return ["d" + piece for piece in _pieces(digits)] or ["d" + digits]


def address_tokens(address: str) -> list[str]:
    """The tokens of a folded address that has three letters at least."""
    return ["a" + address[start : start + ADDRESS_PIECE] for start in range(len(address) - ADDRESS_PIECE + 1)]


def quoted(token: str) -> str:
    """A token as a condition of its own."""
    return '"' + token.translate(_PUNCTUATION).replace('"', "") + '"'


def asks(words: Iterable[Word], *, beginning: bool, strong: bool) -> str:
    """What to ask the index: every word must hold, one clue of a word is enough.

    Args:
        words: what was typed.
        beginning: names and sounds of the first word must begin so.
        strong: of each word, only the clues that say most.
    """
    parts = []
    for place, word in enumerate(words):
        most = max(clue.weight for clue in word)
        clues = [clue for clue in word if not strong or clue.weight == most]
        meant = dict.fromkeys(_clue(clue, beginning=beginning and place == 0) for clue in clues)
        parts.append("(" + " OR ".join(f"({each})" for each in meant if each) + ")")
    return " AND ".join(parts) if parts and "()" not in parts else ""


def _clue(clue: Clue, *, beginning: bool) -> str:
    """One clue as a condition; it may let through what `node.people.matching.score` then refuses."""
    text = clue.text
    if clue.ask is Ask.NAME:
        return _all(_text_tokens("n", "h", text, beginning=beginning))
    if clue.ask is Ask.SOUND:
        return _all(_text_tokens("s", "g", text, beginning=beginning))
    if clue.ask is Ask.PHONE:
        return _all("d" + piece for piece in _pieces(text))
    if clue.ask is Ask.ADDRESS:
        return _all(address_tokens(text) or ["e" + text])
    if clue.ask is Ask.BIRTH:
        digits = text.replace("-", "")
        coarser = [f'"c{digits[:length]}"' for length in (4, 6) if length < len(digits)]
        return " OR ".join([f'"b{digits}"', *coarser])
    return _all([municipality_token(text) if clue.ask is Ask.MUNICIPALITY else "y" + text])


def _text_tokens(kind: str, begins: str, text: str, *, beginning: bool) -> Iterator[str]:
    pairs = [kind + first + second for first, second in pairwise(text)]
    if beginning:
        yield begins + text[:BEGINNING]
        yield from pairs[BEGINNING - 1 :]
    else:
        yield from pairs or [kind + text]


def _all(tokens: Iterable[str]) -> str:
    return " AND ".join(dict.fromkeys(map(quoted, tokens)))


def _pieces(digits: str) -> Iterator[str]:
    return (digits[start : start + PHONE_PIECE] for start in range(len(digits) - PHONE_PIECE + 1))


def to_column(terms: SearchTerms, places: Iterable[bytes], municipalities: Iterable[str]) -> str:
    """Everything the tokens are made of, as the text of a column."""
    told = [
        terms.names,
        terms.sounds,
        terms.birth,
        terms.phones,
        terms.address,
        terms.municipalities,
        terms.key,
        [place.hex() for place in places],
        list(municipalities),
    ]
    return _encode(told)


def from_column(text: str) -> tuple[SearchTerms, list[str], list[str]]:
    """What to score a person by, and the places (in hexadecimal) and municipalities where they stay."""
    names, sounds, birth, phones, address, towns, key, places, municipalities = json.loads(text)
    terms = SearchTerms(tuple(names), tuple(sounds), birth, tuple(phones), address, tuple(towns), key)
    return terms, places, municipalities


def tokens_from_column(text: str) -> frozenset[str]:
    """The tokens that were made of it."""
    terms, places, municipalities = from_column(text)
    return tokens_of(terms, map(bytes.fromhex, places), municipalities)
