"""Many federations, each played from one seed: acts, conversations and faults, and what must always hold.

How many: `SIM_SEEDS`, 200 where nothing is said; from which one on: `SIM_FIRST`, 0.
"""

import os
from collections.abc import Iterator
from typing import Final

import pytest

from tests.simulator.runs import Played, playing

SEEDS: Final = int(os.environ.get("SIM_SEEDS", "200"))
FIRST: Final = int(os.environ.get("SIM_FIRST", "0"))

pytestmark = pytest.mark.simulator


class Plays:
    """What has been played so far, in the order of the seeds."""

    def __init__(self, coming: Iterator[Played]) -> None:
        self._coming = coming
        self._came: dict[int, Played] = {}

    def of(self, seed: int) -> Played:
        """What became of this seed; waits for it."""
        while seed not in self._came:
            played = next(self._coming)
            self._came[played.seed] = played
        return self._came[seed]


@pytest.fixture(scope="module")
def plays() -> Iterator[Plays]:
    with playing(range(FIRST, FIRST + SEEDS)) as coming:
        yield Plays(coming)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_everything_holds(plays: Plays, seed: int) -> None:
    played = plays.of(seed)
    assert not played.problem, str(played)


def test_the_same_seed_gives_the_same_run(plays: Plays) -> None:
    """To the byte, in another process: its event log and what every ledger holds in the end."""
    with playing([FIRST]) as coming:
        again = next(coming)
    assert again.digest
    assert plays.of(FIRST).digest == again.digest
