"""Bundles carried by hand: written to a stick, read late or never, out of order, or a second time."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from node.bundles.reading import open_bundle
from node.vault import BOX_SECRET, ORGANISATION_BOX
from sync.bundle import Carried, in_order
from sync.bundlewire import entry_of
from sync.envelope import Parcel
from sync.errors import MoyaiError
from sync.ports import Peer
from tests.simulator import peek
from tests.simulator.machine import Machine
from tests.simulator.watcher import Broken
from tests.simulator.world import WITH_FULL_DISKS, WITH_WRONG_CLOCKS, World

AT_MOST: Final = 30
"""Sticks that lie about; the oldest is lost when there is another."""

OLD: Final = {"BUNDLE_READ_BEFORE", "BUNDLE_OLDER"}
"""What is said of one that was read before, or after a newer one."""

EXPECTED: Final = {*OLD, "NODE_REVOKED", "PEER_UNKNOWN"}


@dataclass(frozen=True, slots=True)
class Stick:
    """One bundle on its way."""

    number: int
    reader: Machine
    files: tuple[Path, ...]


def write(world: World) -> None:
    """Somebody writes a bundle for somebody."""
    pairs = [pair for pair in world.pairs() if pair[0].alive and pair[1].alive]
    if pairs:
        one, other = world.chance.choice(pairs)
        put_on_stick(world, *world.chance.choice(((one, other), (other, one))))


def read(world: World) -> None:
    """Somebody reads one of the sticks that lie about, whichever; most are thrown away after."""
    readable = [one for one in world.sticks if one.reader.alive and one.reader.name not in world.retired]
    if readable:
        stick = world.chance.choice(readable)
        take_from_stick(world, stick)
        if world.chance.random() < 0.6:
            _throw_away(world, stick)


def lose(world: World) -> None:
    """A stick is lost."""
    if world.sticks:
        stick = world.chance.choice(world.sticks)
        world.note(f"stick {stick.number} is lost")
        _throw_away(world, stick)


def exchange(world: World, one: Machine, other: Machine) -> None:
    """Sticks go there, back, and there again, and are read at once."""
    for writer, reader in ((one, other), (other, one), (one, other)):
        stick = put_on_stick(world, writer, reader)
        if stick is not None:
            take_from_stick(world, stick)
            _throw_away(world, stick)


def put_on_stick(world: World, writer: Machine, reader: Machine) -> Stick | None:
    """Write a bundle; None: nothing was written. Whatever is in it may go there by what the writer holds now."""
    number = next(world.numbers)
    folder = world.folder / f"stick-{number}"
    folder.mkdir()
    name = reader.code if reader.is_home else f"{reader.code}/{reader.made.config.label}"
    parts = world.chance.choice((None, None, 40_000))
    files: tuple[Path, ...] = ()
    with world.on(writer):
        try:
            files = writer.node.bundles().write(name, folder / "b.moyai", operator="op", part_bytes=parts).files
            parcels = _opened(reader, files)
            world.note(f"stick {number} {writer} for {reader}: {len(parcels)} records, {len(files)} files")
            world.watcher.carried(writer, Peer(reader.made.node, reader.code), parcels)
        except MoyaiError as refusal:
            _expect(world, writer, refusal)
    if not files:
        shutil.rmtree(folder)
        return None
    stick = Stick(number, reader, files)
    world.sticks.append(stick)
    if len(world.sticks) > AT_MOST:
        _throw_away(world, world.sticks[0])
    return stick


def take_from_stick(world: World, stick: Stick) -> None:
    """Read a bundle. One that is refused has changed nothing; one that was read is refused the next time."""
    reader = stick.reader
    with world.on(reader):
        before = peek.fingerprint(reader)
        try:
            done = reader.node.bundles().read(stick.files, operator="op")
            world.note(f"stick {stick.number} {reader} reads {done.records} records, {done.new} new")
        except MoyaiError as refusal:
            _expect(world, reader, refusal)
            if refusal.reason in OLD and before != peek.fingerprint(reader):
                raise Broken(f"{reader}: a bundle that was refused has changed something") from refusal


def _opened(reader: Machine, files: Sequence[Path]) -> list[Parcel]:
    """Every record in a bundle, with the key it is sealed to."""
    key = reader.box_key(ORGANISATION_BOX if reader.is_home else BOX_SECRET)
    entries = in_order(map(entry_of, open_bundle(files).entries(key)))
    return [parcel for entry in entries if isinstance(entry, Carried) for parcel in entry.parcels]


def _throw_away(world: World, stick: Stick) -> None:
    world.sticks.remove(stick)
    shutil.rmtree(stick.files[0].parent)


def _expect(world: World, machine: Machine, refusal: MoyaiError) -> None:
    allowed = set(EXPECTED)
    allowed |= WITH_WRONG_CLOCKS if world.clocks_were_wrong else set()
    allowed |= WITH_FULL_DISKS if world.disks_were_full else set()
    world.note(f"   {machine} {refusal.reason}")
    if refusal.reason not in allowed:
        raise Broken(f"{machine}: a bundle ended in {refusal.reason}") from refusal
