"""Heals everything, lets everybody meet until nothing is new, and then asks what must hold at rest."""

from collections.abc import Sequence
from typing import Final

from moyai.v1 import facets_pb2
from node.records import kinds
from node.records.subjects import minted_by
from node.release.holding import may_hold
from node.views import VIEWS
from tests.simulator import peek, sticks
from tests.simulator.lines import Conversation
from tests.simulator.machine import Machine
from tests.simulator.watcher import Broken
from tests.simulator.world import World

ROUNDS_MAX: Final = 16
ROUND_MS: Final = 11 * 60_000
STEPS_MAX: Final = 5_000
"""Of one conversation, seconds of silence among them, until it has ended."""
WAITS_MAX: Final = 3
"""How often what is set aside for a while is waited for: what is never taken is looked at ever more rarely."""

State = dict[str, str]
"""What a machine holds, as `peek.fingerprint` has it."""
Met = dict[tuple[str, str], tuple[State, State]]
"""By pair what each held when they last met."""


def come_to_rest(world: World) -> int:
    """Until a whole round brings nothing new, and nothing is set aside for a while. Returns how many rounds it took."""
    heal(world)
    met: Met = {}
    rounds = _meet(world, met)
    check_what_may_not_wait(world)
    for _ in range(WAITS_MAX):
        later = max((peek.last_retry_ms(machine) or 0 for machine in world.running), default=0)
        if later < world.time.ms:
            break
        world.time.ms = later + 1
        world.note("what was set aside is due")
        rounds += _meet(world, met)
        check_what_may_not_wait(world)
    return rounds


def _meet(world: World, met: Met) -> int:
    """In a round those meet of whom one has changed since they last did, where their views differ by it; in the last,
    all do, and nothing changes."""
    for number in range(1, ROUNDS_MAX + 1):
        before = _states(world)
        _round(world, met)
        if before == _states(world):
            _round(world, met, all_meet=True)
            if before == _states(world):
                world.note(f"at rest after {number} rounds")
                return number
    after = _states(world)
    moving = [f"{name}: {peek.differing(before[name], after[name])}" for name in after if before[name] != after[name]]
    raise Broken(f"no rest after {ROUNDS_MAX} rounds: {'; '.join(moving)}")


def _states(world: World) -> dict[str, State]:
    return {machine.name: peek.fingerprint(machine) for machine in world.running}


def check(world: World) -> None:
    """What must hold at rest."""
    for one, other in world.pairs():
        _same_views(one, other)
    _nothing_said_is_lost(world)
    _erasures_are_confirmed(world)


def check_what_may_not_wait(world: World) -> None:
    """What must hold as soon as all have met, whatever is set aside."""
    for machine in world.running:
        views_hold(machine, _peers(world, machine))
        _nothing_without_ground(machine)
        machine.ledger.verify_audit()
    _erased_stays_erased(world)
    _hidden_stays_hidden(world)


def heal(world: World) -> None:
    world.apart = set()
    for conversation in list(world.conversations):
        conversation.break_off()
        conversation.resumes_ms = 0
    for machine in world.machines.values():
        machine.clock.set()
        if machine.name in world.retired:
            world.switch_off(machine)
        elif machine.alive:
            machine.disk.dies_in, machine.disk.full_for = None, 0
        else:
            machine.start()
            world.watcher.look(machine)
    finish(world)
    world.note("healed")


def finish(world: World) -> None:
    """Let every conversation come to its end, one after another."""
    while world.conversations:
        _end(world, world.conversations[0])


def _end(world: World, conversation: Conversation) -> None:
    for _ in range(STEPS_MAX):
        if conversation not in world.conversations:
            return
        ready = [end for end in conversation.ends if conversation.ready(end)]
        if ready:
            world.step(conversation, ready[0])
        else:
            world.time.later(1_000)
    doing = ", ".join(f"{end.machine} at {type(end.effect).__name__}" for end in conversation.ends)
    raise Broken(f"c{conversation.number} never ends: {doing}")


def _round(world: World, met: Met, *, all_meet: bool = False) -> None:
    """Time passes before it, none after it: what ends by time alone ends between two rounds, and all look again."""
    world.time.later(ROUND_MS)
    for one, other in sorted(world.pairs(), key=_is_between_town_halls):
        if one.name < other.name or not one.is_home:
            before = met.get((one.name, other.name))
            if not all_meet and (
                before == (peek.fingerprint(one), peek.fingerprint(other)) or peek.have_nothing_to_say(one, other)
            ):
                continue
            if world.by_hand(one, other):
                sticks.exchange(world, one, other)
            else:
                world.dial(one, other, delay_ms=0, frame_bytes=16_384)
                finish(world)
            met[one.name, other.name] = peek.fingerprint(one), peek.fingerprint(other)
    for machine in world.running:
        machine.book.look_again()
        world.watcher.look(machine)


