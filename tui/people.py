"""How a person reads in one line of a list: name, kana, birth, age, sex, address, where they are."""

from datetime import date

from rich.cells import cell_len

from node.desk.views import PersonView
from node.people.names import in_one_line
from node.reference.codes import care_word
from node.reference.municipalities import municipality_in
from tui.columns import row, widths
from tui.when import age, clock
from tui.words import Words

PRESENT, OUT, LEFT, TRANSFERRED = 1, 2, 3, 4
LEAST_GROWING = 8
NAME_CELLS, KANA_CELLS, KANA_LEAST = 12, 20, 6
KANA, NOTE = 2, 5
"""Where the kana and the note stand in the line of a place's list."""


def person_row(person: PersonView, on: date, words: Words, width: int, *, town: str = "", tick: str = "") -> str:
    """The line in a list; `town` is left out of addresses in it, `tick` stands before the name. The kana make room for
    a long name: two of one family must not read alike."""
    longer = min(
        max(0, cell_len(person.name) - NAME_CELLS), max(0, KANA_CELLS - max(KANA_LEAST, cell_len(person.kana)))
    )
    fixed = [NAME_CELLS + longer, KANA_CELLS - longer, 10, 3, 2, 0, 10]
    cells = [
        person.name,
        person.kana,
        person.birth,
        age(person.birth, on),
        words.either(f"sex.{person.sex}", ""),
        " ".join(part for part in (entries(person, words), short_address(person, town)) if part),
        where(person, words),
    ]
    if tick:
        fixed, cells = [len(tick), *fixed], [tick, *cells]
    return row(cells, widths(width, fixed, LEAST_GROWING))


def roster_row(person: PersonView, note: str, on: date, words: Words, width: int, *, tick: str) -> str:
    """The line in the list of a place: what matters there stands in `note`, after how many entries are this person; the
    kana make room for it."""
    note = " ".join(part for part in (entries(person, words), note) if part)
    laid = widths(width, [len(tick), 14, KANA_CELLS, 3, 2, 0, 10], LEAST_GROWING)
    given = min(max(0, cell_len(note) - laid[NOTE]), KANA_CELLS - KANA_LEAST)
    laid[KANA], laid[NOTE] = laid[KANA] - given, laid[NOTE] + given
    cells = [tick, person.name, person.kana, age(person.birth, on), words.either(f"sex.{person.sex}", "")]
    return row([*cells, note, where(person, words)], laid)


def entries(person: PersonView, words: Words) -> str:
    """A mark where several entries are shown as this one person."""
    return words("mark.entries", n=person.entries) if person.entries > 1 else ""


def last_seen(person: PersonView, now_ms: int, words: Words) -> str:
    """When staff last saw them, and who."""
    if not person.confirmed_at_ms:
        return ""
    return f"{clock(person.confirmed_at_ms, now_ms, words)} {person.confirmed_by}"


def across_row(person: PersonView, on: date, words: Words, width: int, *, tick: str) -> str:
    """The line in an answer from many towns: the home town, and as much as may be told of where they are now."""
    fixed = [len(tick), 12, 16, 10, 3, 10, 0]
    told = [where(person, words)]
    if person.stay_state and not person.protected and person.place_name not in told:
        told.append(person.place_name)
    at = " ".join(part for part in told if part)
    cells = [tick, person.name, person.kana, person.birth, age(person.birth, on), person.municipality_name, at]
    return row(cells, widths(width, fixed, LEAST_GROWING))


def where(person: PersonView, words: Words) -> str:
    """Where someone is, in a word. Of the protected it is not told in any list; the mark is."""
    if person.protected:
        return words("mark.protected")
    if person.conflict:
        return f"{words('mark.conflict')}{_state(person, words)}"
    return _state(person, words)


def _state(person: PersonView, words: Words) -> str:
    told = ""
    if person.closed:
        told = words.either(f"closed.{person.closed}", person.closed)
    elif person.here:
        told = words("state.out" if person.stay_state == OUT else "state.here")
    elif person.expected:
        told = words("state.expected")
    elif person.stay_state in (LEFT, TRANSFERRED):
        told = words("state.left")
    elif person.stay_state:
        told = person.place_name or words.either(f"outside.{person.outside}", "")
    elif person.resident_only:
        told = words("state.resident")
    return told


def short_address(person: PersonView, town: str) -> str:
    """The address without its own town's name, which would fill the column and tell nothing."""
    _, found, rest = person.address.partition(town) if town else ("", "", "")
    return rest if found and rest else person.address


def whole_address(person: PersonView) -> str:
    """The address with its town, which most addresses begin with already: it is not said twice."""
    town, address = person.municipality_name, person.address
    found = municipality_in(address)
    if not town or (found is not None and found.code == person.municipality):
        return address or town
    return f"{town}  {address}".rstrip()


def needs(person: PersonView, words: Words) -> str:
    """The special needs, in words."""
    return words("list.comma").join(care_word(code, words.language) for code in person.care_codes)


def names(people: list[PersonView], words: Words) -> str:
    """The people's names in one line."""
    return words("list.comma").join(in_one_line(person) for person in people)
