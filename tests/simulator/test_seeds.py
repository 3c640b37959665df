"""Many federations, each played from one seed: acts, conversations and faults, and what must always hold.

How many: `SIM_SEEDS`, 12 where nothing is said; from which one on: `SIM_FIRST`, 0.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import pytest

from tests.simulator.runs import SEEDS_AT_ONCE, Played, play_apart

SEEDS: Final = int(os.environ.get("SIM_SEEDS", "12"))
FIRST: Final = int(os.environ.get("SIM_FIRST", "0"))
PARTS: Final = [
    (start, min(start + SEEDS_AT_ONCE, FIRST + SEEDS)) for start in range(FIRST, FIRST + SEEDS, SEEDS_AT_ONCE)
]

pytestmark = pytest.mark.simulator


@pytest.fixture(scope="module")
def playing() -> Iterator[dict[tuple[int, int], Future[Played]]]:
    """All parts, begun at once on all processors, in order."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        yield {part: pool.submit(play_apart, *part) for part in PARTS}
    finally:
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part[0]}-{part[1] - 1}")
def test_everything_holds(playing: dict[tuple[int, int], Future[Played]], part: tuple[int, int]) -> None:
    played = playing[part].result()
    assert not played.failed, f"seeds {played.failed}\n{played.output}"


def test_the_same_seed_gives_the_same_run(playing: dict[tuple[int, int], Future[Played]]) -> None:
    """To the byte, in another process: its event log and what every ledger holds in the end."""
    again = play_apart(FIRST, FIRST + 1)
    assert again.digests
    assert playing[PARTS[0]].result().digests[FIRST] == again.digests[FIRST]
