"""What the desk shows of people who may be one: who, how much speaks for it, and what was said of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from node.desk.views import PersonView
from node.ledger import Ledger
from node.people.matching import Comparison


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Somebody already known who may be the one that was typed."""

    person: PersonView
    compared: Comparison

    @property
    def subject(self) -> bytes:
        """Who it is."""
        return self.person.subject


@dataclass(frozen=True, slots=True)
class PairView:
    """Two people who may be one, and what was said last of the pair."""

    first: PersonView
    second: PersonView
    compared: Comparison
    said: str = ""
    """"" nobody has looked; "later", "same", "not_same" or "undone"."""
    by: str = ""
    """The operator who said it."""
    organisation: str = ""
    at_ms: int = 0
    reason: str = ""


def shown_as_one(ledger: Ledger, people: list[PersonView]) -> list[PersonView]:
    """Of people linked as the same, the one who is here, else the one most is known of, in the place of the one met
    first; the others stay behind them, and how many entries they are is said."""
    linked = ledger.linked([person.subject for person in people])
    if not linked:
        return people
    shown: list[PersonView] = []
    for person in people:
        others = linked.get(person.subject, ())
        counted = replace(person, entries=len(others) + 1) if others else person
        place = next((number for number, one in enumerate(shown) if one.subject in others), None)
        if place is None:
            shown.append(counted)
        elif _nearness(person) > _nearness(shown[place]):
            shown[place] = replace(counted, match=person.match or shown[place].match)
    return shown


def linked_as_one(
    ledger: Ledger, people: list[PersonView], look: Callable[[bytes], PersonView | None]
) -> list[PersonView]:
    """As `shown_as_one`, of the same people and whoever is linked with one of them and is not among them yet."""
    met = {person.subject for person in people}
    linked = ledger.linked([person.subject for person in people])
    others = dict.fromkeys(other for behind in linked.values() for other in behind if other not in met)
    all_met = [*people, *(found for other in others if (found := look(other)) is not None)]
    return shown_as_one(ledger, all_met) if linked else people


def with_entries(ledger: Ledger, people: list[PersonView]) -> list[PersonView]:
    """The same people, each with how many entries are linked as them."""
    linked = ledger.linked([person.subject for person in people])
    return [
        replace(person, entries=len(linked[person.subject]) + 1) if person.subject in linked else person
        for person in people
    ]


def _nearness(person: PersonView) -> tuple[bool, bool, bool, int]:
    told = (person.family_name, person.given_name, person.kana, person.birth, person.sex, person.address, person.phone)
    return person.here, bool(person.stay_state), not person.resident_only, sum(map(bool, told))
