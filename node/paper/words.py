"""The words on paper: what is printed says it in Japanese, plain enough for a visitor, and in English beside it."""

from node.words import paper_word


def ja(key: str, **values: str | int) -> str:
    """A word in Japanese."""
    return paper_word(key, "ja", **values)


def en(key: str, **values: str | int) -> str:
    """The same in English."""
    return paper_word(key, "en", **values)
