"""What the steps of the story hand on to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo import asks
from deploy.demo.cast import Cast
from deploy.demo.federation import ISHIKAWA, KANAZAWA, WAJIMA, Federation
from deploy.demo.people import Resident


@dataclass(slots=True)
class Scene:
    """The nodes, the people, and the figures that grow while the story is told."""

    federation: Federation
    people: list[Resident]
    cast: Cast
    folder: Path
    checked_in: int = 0
    exchanged: int = 0
    withheld: int = 0
    conflicts: int = 0
    agreed: bool = False
    subjects: dict[str, str] = field(default_factory=dict)
    """Subject ids of those checked in, by the municipality's key."""

    def ids(self, people: Sequence[Resident]) -> list[str]:
        """Their subject ids; all of them have been checked in."""
        return [self.subjects[person.key] for person in people]

    def figures(self) -> dict[str, int | bool]:
        """What the story comes to."""
        return {
            "residents": len(self.people),
            "checked_in": self.checked_in,
            "records_exchanged": self.exchanged,
            "withheld": self.withheld,
            "conflicts": self.conflicts,
            "agreed": self.agreed,
        }

    def talk(self, *pairs: tuple[str, str]) -> None:
        """Let these pairs exchange, one after another, each dialled from its first side."""
        for caller, called in pairs:
            self.exchanged += asks.exchanged(asks.sync(self.federation.towns[caller], called))

    def all_talk(self) -> None:
        """Let all home nodes exchange, until what one heard has reached the third."""
        self.talk((WAJIMA, ISHIKAWA), (WAJIMA, KANAZAWA), (KANAZAWA, ISHIKAWA), (WAJIMA, ISHIKAWA))
