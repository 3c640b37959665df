"""A stick carried between the nodes of a small federation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from node.bundles.carrying import Read, Written
from tests.builders.nodes import Federation


@dataclass(slots=True)
class Stick:
    """Carries bundles by hand; every bundle written stays on it."""

    made: Federation
    folder: Path
    written: list[Written] = field(default_factory=list)

    def write(self, writer: str, reader: str, *, part_bytes: int | None = None) -> tuple[Path, ...]:
        """A bundle of one node for another; its files."""
        self.folder.mkdir(exist_ok=True)
        target = self.folder / f"{len(self.written)}.moyai"
        bundles = self.made[writer].bundles()
        done = bundles.write(self.name(reader), target, operator="op", part_bytes=part_bytes)
        self.written.append(done)
        return done.files

    def read(self, reader: str, files: Sequence[Path]) -> Read:
        """The bundle read by a node."""
        return self.made[reader].bundles().read(files, operator="op")

    def carry(self, writer: str, reader: str, *, part_bytes: int | None = None) -> Read:
        """Written, walked over, read."""
        return self.read(reader, self.write(writer, reader, part_bytes=part_bytes))

    def name(self, node: str) -> str:
        """How a node is named to `moyai bundle write --to`."""
        installation = self.made[node]
        organisation = installation.config.organisation
        return organisation if installation.is_home else f"{organisation}/{installation.config.label}"
