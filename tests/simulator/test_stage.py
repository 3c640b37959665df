"""The simulator itself: what goes wrong in a run is said, and is the trouble of that run alone."""

import os
from collections.abc import Iterator

import pytest

from node.desk.views import NewPerson
from tests.builders.trust import KANAZAWA
from tests.simulator import rest
from tests.simulator.patience import InCircles, no_longer_than
from tests.simulator.runs import Played, each_alone
from tests.simulator.simulation import Theatre
from tests.simulator.watcher import Broken
from tests.simulator.world import World


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    made = Theatre()
    yield made
    made.close()


@pytest.fixture
def world(theatre: Theatre) -> Iterator[World]:
    """A laptop speaks with its town hall."""
    made = theatre.world(16)
    made.dial(made.machines["wajima-laptop"], made.machines["wajima"], delay_ms=0, frame_bytes=2_000, stays=True)
    yield made
    made.close()


def test_nobody_is_left_at_the_line_of_a_machine_that_is_switched_off(world: World) -> None:
    """Seed 16: a laptop taken back while it spoke was switched off, and its end of the line waited for ever."""
    world.retired.add("wajima-laptop")
    rest.heal(world)
    assert not world.conversations
    assert not world.machines["wajima-laptop"].alive


def test_a_conversation_that_never_ends_is_said_to_be_one(world: World) -> None:
    world.machines["wajima-laptop"].stop()
    with pytest.raises(Broken, match="c0 never ends: wajima-laptop at NoneType, wajima at Finished"):
        rest.finish(world)


def test_what_ends_by_time_has_ended_when_it_is_asked_what_must_hold(world: World) -> None:
    """Seed 63: it ended in the minutes after the last round, and nobody had looked again."""
    wajima, now = world.machines["wajima"], world.time.ms
    for number in range(1, 6):
        (subject,) = wajima.node.desk("op").register(NewPerson(family_name="珠洲", birth="1950-01-01")).subjects
        until_ms = now + number * rest.ROUND_MS - 60_000
        wajima.node.desk("op").give_consent(subject, facets=("identity",), organisations=[KANAZAWA], until_ms=until_ms)
    rest.come_to_rest(world)
    rest.check(world)


def test_what_goes_in_circles_is_ended() -> None:
    with pytest.raises(InCircles), no_longer_than(0.01):
        go_round()


def go_round() -> None:
    while True:
        pass


def test_a_process_that_dies_fails_its_own_seed_alone() -> None:
    played = list(each_alone(dies_at_three, range(6), processes=2))
    assert [one.seed for one in played] == list(range(6))
    assert [one.seed for one in played if one.problem] == [3]
    assert played[3].problem.endswith("has died of 7")


def dies_at_three(seed: int) -> Played:
    if seed == 3:
        os._exit(7)
    return Played(seed, "")
