"""Counts that may be told: small cells are suppressed, with others so that no sum gives one away (69(2)4)."""

from collections.abc import Mapping, Sequence

SMALLEST_TOLD = 5
"""A count of 1 to 4 is not told; 0 is: it says nothing of anybody."""

Table = Mapping[str, Mapping[str, int]]
"""Counts by row (such as a shelter) and column (such as an age group). All rows have all columns."""

Told = dict[str, dict[str, int | None]]
"""The same, None where the count is withheld."""


def suppress(table: Table) -> Told:
    """The cells that may be told together with all row and column sums.

    In no row and no column is exactly one cell withheld, so no withheld count follows from the sums; and the withheld
    ones of a row or column sum to 5 or more wherever that can be had. The smallest others go first, zeros last.
    """
    hidden = {(row, column) for row, cells in table.items() for column, count in cells.items() if _small(count)}
    while True:
        more = {cell for line in _lines(table) if (cell := _needed(line, table, hidden))} - hidden
        if not more:
            break
        hidden |= more
    return {
        row: {column: None if (row, column) in hidden else count for column, count in cells.items()}
        for row, cells in table.items()
    }


def suppress_row(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The same for a single row of counts told with its sum."""
    hidden = {("", name) for name, count in counts.items() if _small(count)}
    line = [("", name) for name in counts]
    while cell := _needed(line, {"": counts}, hidden):
        hidden.add(cell)
    return {name: None if ("", name) in hidden else count for name, count in counts.items()}


def _small(count: int) -> bool:
    return 0 < count < SMALLEST_TOLD


def _lines(table: Table) -> list[Sequence[tuple[str, str]]]:
    rows = [[(row, column) for column in cells] for row, cells in table.items()]
    columns = {column for cells in table.values() for column in cells}
    return [*rows, *([(row, column) for row in table] for column in sorted(columns))]


def _needed(line: Sequence[tuple[str, str]], table: Table, hidden: set[tuple[str, str]]) -> tuple[str, str] | None:
    """The next cell a row or column must withhold as well; None: it gives nothing away."""
    withheld = [cell for cell in line if cell in hidden]
    total = sum(table[row][column] for row, column in withheld)
    if not withheld or (len(withheld) > 1 and total >= SMALLEST_TOLD):
        return None
    others = [cell for cell in line if cell not in hidden]
    return min(others, key=lambda cell: (table[cell[0]][cell[1]] == 0, table[cell[0]][cell[1]], cell), default=None)
