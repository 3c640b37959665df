"""Says in words how two entries resemble each other, field by field, with the weight of each. Pure."""

from collections.abc import Callable
from typing import Final

from node.desk.views import PersonView
from node.people.matching import Agreement, Comparison
from tui.columns import pad_left, row, widths
from tui.people import short_address
from tui.words import Words

Telling = Callable[[PersonView, Words], str]


def _name(written: str, kana: str, words: Words) -> str:
    return words("duplicates.read", written=written, kana=kana) if written and kana else written or kana


FIELDS: Final[dict[str, Telling]] = {
    "family": lambda person, words: _name(person.family_name, person.kana.partition(" ")[0], words),
    "given": lambda person, words: _name(person.given_name, person.kana.partition(" ")[2], words),
    "birth": lambda person, _: person.birth,
    "sex": lambda person, words: words(f"sex_name.{person.sex}") if person.sex in (1, 2) else "",
    "address": lambda person, _: short_address(person, person.municipality_name),
    "phone": lambda person, _: person.phone,
}
"""What is compared, in the order of the rows, and how each side reads."""

FIELD_CELLS, LEVEL_CELLS, WEIGHT_CELLS = 8, 16, 6


def rows(first: PersonView, second: PersonView, compared: Comparison, words: Words, width: int) -> list[str]:
    """One line a field that either has: both sides, how they stand, and the weight."""
    laid = widths(width, [FIELD_CELLS, 0, 0, LEVEL_CELLS, WEIGHT_CELLS], 10)
    by_field = {each.field: each for each in compared.agreements}
    told = []
    for field, telling in FIELDS.items():
        sides = [telling(person, words) for person in (first, second)]
        if any(sides):
            told.append(row([words(f"compared.{field}"), *sides, *_outcome(by_field.get(field), words)], laid))
    if "register" in by_field:
        told.append(row([words("compared.register"), "", "", *_outcome(by_field["register"], words)], laid))
    return told


def reasons(compared: Comparison, words: Words) -> str:
    """All fields in one text, for where there is no room for both sides."""
    told = [
        words("duplicates.reason", field=words(f"compared.{each.field}"), level=level(each, words), weight=weight(each))
        for each in compared.agreements
    ]
    return words("list.comma").join(told)


def verdict(compared: Comparison, words: Words) -> str:
    """The sum, and what it means."""
    how = "likely" if compared.is_likely else "possible" if compared.is_possible else "doubtful"
    told = words(f"verdict.{how}", score=f"{compared.score:+.1f}")
    damped = any(each.shared_at_home for each in compared.agreements)
    return f"{told} {words('verdict.at_home')}" if damped else told


def level(agreement: Agreement, words: Words) -> str:
    """How the two stand, in a word."""
    return words.either(f"level.{agreement.level}", agreement.level)


def weight(agreement: Agreement) -> str:
    """The weight with its sign; a star where it counts less because people of one home share it."""
    return f"{agreement.weight:+.1f}{'*' if agreement.shared_at_home else ''}"


def _outcome(agreement: Agreement | None, words: Words) -> list[str]:
    if agreement is None:
        return [words("level.unknown"), ""]
    return [level(agreement, words), pad_left(weight(agreement), WEIGHT_CELLS)]