def _is_between_town_halls(pair: tuple[Machine, Machine]) -> bool:
    """Laptops first: what they bring goes on at once."""
    return pair[0].is_home


def _same_views(one: Machine, other: Machine) -> None:
    here, there = peek.views(one, other), peek.views(other, one)
    for number in VIEWS:
        ours, theirs = here[number], there[number]
        if ours != theirs:
            raise Broken(
                f"{one} and {other} differ in view {number}: "
                f"{_named(one, ours - theirs)} only here, {_named(other, theirs - ours)} only there"
            )


def views_hold(machine: Machine, others: Sequence[Machine]) -> None:
    """The view kept for each of the others is what the rule makes of everything held."""
    known = peek.everything_known(machine)
    for other in others:
        naive = peek.naive_view(machine, other, known)
        for number, kept in peek.views(machine, other).items():
            if kept != naive[number]:
                raise Broken(
                    f"{machine} for {other}, view {number}: {_named(machine, kept - naive[number])} too many, "
                    f"{_named(machine, naive[number] - kept)} missing"
                )
            if not peek.sums_hold(machine, other, number, kept):
                raise Broken(f"{machine} for {other}, view {number}: the sums are not those of its ids")


def _nothing_without_ground(machine: Machine) -> None:
    federation = machine.node.room.now().federation
    for about, known in peek.everything_known(machine):
        for held in about:
            why = may_hold(held, known, federation, now_ms=machine.clock())
            if not why.may:
                raise Broken(f"{machine} holds {_named(machine, {held.record.id})} without a ground: {why.reason}")


def _nothing_said_is_lost(world: World) -> None:
    """What a clerk was told is kept is kept, unless it was erased with an erasure that says so."""
    for machine in world.running:
        said = world.watcher.said.get(machine.name, {})
        lost = set(said) - peek.ids(machine)
        for id_ in sorted(lost):
            if not machine.ledger.heads(said[id_], kinds.ERASURE):
                raise Broken(f"{machine} has lost {id_.hex()[:8]} about {said[id_].hex()[:6]}")


def _erased_stays_erased(world: World) -> None:
    """A person erased whole by whoever registered them first is nowhere."""
    for machine in world.running:
        for held in machine.ledger.heads_of_facet(kinds.ERASURE):
            subject, code = held.record.subject, held.record.organisation
            whole = not facets_pb2.Erasure.FromString(held.record.content).facets
            if not whole or not minted_by(subject, code):
                continue
            for other in world.running:
                left = [
                    one for one in other.ledger.about(subject) if one.record.facet not in (kinds.ERASURE, kinds.RECEIPT)
                ]
                if left:
                    raise Broken(f"{other} holds {_named(other, {one.record.id for one in left})}, erased by {machine}")


def _erasures_are_confirmed(world: World) -> None:
    """Who ordered an erasure has the word of every other organisation that held something.

    A node that was put back from a backup may be awaited for ever: it holds nothing, and has nothing to confirm.
    """
    homes = {machine.code: machine for machine in world.running if machine.is_home}
    gone = {machine.code for machine in world.machines.values() if machine.name in world.retired}
    for code, machine in homes.items():
        for ordered in machine.node.desk("c").erasures():
            waits = {*ordered.open} - gone
            if waits & homes.keys():
                raise Broken(f"{code} waits for the receipts of {sorted(waits)} about {ordered.subject.hex()[:6]}")


def _hidden_stays_hidden(world: World) -> None:
    """Of a person protected by whoever registered them first, nobody without dealings of their own holds anything."""
    for machine in world.running:
        for held in machine.ledger.heads_of_facet(kinds.PROTECTION):
            subject, code = held.record.subject, held.record.organisation
            said = facets_pb2.Protection.FromString(held.record.content)
            if code != machine.code or not said.active or not minted_by(subject, code):
                continue
            for other in world.running:
                if other.code != code and other.code not in said.recipients:
                    _holds_nothing(other, subject, machine)


def _holds_nothing(other: Machine, subject: bytes, protector: Machine) -> None:
    about = [one for one in other.ledger.about(subject) if one.record.facet not in kinds.PERSON_CONTROL]
    if any(one.record.organisation == other.code and one.counts for one in about):
        return
    if about:
        raise Broken(
            f"{other} holds {_named(other, {one.record.id for one in about})} of somebody whom {protector} protects"
        )


def _peers(world: World, machine: Machine) -> Sequence[Machine]:
    both = {other.name: other for pair in world.pairs() if machine in pair for other in pair if other is not machine}
    return list(both.values())


def _named(machine: Machine, ids: set[bytes]) -> str:
    """Records by facet and id."""
    names = []
    for id_ in sorted(ids):
        held = machine.ledger.record(id_)
        what = "?" if held is None else f"{kinds.facet_name(held.record.facet)} of {held.record.subject.hex()[:6]}"
        names.append(f"{what} {id_.hex()[:8]}")
    return f"[{', '.join(names)}]"
