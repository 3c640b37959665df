"""Reads a table that came with the product."""

from collections.abc import Iterator
from importlib.resources import files


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a tab-separated table in tables/, as lists of columns."""
    text = files("node.reference").joinpath("tables", name).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines())
