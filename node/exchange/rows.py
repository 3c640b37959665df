"""What a reader says of each row: taken, with what was mended, or refused, with why; never what stood in it."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Content = TypeVar("Content")

WHOLE_ROW: Final = ""
"""In place of a column's name where the row as a whole is meant."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing that was put right, or left out, so that the row could be taken."""

    note: str
    """Stable name of what was done, such as "KANA_CONVERTED"; its sentence stands in node/locales/import.*.toml."""
    column: str
    """The column: a header this house knows, or "#3" for one it does not. A header is a stranger's text too."""


@dataclass(frozen=True, slots=True)
class RowTaken(Generic[Content]):
    """A row that says something."""

    line: int
    """Line of the file at which the row begins, from 1; for GeoJSON the number of the feature."""
    content: Content
    mended: tuple[Mend, ...] = ()


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A row that is not taken; the rows after it are."""

    line: int
    reason: str
    column: str = WHOLE_ROW


@dataclass(frozen=True, slots=True)
class ColumnRefused:
    """A column that is not read at all, whatever stands in it."""

    column: str
    reason: str


Row = RowTaken[Content] | RowRefused | ColumnRefused
