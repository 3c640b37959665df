"""A stick carried between the nodes of a small federation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moyai.v1 import exchange_pb2
from node.bundles.carrying import Read, Written
from node.bundles.writing import BundleWriter
from node.peerbook import VERSIONS
from node.trust.keys import NodeKey
from sync import bundle
from sync.bundlewire import entry_bytes
from tests.builders.nodes import Federation
from tests.builders.trust import KANAZAWA, WAJIMA


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


def handmade(
    made: Federation,
    file: Path,
    entries: Sequence[bundle.Entry],
    *,
    key: NodeKey | None = None,
    versions: Sequence[int] = VERSIONS,
) -> Path:
    """A bundle of Wajima for Kanazawa with these entries after opening and roster; signed with another key, say."""
    carrying = made[WAJIMA].bundles()
    addressee = carrying._addressee(KANAZAWA)
    greeting = exchange_pb2.Greeting.FromString(carrying.book.greeting(addressee.peer))
    greeting.versions[:] = versions
    opening = bundle.Opening(1 << 40, greeting.SerializeToString())
    roster = bundle.CarriedRoster(carrying.book.roster())
    with BundleWriter(file, addressee.address, key=key or carrying.key, entropy=made.entropy) as writer:
        for entry in (opening, roster, *entries):
            writer.write(entry_bytes(entry))
    return file
