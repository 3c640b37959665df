"""Finds which column holds what, by the names towns give their columns."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

_SPACE: Final = re.compile(r"[\s_・]+")
_BRACKETS: Final = re.compile(r"[(\[<【〔「].*?[)\]>】〕」]")

BETWEEN: Final = "\x1f"
"""Stands between the cells of several columns for one field; no cell holds it."""

_MARKS: Final = frozenset({"care", "protect"})
_KEYS: Final = frozenset({"municipal_key", "household_key", "national_id", "local_id"})


class Header:
    """The columns of one file: position by field, and what a column may be called in a report."""

    def __init__(self, cells: Sequence[str], kind: str) -> None:
        names = _names(kind)
        self.width = len(cells)
        self.cells = tuple(cells)
        self.positions: dict[str, int] = {}
        """Field to position; of several columns with names for one field the first."""
        self._more: list[tuple[str, int]] = []
        for position, cell in enumerate(cells):
            field = names.get(folded_header(cell))
            if field is not None and self.positions.setdefault(field, position) != position:
                self._more.append((field, position))

    def __contains__(self, field: str) -> bool:
        return field in self.positions

    def fields(self, cells: Sequence[str]) -> dict[str, str]:
        """What a row holds, by field; a row may end before its last columns.

        Where several columns are for one field, marks (care, protection) are all kept, with `BETWEEN` between them; of
        others the first that is filled in counts; keys of two numberings are never mixed.
        """
        width = len(cells)
        values = {field: cells[at] for field, at in self.positions.items() if at < width}
        for field, at in self._more:
            if at >= width or not cells[at] or field in _KEYS:
                continue
            if field in _MARKS:
                values[field] = f"{values[field]}{BETWEEN}{cells[at]}"
            elif not values[field]:
                values[field] = cells[at]
        return values

    def label(self, position: int) -> str:
        """What the column may be called: its header where this house knows it, else its number.

        An unknown header is never repeated: in a file without a header line it is somebody's name.
        """
        cell = self.cells[position] if position < self.width else ""
        return _told(cell) if folded_header(cell) in _all_names() else f"#{position + 1}"

    def label_of(self, field: str) -> str:
        """The same, for a field that the file has."""
        return self.label(self.positions[field]) if field in self.positions else field


def folded_header(cell: str) -> str:
    """A column name as it is compared: width, case, white space and what stands in brackets do not count."""
    return _SPACE.sub("", _told(cell)).lower()


def _told(cell: str) -> str:
    """Without brackets, in which anything can stand."""
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", cell)).strip()


@cache
def _tables() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(files("node.exchange").joinpath("headers.toml").read_text(encoding="utf-8"))


@cache
def _names(kind: str) -> Mapping[str, str]:
    table = _tables()[kind]
    return {folded_header(name): field for field, names in table.items() for name in names}


@cache
def _all_names() -> frozenset[str]:
    return frozenset(name for kind in _tables() for name in _names(kind))
