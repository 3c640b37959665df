"""The cells of one row by field, however the file was laid out, with a note of what had to be mended in it."""

import re
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from node.exchange.headers import Header
from node.exchange.rows import Mend
from node.exchange.words import read_count

_LINE_BREAKS: Final = re.compile(r"\s*[\r\n\t]+\s*")


def refused_field(error: ValidationError) -> str:
    """The first field a facet refused; its value stays out of it."""
    place = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
    return str(place[0]) if place else ""


@dataclass(frozen=True, slots=True)
class Cells:
    """What a row holds; a field the file does not have is an empty cell."""

    header: Header
    values: dict[str, str]
    mends: list[Mend] = field(default_factory=list)

    def mend(self, note: str, name: str) -> None:
        """Notes that a cell was put right or left out."""
        self.mends.append(Mend(note, self.header.label_of(name)))

    def join_lines(self) -> None:
        """Makes one line of cells that have several."""
        for name, value in self.values.items():
            if "\n" in value or "\t" in value or "\r" in value:
                self.mend("LINE_BREAK_REMOVED", name)
                self.values[name] = _LINE_BREAKS.sub(" ", value)

    def line(self, name: str) -> str:
        """A cell."""
        return self.values.get(name, "")

    def count(self, name: str) -> int | None:
        """A cell as a number of people; empty is unknown, and so, noted, is what can't be read."""
        text = self.line(name)
        number = read_count(text)
        if text and number is None:
            self.mend("NUMBER_NOT_READ", name)
        return number
