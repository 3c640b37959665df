"""Decides what whoever asks after somebody's safety is told (Art. 86-15, Rule 8-3). Pure: a table of who asks, what
the person decided, and what may be said."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Relation(StrEnum):
    """What the inquirer says they are to the person."""

    COHABITING = "cohabiting"
    """Kin of the same household, partners without a certificate and the betrothed included (no. 1)."""
    KIN = "kin"
    """Other kin (no. 2)."""
    WORKPLACE = "workplace"
    """From the workplace, or with business of that kind (no. 2)."""
    ACQUAINTANCE = "acquaintance"
    """A friend, a neighbour, or anybody else who has good reason to know (no. 3)."""


class Item(StrEnum):
    """What can be told of somebody, in the order it is read out."""

    EXISTENCE = "existence"
    """That there is information about them."""
    WHEREABOUTS = "whereabouts"
    CONDITION = "condition"
    """Injury or illness."""
    CONTACT = "contact"


class Outcome(StrEnum):
    """How an inquiry ends."""

    TOLD = "told"
    NO_INFORMATION = "no-information"
    """Of whom nothing is known, who is protected, or who does not want it told: one answer for all three."""
    REFERRED = "referred"
    """Not over the counter: somebody in charge speaks with them in person."""
    IMPROPER = "improper"
    """Refused: the purpose is suspected to be improper."""
    UNIDENTIFIED = "unidentified"
    """Refused: who asks has not shown who they are."""


TIERS: Final[dict[Relation, frozenset[Item]]] = {
    Relation.COHABITING: frozenset({Item.EXISTENCE, Item.WHEREABOUTS, Item.CONDITION, Item.CONTACT}),
    Relation.KIN: frozenset({Item.EXISTENCE, Item.CONDITION}),
    Relation.WORKPLACE: frozenset({Item.EXISTENCE, Item.CONDITION}),
    Relation.ACQUAINTANCE: frozenset({Item.EXISTENCE}),
}
"""What the law opens to whom."""

TO_ANYONE: Final = frozenset({Item.EXISTENCE, Item.WHEREABOUTS, Item.CONDITION})
"""What a person opens who lets anyone be told. How to reach them they tell themselves."""

AGREEABLE: Final = frozenset({Item.WHEREABOUTS, Item.CONDITION, Item.CONTACT})
"""What a person can agree to when they are asked about this very inquiry (Rule 8-3(4))."""

_KIN: Final = frozenset({Relation.COHABITING, Relation.KIN})


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the inquirer decides."""

    relation: Relation
    identified: bool
    """A document names them as they said, or another way was found sound (Rule 8-3(2))."""
    improper: bool = False
    """An improper purpose is suspected, or that what is told will serve one."""
    agreed: frozenset[Item] = frozenset()
    """What the person themselves, asked just now, lets this inquirer be told."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What of the person decides. Of whom nothing is known, all of it is as it stands here."""

    known: bool = False
    """Somebody has seen them since the disaster; being in the resident register is no news of them."""
    protected: bool = False
    died: bool = False
    """Their death was reported, whether or not it counts yet."""
    tell_kin: bool | None = None
    """None: not asked, which does not keep kin from being told."""
    tell_acquaintances: bool | None = None
    tell_anyone: bool = False


NOBODY: Final = Meant()


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer: what is told, in the order of `Item`; empty unless the outcome is TOLD."""

    outcome: Outcome
    items: tuple[Item, ...] = ()


def rule(asked: Asked, meant: Meant) -> Ruling:
    """What may be told. The refusals come before anything of the person is looked at, so that they tell nothing."""
    if asked.improper:
        return Ruling(Outcome.IMPROPER)
    if not asked.identified:
        return Ruling(Outcome.UNIDENTIFIED)
    if meant.protected or not meant.known or _unwanted(asked.relation, meant):
        return Ruling(Outcome.NO_INFORMATION)
    told = TIERS[asked.relation] | (asked.agreed & AGREEABLE) | (TO_ANYONE if meant.tell_anyone else frozenset())
    if meant.died and told != {Item.EXISTENCE}:
        return Ruling(Outcome.REFERRED)
    return Ruling(Outcome.TOLD, tuple(item for item in Item if item in told))


def _unwanted(relation: Relation, meant: Meant) -> bool:
    """Whether the person does not want such inquirers told; who said nothing keeps nobody from it."""
    return (meant.tell_kin if relation in _KIN else meant.tell_acquaintances) is False
