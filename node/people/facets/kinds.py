"""The coded values of facets, with the numbers of the protocol."""

from enum import IntEnum
from typing import Self


class Coded(IntEnum):
    """A coded value. A number from a newer version stays that number, and is not lost when a record is written anew."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if type(value) is not int or not 0 < value < 2**31:
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = f"UNKNOWN_{value}"
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether this version has a word for the value; 0, "not known", is such a word."""
        return self.name in type(self).__members__


class Sex(Coded):
    """Sex as ISO/IEC 5218 codes it."""

    UNSPECIFIED = 0
    MALE = 1
    FEMALE = 2
    NOT_APPLICABLE = 9


class Outside(Coded):
    """Where someone is who is not at a site with an id."""

    UNSPECIFIED = 0
    HOME = 1
    CAR = 2
    TENT = 3
    RELATIVES = 4
    HOTEL = 5
    HOSPITAL = 6
    OTHER_TOWN = 7
    OTHER = 8


class StayState(Coded):
    """How a stay stands."""

    UNSPECIFIED = 0
    PRESENT = 1
    OUT = 2
    LEFT = 3
    TRANSFERRED = 4


class ConditionState(Coded):
    """How a person is."""

    UNSPECIFIED = 0
    UNHURT = 1
    LIGHT = 2
    SEVERE = 3


class Answer(Coded):
    """One of the three choices of the safety form."""

    UNSPECIFIED = 0
    YES = 1
    NO = 2


class Giver(Coded):
    """Who gave a consent."""

    UNSPECIFIED = 0
    SELF = 1
    GUARDIAN = 2


class OrganisationKind(Coded):
    """Kinds of organisation a consent can name."""

    UNSPECIFIED = 0
    MUNICIPALITY = 1
    PREFECTURE = 2
    SUPPORT = 3


class LinkRelation(Coded):
    """What is said of a pair of subjects."""

    UNSPECIFIED = 0
    SAME = 1
    NOT_SAME = 2
    UNDONE = 3


class ClosureKind(Coded):
    """How a person's case ended."""

    UNSPECIFIED = 0
    RETURNED = 1
    MOVED = 2
    DIED = 3
    NO_NEED = 4
    REOPENED = 5


class ErasureGround(Coded):
    """On what ground something was erased."""

    UNSPECIFIED = 0
    REQUEST = 1
    RETENTION = 2
    MISTAKE = 3


class PlaceType(Coded):
    """Kinds of site."""

    UNSPECIFIED = 0
    DESIGNATED_SHELTER = 1
    EMERGENCY_SITE = 2
    WELFARE_SHELTER = 3
    SELF_STARTED = 4
    OTHER = 5


class Supply(Coded):
    """A grade of supply. Not known is not none."""

    UNSPECIFIED = 0
    ENOUGH = 1
    SHORT = 2
    NONE = 3


class Opening(Coded):
    """Whether a site is open."""

    UNSPECIFIED = 0
    OPEN = 1
    CLOSED = 2


class DecisionOutcome(Coded):
    """What became of an application."""

    UNSPECIFIED = 0
    GRANTED = 1
    REFUSED = 2
    ENDED = 3


class DecisionGround(Coded):
    """The ground of a grant."""

    UNSPECIFIED = 0
    LOCAL_GOVERNMENT = 1
    SUPPORT_ORGANISATION = 2
