"""What each role of staff may do at a desk: a table, and nothing else."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is at this node."""

    CLERK = "clerk"
    """Receives people, keeps the roster, answers inquiries (受付)."""
    COORDINATOR = "coordinator"
    """Looks across shelters, and is the second person where two are needed (調整)."""
    CHIEF = "chief"
    """Answers for the node: what can't be taken back, and the staff itself (責任者)."""


class Right(StrEnum):
    """An act that not everybody may do. Everything else, every operator may."""

    ERASE = "erase"
    LIFT_PROTECTION = "lift-protection"
    CONFIRM_DEATH = "confirm-death"
    """To be the second who says so."""
    READ_LOG = "read-log"
    """What everybody did; what concerns one person, every operator may read to that person."""
    CLOSE_DISASTER = "close-disaster"
    """What follows is the erasure of everybody it touched."""
    STAFF = "staff"
    """Make operators, change their roles, reset their PINs, retire them."""


ROLES: Final[dict[Right, frozenset[Role]]] = {
    Right.ERASE: frozenset({Role.CHIEF}),
    Right.LIFT_PROTECTION: frozenset({Role.CHIEF}),
    Right.CONFIRM_DEATH: frozenset({Role.COORDINATOR, Role.CHIEF}),
    Right.READ_LOG: frozenset({Role.COORDINATOR, Role.CHIEF}),
    Right.CLOSE_DISASTER: frozenset({Role.CHIEF}),
    Right.STAFF: frozenset({Role.CHIEF}),
}


def may(role: str, right: Right) -> bool:
    """Whether a role has a right; a role of a newer version has none."""
    return role in ROLES[right]
