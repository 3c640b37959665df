"""Reads the disasters that are held, whoever declared them."""

from collections.abc import Iterator

from node.errors import ContentMalformed
from node.ledger import Held
from node.ledger.reading import Reading
from node.people.facets import Disaster, from_content
from node.records.kinds import DISASTER
from node.release.retention import Declared


def held_disasters(ledger: Reading) -> Iterator[tuple[Held, Disaster]]:
    """Every head that counts, with what it says, in the order of arrival. Of one disaster there may be several."""
    for held in ledger.heads_of_facet(DISASTER):
        try:
            said = from_content(DISASTER, held.record.content)
        except ContentMalformed:  # kept before this was checked: it declares nothing
            continue
        if isinstance(said, Disaster):
            yield held, said


def declared_disasters(ledger: Reading) -> list[Declared]:
    """The same as the rules of retention take them."""
    return [declared(said) for _, said in held_disasters(ledger)]


def declared(said: Disaster) -> Declared:
    """One of them."""
    return Declared(frozenset(said.area), said.from_ms, said.closed_at_ms)
