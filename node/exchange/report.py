"""Keeps account of an import: how many rows did what and, line by line in a CSV file, what was mended or refused."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, TextIO

from node.exchange.row_words import row_words
from node.exchange.rows import ColumnRefused, Content, RowRefused, RowTaken

FIRST_REFUSED_MAX: Final = 20
"""Refused rows that are shown; the rest is in the file."""


class Journal:
    """The report as a CSV file, written as the import goes on: line numbers, column names, reasons; nobody's data."""

    def __init__(self, file: TextIO, language: str) -> None:
        """`file` is opened with newline="" and, for the spreadsheets of town halls, encoding="utf-8-sig"."""
        self._language = language
        self._out = csv.writer(file)
        self._out.writerow(("line", "result", "column", "reason", "sentence"))

    def write(self, line: int | str, result: str, column: str, reason: str) -> None:
        """One thing said of one row."""
        self._out.writerow((line, result, column, reason, row_words(reason, self._language) if reason else ""))


@dataclass(slots=True)
class Report:
    """What became of the rows of one file. `taken` is new + changed + unchanged + older; a mended row was taken."""

    source: str
    journal: Journal | None = None
    rows: int = 0
    taken: int = 0
    refused: int = 0
    mended: int = 0
    """Rows of which something was mended or left out."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """"new", "changed", "unchanged", "older": rows."""
    places_made: int = 0
    """Places a list of headcounts spoke of that were not known before."""
    mends: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Note and column: how many times."""
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Reason and column: how many rows."""
    columns_refused: list[ColumnRefused] = field(default_factory=list)
    first_refused: list[RowRefused] = field(default_factory=list)

    def take(self, row: RowTaken[Content], outcome: str) -> None:
        """Notes a row that was taken, and what it did."""
        self.rows += 1
        self.taken += 1
        self.outcomes[outcome] += 1
        if row.mended:
            self.mended += 1
        for mend in row.mended:
            self.mends[mend.note, mend.column] += 1
        if self.journal is None:
            return
        for mend in row.mended:
            self.journal.write(row.line, outcome, mend.column, mend.note)
        if not row.mended:
            self.journal.write(row.line, outcome, "", "")

    def refuse(self, refused: RowRefused | ColumnRefused) -> None:
        """Notes a row, or a whole column, that was not taken."""
        if isinstance(refused, ColumnRefused):
            self.columns_refused.append(refused)
            line: int | str = ""
        else:
            self.rows += 1
            self.refused += 1
            self.reasons[refused.reason, refused.column] += 1
            if len(self.first_refused) < FIRST_REFUSED_MAX:
                self.first_refused.append(refused)
            line = refused.line
        if self.journal is not None:
            self.journal.write(line, "refused", refused.column, refused.reason)

    def figures(self) -> dict[str, int]:
        """The counts, as `--json` prints them."""
        named = {name: self.outcomes[name] for name in ("new", "changed", "unchanged", "older")}
        return {
            "rows": self.rows,
            "taken": self.taken,
            **named,
            "mended": self.mended,
            "refused": self.refused,
            "columns_refused": len(self.columns_refused),
            "places_made": self.places_made,
        }

    def lines(self, language: str) -> list[str]:
        """What was mended and refused, for showing: the sentence, the column, how many times."""
        told = [f"{refused.column}: {row_words(refused.reason, language)}" for refused in self.columns_refused]
        for (reason, column), count in (*self.reasons.most_common(), *self.mends.most_common()):
            where = f"{column}: " if column else ""
            told.append(f"{where}{row_words(reason, language)} ({count})")
        return told
