"""One run from one seed: acts, conversations and faults in an order drawn by chance, then rest."""

import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from node.setback import SetBack
from tests.builders.trust import DAY_MS
from tests.simulator import acts, faults, rest, sticks
from tests.simulator.founding import Founded, found
from tests.simulator.patience import InCircles, no_longer_than
from tests.simulator.watcher import Broken
from tests.simulator.world import World

STEPS: Final = 400
LINES_MAX: Final = 10
"""Conversations under way at once."""
CIRCLES_S: Final = 100
"""Of a processor's time: a run that takes more goes in circles."""

Event = Callable[[World], None]

MEMORY: Final = Path("/dev/shm")
"""Where there is one, a disk that costs nothing to wait for: the ledgers' own settings stay as they are."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one seed."""

    seed: int
    problem: str
    """Empty where everything held."""
    log: list[str]
    digest: str
    checks: int
    rounds: int
    """How many it took to come to rest."""


class Theatre:
    """Founds the federation once, and plays seeds on copies of it."""

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(
            prefix="moyai-simulator-", dir=MEMORY if MEMORY.is_dir() else None
        )
        self.folder = Path(self._temporary.name)
        self.founded = self._acquainted(found(self.folder / "founded"))

    def close(self) -> None:
        """Remove every file."""
        self._temporary.cleanup()

    def play(self, seed: int, steps: int = STEPS) -> Run:
        """Play one seed to its end."""
        world = self.world(seed)
        problem, rounds = "", 0
        try:
            with no_longer_than(CIRCLES_S):
                for _ in range(steps):
                    _event(world)(world)
                rounds = rest.come_to_rest(world)
                rest.check(world)
        except Broken as broken:
            problem = str(broken)
        except InCircles:
            problem = f"it goes in circles\n{traceback.format_exc()}"
        except Exception:  # noqa: BLE001 -- whatever a node could not handle is found here
            problem = traceback.format_exc()
        digest = "" if problem else world.digest()
        world.close()
        return Run(seed, problem, world.log, digest, world.watcher.checks, rounds)

    def world(self, seed: int) -> World:
        """The founded federation anew."""
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix=f"{seed}-"))
        return World(seed, folder, self.founded)

    def _acquainted(self, founded: Founded) -> Founded:
        """All have met once: every enrolment and every place is everywhere, every laptop has its register."""
        folder = self.folder / "acquainted"
        folder.mkdir()
        world = World(0, folder, founded)
        rest.come_to_rest(world)
        rest.check(world)
        images = {}
        for machine in world.running:
            machine.stop()
            images[machine.name] = machine.back_up()
        world.close()
        return replace(founded, images=images)


def converse(world: World) -> None:
    """One effect of one end of one conversation."""
    ready = [
        (conversation, end)
        for conversation in world.conversations
        for end in conversation.ends
        if conversation.ready(end)
    ]
    if ready:
        world.step(*world.chance.choice(ready))
    else:
        world.time.later(1_500)


def talk_on(world: World) -> None:
    """A conversation goes on undisturbed for a while."""
    if not world.conversations:
        return
    conversation = world.chance.choice(world.conversations)
    for _ in range(world.chance.randrange(10, 80)):
        ready = [end for end in conversation.ends if conversation.ready(end)]
        if not ready:
            world.time.later(200)
        elif conversation in world.conversations:
            world.step(conversation, world.chance.choice(ready))


def dial(world: World) -> None:
    """Somebody dials somebody."""
    pairs = [pair for pair in world.pairs() if world.may_talk(*pair)]
    if pairs and len(world.conversations) < LINES_MAX:
        delay, size = world.chance.choice((0, 200, 2_000)), world.chance.choice((300, 2_000, 16_384))
        stays = world.chance.random() < 0.4
        world.dial(*world.chance.choice(pairs), delay_ms=delay, frame_bytes=size, stays=stays)


def act(world: World) -> None:
    """Somebody does something at a desk."""
    machine = world.chance.choice(world.running)
    what = acts.draw(machine, world.chance)
    name = what.__name__
    with world.on(machine):
        name += f" {acts.do(what, machine, world.chance)}"
    world.note(f"{machine} {name}")


def wait(world: World) -> None:
    """Time passes."""
    world.time.later(world.chance.choice((1_000, 60_000, 600_000, 3_600_000, 8 * 3_600_000)))


def wait_long(world: World) -> None:
    """Days pass."""
    world.time.later(world.chance.choice((1, 4, 31)) * DAY_MS)
    world.note("days pass")


def look_again(world: World) -> None:
    """A daemon does what it does every minute."""
    machine = world.chance.choice(world.running)
    with world.on(machine):
        world.attempt(machine, machine.book.look_again)
    world.note(f"{machine} looks again")


def compare(world: World) -> None:
    """A view is held against its recomputation."""
    pairs = [pair for pair in world.pairs() if all(machine.disk.dies_in is None for machine in pair)]
    pairs = [pair for pair in pairs if not any(machine.disk.full_for for machine in pair)]
    if pairs:
        one, other = world.chance.choice(pairs)
        SetBack(one.ledger, now_ms=one.clock).look()  # which a daemon does within a minute
        rest.views_hold(one, [other])


EVENTS: Final[tuple[tuple[float, Event], ...]] = (
    (40, converse),
    (20, talk_on),
    (9, dial),
    (22, act),
    (6, wait),
    (0.4, wait_long),
    (4, look_again),
    (5, compare),
    (2.5, sticks.write),
    (2.5, sticks.read),
    (0.5, sticks.lose),
    (1, faults.crash_soon),
    (0.5, faults.crash_now),
    (2, faults.restart),
    (0.4, faults.fill_disk),
    (1.5, faults.cut),
    (1, faults.delay),
    (0.5, faults.repeat_frame),
    (0.7, faults.partition),
    (1, faults.join),
    (0.8, faults.back_up),
    (0.3, faults.restore),
    (0.1, faults.copy),
    (0.1, faults.revoke),
    (0.4, faults.set_clock),
    (0.3, faults.right_clock),
    (0.3, World.new_roster),
)


def _event(world: World) -> Event:
    return world.chance.choices([event for _, event in EVENTS], [weight for weight, _ in EVENTS])[0]
