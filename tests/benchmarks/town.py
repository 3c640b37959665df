"""A town hall with as many people as a benchmark needs, made once for all that look at it."""

import atexit
import shutil
import time
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

from node.ledger import Ledger
from tests.benchmarks.population import arrivals
from tests.builders.nodes import Federation
from tests.builders.trust import WAJIMA

BATCH = 20_000
STAYING_ONE_IN = 33


@dataclass(frozen=True, slots=True)
class Hall:
    """Where its node lies, and how long filling it took."""

    folder: Path
    built_s: float


@cache
def hall(people: int) -> Hall:
    """The node of a town that knows so many people; its ledger is closed."""
    folder = Path(mkdtemp(prefix="moyai-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Federation(folder)
    made.add_home(WAJIMA)
    made.install(WAJIMA)
    node = made[WAJIMA]
    began = time.perf_counter()
    build(node.ledger, people)
    built_s = time.perf_counter() - began
    node.close()
    return Hall(folder / WAJIMA, built_s)


def build(ledger: Ledger, people: int) -> None:
    """A row of the register for each, and a stay for one in thirty-three."""
    rest = arrivals(people, staying_one_in=STAYING_ONE_IN)
    while batch := list(islice(rest, BATCH)):
        with ledger.write() as writing:
            writing.keep_many(batch)
    while ledger.catch_up():
        pass
    ledger.tidy()
