"""Who of the resident register has not been seen: everybody of whom nothing but the register is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from node.ledger.people import PersonRow, from_column
from node.ledger.store import Rows

_UNSEEN: Final = "p.resident_only AND coalesce(json_extract(p.shown, '$.closed'), '') = ''"


@dataclass(frozen=True, slots=True, repr=False)
class ResidentRow:
    """As much of a resident as a count needs."""

    number: int
    """What `residents_by_number` finds the whole row by."""
    address: str
    birth: str
    needs_care: bool
    unseen: bool
    """Nothing but the register is known of them."""


class ResidentsRead(Rows):
    """Questions about the register."""

    def residents(self) -> Iterator[ResidentRow]:
        """Everybody of the register in the order of their names, seen or not; one scan, and no record is opened."""
        sql = f"""SELECT p.number, coalesce(json_extract(p.shown, '$.address'), ''),
            coalesce(json_extract(p.shown, '$.birth'), ''), p.needs_care, {_UNSEEN}
            FROM people p WHERE p.municipal_key IS NOT NULL ORDER BY p.sorted_by, p.number"""  # noqa: S608
        for number, address, birth, needs_care, unseen in self._rows().execute(sql):
            yield ResidentRow(number, address, birth, bool(needs_care), bool(unseen))

    def residents_by_number(self, numbers: list[int]) -> list[PersonRow]:
        """The rows of these, in the order asked; who is gone meanwhile is left out."""
        found: dict[int, PersonRow] = {}
        for start in range(0, len(numbers), 500):
            part = numbers[start : start + 500]
            sql = f"SELECT number, shown FROM people WHERE number IN ({','.join('?' * len(part))})"  # noqa: S608
            found |= {number: from_column(shown) for number, shown in self._rows().execute(sql, part)}
        return [found[number] for number in numbers if number in found]
