"""Reads CSV files as they come from towns: any delimiter, line end and quoting; a bad line never spoils the next."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TextIO

from node.exchange.encoding import UNREADABLE, decide_encoding
from node.exchange.source import CHUNK_BYTES, Source

LINE_CHARACTERS_MAX: Final = 65_536
"""A row that is longer is no row of a roster; the body of a record ends there too."""

QUOTED_LINES_MAX: Final = 50
"""Lines one quoted field may span: more, and a quote was never closed."""

HEADER_LINES_MAX: Final = 20
"""How far down the header may stand: above it lists have titles and dates."""

_UNWRAP: Final = re.compile(r'^="([^"]*)"$')
"""What Excel is given to keep leading zeros: ="00123"."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as cells, or why it can't be read."""

    number: int
    cells: Sequence[str]
    wrong: str = ""
    has_breaks: bool = False
    """Some cell may have line breaks or tabs in it."""


class Table:
    """The rows of a CSV file under a header that `is_header` knows."""

    def __init__(self, source: Source) -> None:
        with source.open() as stream:
            self.encoding = decide_encoding(iter(lambda: stream.read(CHUNK_BYTES), b""))
        self._source = source
        self._delimiter = ","
        with self._open() as text:
            sample = "".join(islice(text, HEADER_LINES_MAX))
        self._delimiter = max(",\t;", key=sample.count) if sample else ","

    def find_header(self, is_header: Callable[[Sequence[str]], bool]) -> Line | None:
        """The first line that is one, among the first few."""
        lines = (line for line in islice(self.lines(), HEADER_LINES_MAX) if not line.wrong)
        return next((line for line in lines if is_header(line.cells)), None)

    def lines(self, *, after: int = 0, tell: bool = False) -> Iterator[Line]:
        """All rows that are not blank, without those up to line `after`; `tell` tells the progress."""
        with self._open(tell=tell) as text:
            for line in _records(_physical_lines(text), self._delimiter):
                if line.number > after and (line.wrong or any(line.cells)):
                    yield line

    def any_line(self, holds: Callable[[str], object]) -> bool:
        """Whether any line of the file's text does, its header and its broken lines too; much faster than `lines`."""
        with self._open() as text:
            return any(holds(line) for line in _physical_lines(text))

    def _open(self, *, tell: bool = False) -> TextIO:
        return io.TextIOWrapper(self._source.open(tell=tell), encoding=self.encoding, errors="replace", newline="")


def _physical_lines(text: TextIO) -> Iterator[str]:
    """Lines with their ends; of an overlong one only its beginning, without an end."""
    while line := text.readline(LINE_CHARACTERS_MAX):
        yield line
        while len(line) == LINE_CHARACTERS_MAX and line[-1] not in "\r\n":
            line = text.readline(LINE_CHARACTERS_MAX)


def _records(physical: Iterator[str], delimiter: str) -> Iterator[Line]:
    """Joins lines inside quotes. Where a quote is never closed, its line alone is refused and reading goes on below."""
    number = 0
    again: list[str] = []
    while first := again.pop(0) if again else next(physical, ""):
        number += 1
        lines = [first]
        open_quote = first.count('"') % 2 == 1
        while open_quote and len(lines) < QUOTED_LINES_MAX:
            following = again.pop(0) if again else next(physical, "")
            if not following:
                break
            lines.append(following)
            open_quote = following.count('"') % 2 == 0
        if open_quote:
            again = lines[1:] + again
            yield Line(number, (), "QUOTE_NOT_CLOSED")
            continue
        yield _parse(number, "".join(lines), delimiter, several=len(lines) > 1)
        number += len(lines) - 1


def _parse(number: int, record: str, delimiter: str, *, several: bool) -> Line:
    if len(record) >= LINE_CHARACTERS_MAX:
        return Line(number, (), "LINE_TOO_LONG")
    if "\ufffd" in record:
        return Line(number, (), "UNREADABLE_CHARACTER")
    if not record.isprintable() and UNREADABLE.search(record):
        return Line(number, (), "CONTROL_CHARACTER")
    try:
        cells = next(csv.reader((record,), delimiter=delimiter), [])
    except csv.Error:
        return Line(number, (), "LINE_NOT_CSV")
    cells = [cell.strip() for cell in cells]
    if "=" in record:
        cells = [_UNWRAP.sub(r"\1", cell) for cell in cells]
    return Line(number, cells, has_breaks=several or "\t" in record)
