"""The federation of one run: machines, lines, the time, and one chance that decides everything from one seed."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from moyai.v1 import trust_pb2
from node.peerbook import install_roster
from sync.effects import Outcome
from sync.errors import MoyaiError
from tests.simulator import peek
from tests.simulator.cast import CAST, HOME_OF
from tests.simulator.clocks import MachineClock, WorldTime
from tests.simulator.disk import Died, Image
from tests.simulator.founding import Founded, sign
from tests.simulator.lines import Conversation, End, LineManner, Watch, dial
from tests.simulator.machine import Machine, Restore
from tests.simulator.watcher import Broken, Watcher

if TYPE_CHECKING:
    from tests.simulator.sticks import Stick

EXPECTED: Final = {
    "DONE",
    "NOT_SETTLED",
    "PEER_UNREACHABLE",
    "PEER_SILENT",
    "SILENT",
    "UNKNOWN_PEER",
    "CERTIFICATE_REFUSED",
    "PEER_IS_ANOTHER",
    "NODE_REVOKED",
}
"""How a conversation may end at any time."""
WITH_WRONG_CLOCKS: Final = {"CERTIFICATE_NOT_YET_VALID", "CERTIFICATE_EXPIRED", "ROSTER_EXPIRED"}
WITH_FULL_DISKS: Final = {"LEDGER_FULL", "STORE_FAILED"}
WITH_FRAMES_TWICE: Final = {"PROTOCOL_BROKEN", "LIMIT_PASSED"}
WITHOUT_LINE: Final = ((), ("nanao-laptop",), ("toyama-city",), ("wajima-laptop", "toyama-city"))
WITHOUT_LINE_WEIGHTS: Final = (5, 3, 1, 1)
"""Of which machines never see a network, drawn once a run."""


@dataclass(slots=True)
class World:
    """Everything there is. Close it when done."""

    seed: int
    folder: Path
    founded: Founded
    time: WorldTime = field(default_factory=WorldTime)
    machines: dict[str, Machine] = field(default_factory=dict)
    conversations: list[Conversation] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    apart: set[frozenset[str]] = field(default_factory=set)
    """Pairs of machines between which no line stands."""
    chance: Random = field(init=False)
    watcher: Watcher = field(init=False)
    watch: Watch = field(init=False)
    roster: trust_pb2.Roster = field(init=False)
    clocks_were_wrong: bool = False
    disks_were_full: bool = False
    retired: set[str] = field(default_factory=set)
    """Machines that take no part any more: revoked."""
    backups: dict[str, Image] = field(default_factory=dict)
    """By machine a copy of its ledger."""
    sticks: "list[Stick]" = field(default_factory=list)
    """Bundles on their way, the oldest first."""
    without_line: set[str] = field(init=False)
    """Machines that never see a network: all they exchange is carried by hand."""
    numbers: Iterator[int] = field(default_factory=count)
    """Of conversations and sticks."""

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.without_line = set(self.chance.choices(WITHOUT_LINE, WITHOUT_LINE_WEIGHTS)[0])
        self.watcher = Watcher(Random(f"{self.seed} watcher"))
        self.watch = Watch(lambda: self.time.ms, self.watcher.answered, self._rested, self._ended)
        self.roster = trust_pb2.Roster()
        self.roster.CopyFrom(self.founded.roster)
        for role in CAST:
            self.add(role.name, self.founded.images[role.name], role.name)

    def add(self, name: str, copy: Image, made: str) -> Machine:
        """A machine that runs on a copy of this ledger."""
        folder = self.folder / name
        folder.mkdir()
        clock = MachineClock(self.time)
        machine = Machine(name, folder, self.founded.made[made], clock, Random(f"{self.seed} {name}"))
        machine.set_back(copy, Restore.DISK)
        machine.start()
        self.machines[name] = machine
        self.watcher.look(machine)
        return machine

    def close(self) -> None:
        """Close every ledger and remove the files."""
        for machine in self.machines.values():
            if machine.alive:
                machine.stop()
        shutil.rmtree(self.folder)

    def note(self, what: str) -> None:
        """A line of the event log."""
        self.log.append(f"{len(self.log):05} {self.time.ms - 1_704_153_600_000:>12} {what}")

    @property
    def running(self) -> list[Machine]:
        """The machines that are up."""
        return [machine for machine in self.machines.values() if machine.alive]

    @contextmanager
    def on(self, machine: Machine) -> Iterator[None]:
        """Whatever is done on a machine: its process may die of it."""
        try:
            yield
        except Died:
            self.bury(machine)
        self.watcher.look(machine)

    def bury(self, machine: Machine) -> None:
        """The process has died: start from what is on its disk, later."""
        torn = machine.disk.log_bytes is not None
        committed = peek.ids(machine)
        self._lose_lines_of(machine)
        machine.kill()
        self.note(f"{machine} died")
        machine.start()
        all_there = self.watcher.is_all_there(machine) and (torn or peek.ids(machine) == committed)
        machine.stop()
        if not all_there:
            raise Broken(f"{machine}: something committed was not there after a crash")
        self.watcher.forget(machine)

    def switch_off(self, machine: Machine) -> None:
        """Stop it where it runs: nobody is left at its end of any line."""
        self._lose_lines_of(machine)
        if machine.alive:
            machine.stop()

    def _lose_lines_of(self, machine: Machine) -> None:
        for conversation in self.conversations:
            if any(end.machine is machine for end in conversation.ends):
                conversation.lose(machine)
        self.conversations = [one for one in self.conversations if not one.over]

    def set_back(self, machine: Machine, how: Restore) -> None:
        """Somebody puts an older copy of its ledger in place."""
        self.switch_off(machine)
        machine.set_back(self.backups[machine.name], how)
        self.watcher.set_back(machine, machine.made.node, unnoticed=how is Restore.DISK)
        machine.start()
        self.watcher.look(machine)

    def copy(self, machine: Machine) -> Machine:
        """A second machine begins on a copy of this one's ledger, and nothing on it tells that it is a copy."""
        twin = self.add(f"{machine.name}-twin", self.backups[machine.name], machine.name)
        self.watcher.set_back(machine, machine.made.node, unnoticed=True)
        return twin

    # --- conversations

    def may_talk(self, one: Machine, other: Machine) -> bool:
        """Whether a line can stand between them."""
        return (
            not self.by_hand(one, other)
            and one.alive
            and other.alive
            and frozenset((one.name, other.name)) not in self.apart
        )

    def by_hand(self, one: Machine, other: Machine) -> bool:
        """Whether all between these two is carried by hand."""
        return not self.without_line.isdisjoint((one.name, other.name))

    def pairs(self) -> list[tuple[Machine, Machine]]:
        """Who exchanges with whom, and dials where there is a line: town halls each other, laptops their town hall."""
        running = [machine for machine in self.running if machine.name not in self.retired]
        return [
            (one, other)
            for one in running
            for other in running
            if one is not other and other.is_home and (one.code == other.code) != one.is_home
        ]

    def dial(
        self, dialler: Machine, called: Machine, *, delay_ms: int, frame_bytes: int, stays: bool = False
    ) -> Conversation | None:
        """Begin a conversation."""
        number = next(self.numbers)
        peer = next((one for one in dialler.book.peers() if one.endpoints and one.organisation == called.code), None)
        if peer is None:
            self.note(f"c{number} {dialler} knows no {called}")
            return None
        manner = LineManner(delay_ms, frame_bytes, stays)
        found = dial(number, dialler, called, peer, manner=manner, watch=self.watch)
        self.note(f"c{number} {dialler} dials {called}{'' if found else ': unknown there'}")
        if found is not None:
            self.conversations.append(found)
        return found

    def step(self, conversation: Conversation, end: End) -> None:
        """One effect of one end."""
        name = type(end.effect).__name__
        with self.on(end.machine):
            conversation.step(end)
        side = "d" if end.dialled else "a"
        self.note(f"c{conversation.number}{side} {end.machine} {name} > {type(end.effect).__name__}")
        if conversation.over and conversation in self.conversations:
            self.conversations.remove(conversation)

    def tampered_with(self, end: End) -> bool:
        """Whether somebody has put frames twice on the line of this end."""
        return any(end in one.ends and one.tampered for one in self.conversations)

    def _ended(self, end: End, outcome: Outcome) -> None:
        """As `sync.conversation` does it: how it ended is written down, and the node looks again at what it holds."""
        allowed = set(EXPECTED)
        allowed |= WITH_WRONG_CLOCKS if self.clocks_were_wrong else set()
        allowed |= WITH_FULL_DISKS if self.disks_were_full else set()
        allowed |= WITH_FRAMES_TWICE if self.tampered_with(end) else set()
        self.note(f"   {end.machine} ended {outcome.reason}{' (said there)' if outcome.said_by_peer else ''}")
        if outcome.reason not in allowed:
            raise Broken(f"{end.machine}: a conversation ended in {outcome.reason}")
        self.attempt(end.machine, lambda: end.machine.book.contact(end.portside.peer, outcome.reason))

    def _rested(self, end: End, outcome: Outcome) -> None:
        """It has come to rest, and stays."""
        self.note(f"   {end.machine} rests")
        self.attempt(end.machine, lambda: end.machine.book.contact(end.portside.peer, outcome.reason))

    def attempt(self, machine: Machine, what: Callable[[], object]) -> None:
        """What a node does by itself, and tries again later where its disk is full."""
        try:
            what()
        except MoyaiError as error:
            self.note(f"   {machine} {error.reason}")
            if error.reason not in WITH_FULL_DISKS or not self.disks_were_full:
                raise

    # --- the federation

    def new_roster(self) -> None:
        """The trustees sign a new version; some town hall installs it, and the others hear of it."""
        self.roster.version += 1
        member = self.chance.choice(list(self.roster.organisations))
        member.endpoints[:] = [f"{HOME_OF[member.code]}.example:{7443 + self.roster.version}"]
        signed = sign(self.roster)
        machine = self.chance.choice([one for one in self.running if one.is_home])
        self.note(f"{machine} installs roster {self.roster.version}")
        with self.on(machine):
            self.attempt(machine, lambda: install_roster(machine.ledger, signed, now_ms=machine.clock()))

    def digest(self) -> str:
        """Of the event log, and of what every ledger holds."""
        digest = sha256("\n".join(self.log).encode())
        for name, machine in self.machines.items():
            digest.update(name.encode())
            if machine.alive:
                digest.update(repr(peek.fingerprint(machine)).encode())
                digest.update(repr(machine.ledger.audit_head()).encode())
        return digest.hexdigest()
