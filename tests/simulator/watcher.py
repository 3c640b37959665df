"""Looks at everything that happens, step by step, and says at once when something that must always hold does not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from node.ledger import Held
from node.records.kinds import facet_name
from node.records.record import Record, reopen_record
from node.release.federation import Recipient
from node.release.known import SubjectKnown
from node.release.rule import may_release
from sync.effects import Batch, Effect, TakeParcels
from sync.envelope import Parcel
from sync.ports import Peer
from tests.builders.nodes import take
from tests.simulator import peek
from tests.simulator.disk import Disk
from tests.simulator.lines import End
from tests.simulator.machine import Machine
from tests.simulator.oracle import objection

TWICE_ONE_IN: Final = 6
"""Of how many batches taken one is taken a second time."""


class Broken(AssertionError):
    """Something that must always hold does not."""


@dataclass(slots=True)
class Seen:
    """What was last seen of one machine."""

    seq: int = 0
    counter: int = 0
    clock: int = 0
    log: tuple[int, bytes] = (0, b"")
    """Length and head of the log of who looked."""
    disk: Disk | None = None
    statements: int = 0
    """How many this disk had met: without another nothing can have changed."""


@dataclass(slots=True)
class Watcher:
    """The invariants of every step."""

    chance: Random
    seen: dict[str, Seen] = field(default_factory=dict)
    written: dict[tuple[bytes, int], bytes] = field(default_factory=dict)
    """By author and counter the id of the one record that carries both."""
    clocks: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    """By author the highest counter met, with its clock."""
    doubled: set[bytes] = field(default_factory=set)
    """Authors of whom two lives may have written under one counter: set back unnoticed, or two from one backup."""
    said: dict[str, dict[bytes, bytes]] = field(default_factory=dict)
    """By machine the records its clerks were told are kept, with their subjects."""
    checks: int = 0

    def look(self, machine: Machine) -> None:
        """What has come to be held here since the last look."""
        if not machine.alive:
            return
        seen = self.seen.setdefault(machine.name, Seen())
        if seen.disk is machine.disk and seen.statements == machine.disk.statements:
            return
        seen.disk, seen.statements = machine.disk, machine.disk.statements
        ledger = machine.ledger
        seq, counter, clock = ledger.newest_seq(), ledger.counter(), ledger.clock()
        self._require(seq >= seen.seq, f"{machine}: the sequence went back from {seen.seq} to {seq}")
        self._require(counter >= seen.counter, f"{machine}: the counter went back from {seen.counter} to {counter}")
        self._require(clock >= seen.clock, f"{machine}: the clock went back from {seen.clock} to {clock}")
        if seq > seen.seq:
            for _, record in peek.new_records(machine, seen.seq):
                self._met(machine, record)
        seen.seq, seen.counter, seen.clock, seen.log = seq, counter, clock, ledger.audit_head()

    def is_all_there(self, machine: Machine) -> bool:
        """Whether what this machine had done when it was last looked at, is what it has done."""
        if machine.name not in self.seen:  # it died before anybody looked
            return True
        length, head = self.seen[machine.name].log
        return not length or machine.ledger.audit_hash(length) == head

    def forget(self, machine: Machine) -> None:
        """Another copy of the ledger is in place."""
        self.seen.pop(machine.name, None)

    def answered(self, end: End, effect: Effect, result: object) -> None:
        """A node has answered a session."""
        if isinstance(result, Batch) and result.parcels:
            self.carried(end.machine, end.portside.peer, result.parcels)
        if isinstance(effect, TakeParcels) and self.chance.randrange(TWICE_ONE_IN) == 0:
            self._take_again(end, effect)

    def carried(self, machine: Machine, to: Peer, parcels: Sequence[Parcel]) -> None:
        """These have been handed out: each may go there by what the machine holds now, and is in its log."""
        recipient = Recipient(to.organisation, to.node)
        federation, now_ms = machine.node.room.now().federation, machine.clock()
        held_of: dict[bytes, tuple[list[Held], SubjectKnown]] = {}
        for parcel in parcels:
            record = reopen_record(parcel.record)
            if record.subject not in held_of:
                held_of[record.subject] = peek.all_known(machine, record.subject)
            about, known = held_of[record.subject]
            which = f"{record.id.hex()[:8]} about {record.subject.hex()[:6]} ({facet_name(record.facet)})"
            what = f"{machine} to {to.organisation}: record {which} on basis {parcel.basis}"
            against = objection(machine, to.organisation, parcel, about)
            self._require(not against, f"{what}: {against}")
            held = next(one for one in about if one.record.id == record.id)
            released = peek.came_from(machine, to.node, record) or may_release(
                held, known, recipient, federation, now_ms=now_ms
            )
            self._require(bool(released), f"{what}: the rule does not release it now")
            if to.organisation != machine.code:
                disclosed = peek.is_disclosed(machine, record, to.organisation)
                self._require(disclosed, f"{what}: not in the log")

    def _take_again(self, end: End, effect: TakeParcels) -> None:
        machine = end.machine
        before = peek.fingerprint(machine)
        take(machine.book.inbox(end.portside.peer), effect.view, effect.parcels)
        after = peek.fingerprint(machine)
        self._require(before == after, f"{machine}: a batch taken twice changed {peek.differing(before, after)}")

    def set_back(self, machine: Machine, node: bytes, *, unnoticed: bool) -> None:
        """An older copy of the ledger is in place: what was said since is where it has arrived, or lost."""
        self.seen.pop(machine.name, None)
        self.said.pop(machine.name, None)
        if unnoticed:
            self.doubled.add(node)

    def _met(self, machine: Machine, record: Record) -> None:
        if record.author == machine.made.node:
            self.said.setdefault(machine.name, {})[record.id] = record.subject
        if record.author in self.doubled:
            return
        key = (record.author, record.counter)
        other = self.written.setdefault(key, record.id)
        self._require(
            other == record.id,
            f"{machine}: {record.author.hex()[:8]} has written two records as its {record.counter}th",
        )
        highest, clock = self.clocks.get(record.author, (0, 0))
        if record.counter > highest:
            self._require(record.clock > clock, f"{machine}: the clock of {record.author.hex()[:8]} went back")
            self.clocks[record.author] = (record.counter, record.clock)

    def _require(self, holds: bool, otherwise: str) -> None:
        self.checks += 1
        if not holds:
            raise Broken(otherwise)
