"""What was typed of somebody, a facet at a time, beside what is held: what is added, and what contradicts it. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from node.desk.beside import NOTHING, Beside, beside
from node.desk.saying import told
from node.people.facets import Care, FacetModel, Residence
from node.records.kinds import HOUSEHOLD, facet_name
from node.reference.municipalities import municipality_name, municipality_written_in

OFTEN_NEW: Final = frozenset({"address", "phone"})
"""Where a difference is rather a change than a slip: what was said last is the likelier to hold."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which something else was typed than is held."""

    facet: str
    """The facet's word."""
    field: str
    """Its name in the schema."""
    held: str
    typed: str
    typed_likelier: bool
    """What is meant where a clerk says nothing: people move, but names and birth dates are mistyped."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One facet of one person: what is held of it and what was typed."""

    facet: int
    held: tuple[FacetModel, ...]
    """The statement that is shown first; several contradict each other."""
    typed: FacetModel

    def differences(self) -> Iterator[Difference]:
        """The fields in which one contradicts the other, in the order of the schema."""
        for field, standing in self._standing().items():
            if standing is Beside.OTHER:
                held, typed = (told(getattr(each, field)) for each in (self.held[0], self.typed))
                yield Difference(facet_name(self.facet), field, held, typed, field in OFTEN_NEW)

    def amended(self, instead: Collection[str]) -> FacetModel | None:
        """What is held, with what was typed added, and in place of it in the fields of `instead`; None where that is
        what is held."""
        standing = self._standing()
        taken = {
            field
            for field, each in standing.items()
            if each is Beside.MORE or (each is Beside.OTHER and field in instead)
        }
        if not taken:
            return None
        if not self.held or self.facet == HOUSEHOLD:  # the relation to another household says nothing of this one
            return self.typed
        return self.held[0].model_copy(update=self._update(taken, moved=standing.get("address") is Beside.OTHER))

    def _standing(self) -> dict[str, Beside]:
        """How each field that was filled in stands to what is held."""
        filled = [field for field in type(self.typed).model_fields if getattr(self.typed, field) not in NOTHING]
        if isinstance(self.typed, Residence) and self.typed.address:
            filled = ["address"]  # what else is said of it goes with it
        return {field: self._stands(field) for field in filled}

    def _stands(self, field: str) -> Beside:
        if not self.held:
            return Beside.MORE
        each = {self._beside(field, held) for held in self.held}
        if each == {Beside.SAME}:
            return Beside.SAME
        if len(self.held) > 1:  # to add to one of several would settle what contradicts itself
            return Beside.OTHER
        return each.pop()

    def _beside(self, field: str, held: FacetModel) -> Beside:
        if field == "codes":
            return Beside.SAME if set(getattr(self.typed, field)) <= set(getattr(held, field)) else Beside.MORE
        town = municipality_name(held.municipality) if isinstance(held, Residence) else ""
        return beside(field, getattr(held, field), getattr(self.typed, field), town=town)

    def _update(self, taken: Collection[str], *, moved: bool) -> dict[str, object]:
        update: dict[str, object] = {field: getattr(self.typed, field) for field in taken}
        if isinstance(self.typed, Care) and "codes" in taken:
            codes = {code for each in (*self.held, self.typed) if isinstance(each, Care) for code in each.codes}
            update["codes"] = tuple(sorted(codes))
        if isinstance(self.typed, Residence) and "address" in taken:
            update["municipality"] = self._municipality(self.typed)
            if moved:
                update["postcode"] = self.typed.postcode
        return update

    def _municipality(self, typed: Residence) -> str:
        """The town of an address that names none is the one held."""
        held = self.held[0]
        named = municipality_written_in(typed.address)
        return (
            (named.code if named else "")
            or (held.municipality if isinstance(held, Residence) else "")
            or (typed.municipality)
        )
