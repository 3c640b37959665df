"""Reads birth dates from the cells of rosters, where most days come up again and again."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from node.errors import BirthDateRefused
from node.people.calendar import read_date
from node.people.facets import BirthDate

_MIDNIGHT: Final = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
"""What spreadsheets and databases put after a day."""

_AFTER_ERA: Final = re.compile(r"(?<=\D)\s+(?=\d)|(?<=\d)\s+(?=\D)")
"""White space that pads single digits: 昭和 8年 5月 3日."""


@lru_cache(maxsize=65_536)
def read_birth(text: str, today: date) -> BirthDate | None:
    """The birth date a cell tells; None where it tells none that can be.

    An age is not taken: it would be another guess each day the same roster is imported.
    """
    try:
        return BirthDate(date=read_date(_AFTER_ERA.sub("", _MIDNIGHT.sub("", text)), today=today))
    except BirthDateRefused:
        return None
