"""What goes wrong, drawn by chance."""

from typing import Final

from tests.builders.trust import DAY_MS
from tests.simulator import acts
from tests.simulator.cast import HOME_OF
from tests.simulator.clocks import YEAR_MS
from tests.simulator.machine import Restore
from tests.simulator.world import World

HOUR_MS: Final = 3_600_000


def crash_soon(world: World) -> None:
    """One machine dies at one of its next statements."""
    machine = world.chance.choice(world.running)
    machine.disk.dies_in = world.chance.randrange(1, 120)
    world.note(f"{machine} will die in {machine.disk.dies_in} statements")


def crash_now(world: World) -> None:
    """One machine dies between two acts."""
    if len(world.running) > 3:
        world.bury(world.chance.choice(world.running))


def restart(world: World) -> None:
    """Start one that is down."""
    down = [machine for machine in world.machines.values() if not machine.alive]
    if down:
        machine = world.chance.choice(down)
        machine.start()
        world.watcher.look(machine)
        world.note(f"{machine} starts")


def fill_disk(world: World) -> None:
    """One disk is full for a while."""
    machine = world.chance.choice(world.running)
    machine.disk.full_for = world.chance.randrange(1, 60)
    world.disks_were_full = True
    world.note(f"{machine} has a full disk for {machine.disk.full_for} statements")


def cut(world: World) -> None:
    """One line is cut."""
    if world.conversations:
        conversation = world.chance.choice(world.conversations)
        conversation.break_off()
        world.note(f"c{conversation.number} is cut")


def delay(world: World) -> None:
    """One conversation stands still for minutes or days, and goes on."""
    if world.conversations:
        conversation = world.chance.choice(world.conversations)
        conversation.resumes_ms = world.time.ms + world.chance.choice((60_000, 20 * 60_000, 8 * HOUR_MS, 2 * DAY_MS))
        world.note(f"c{conversation.number} stands still")


def repeat_frame(world: World) -> None:
    """A frame under way arrives twice."""
    arriving = [
        (conversation, end, index)
        for conversation in world.conversations
        for end in conversation.ends
        for index, (_, frame) in enumerate(end.arriving)
        if frame is not None
    ]
    if arriving:
        conversation, end, index = world.chance.choice(arriving)
        conversation.repeat(end, index)
        world.note(f"c{conversation.number} a frame to {end.machine} comes twice")


def partition(world: World) -> None:
    """A group of machines is cut off from the rest."""
    names = list(world.machines)
    group = set(world.chance.sample(names, world.chance.randrange(1, len(names))))
    world.apart = {frozenset((one, other)) for one in group for other in names if other not in group}
    for conversation in world.conversations:
        if frozenset(end.machine.name for end in conversation.ends) in world.apart:
            conversation.break_off()
    world.note(f"apart: {' '.join(sorted(group))}")


def join(world: World) -> None:
    """All lines stand again."""
    world.apart = set()
    world.note("joined")


def back_up(world: World) -> None:
    """A copy is made of one ledger."""
    machine = world.chance.choice(world.running)
    world.backups[machine.name] = machine.back_up()
    world.note(f"{machine} is backed up")


def restore(world: World) -> None:
    """An older copy is put in place of a ledger, in one of the ways this is done."""
    kept = [name for name in world.backups if name not in world.retired]
    if kept:
        machine, how = world.machines[world.chance.choice(kept)], world.chance.choice(list(Restore))
        world.note(f"{machine} is set back by {how.value}")
        world.set_back(machine, how)


def copy(world: World) -> None:
    """Two laptops run from one backup."""
    kept = [
        name
        for name in world.backups
        if not world.machines[name].is_home
        and f"{name}-twin" not in world.machines
        and name not in world.retired | world.without_line
    ]
    if kept:
        twin = world.copy(world.machines[world.chance.choice(kept)])
        world.note(f"{twin} runs from a backup")


def revoke(world: World) -> None:
    """A laptop is lost: its town hall takes its certificate back."""
    laptops = [one for one in world.machines.values() if not one.is_home and one.name not in world.retired]
    laptop = world.chance.choice(laptops) if laptops else None
    home = world.machines[HOME_OF[laptop.code]] if laptop else None
    if laptop is None or home is None or not home.alive:
        return
    world.note(f"{home} revokes {laptop}")
    with world.on(home):
        try:
            acts.revoke(home, laptop.made.node)
        except acts.REFUSALS as refusal:
            world.note(f"   refused: {refusal.reason}")
            return
    if home.alive:
        world.retired |= {one.name for one in world.machines.values() if one.made.node == laptop.made.node}


def set_clock(world: World) -> None:
    """One clock goes wrong: by minutes, by a year, or a little more every day."""
    machine = world.chance.choice(world.running)
    off = world.chance.choice((240_000, -HOUR_MS, -YEAR_MS, YEAR_MS, 7 * DAY_MS, 0))
    machine.clock.set(off_ms=off, drift_ppm=world.chance.choice((0, 0, 200, -5_000)))
    world.clocks_were_wrong = True
    world.note(f"{machine} clock off by {off} ms, drifts {machine.clock.drift_ppm} ppm")


def right_clock(world: World) -> None:
    """All clocks are set right: some go back by it."""
    for machine in world.machines.values():
        machine.clock.set()
    world.note("clocks right")
