"""Plays seeds in processes of their own, one on each processor, so that each has its sets in the same order."""

import faulthandler
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Final

from tests.simulator.simulation import Theatre

HASH_SEED: Final = "0"
"""The order of a set of bytes follows from it, and from that order whose turn it is."""

SHOWN: Final = 100
"""Lines of the event log shown of a seed that failed."""

STUCK_S: Final = 900
"""A process that is still at its seed then did not hear that it goes in circles: it dies, and shows where it stood."""

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one seed."""

    seed: int
    problem: str
    """Empty where everything held."""
    last_events: Sequence[str] = ()
    """Before it failed."""
    digest: str = ""
    events: int = 0
    checks: int = 0
    rounds: int = 0
    took_s: float = 0

    def __str__(self) -> str:
        if self.problem:
            return "\n".join([*self.last_events, self.problem, f"seed {self.seed} FAILED"])
        counts = f"{self.events} events, {self.checks} checks, {self.rounds} rounds"
        return f"seed {self.seed} held {self.digest[:16]} {self.took_s:.1f} s, {counts}"


def play(theatre: Theatre, seed: int) -> Played:
    """Play one seed, in this process."""
    faulthandler.dump_traceback_later(STUCK_S, exit=True)
    began = time.process_time()
    run = theatre.play(seed)
    took_s = time.process_time() - began
    faulthandler.cancel_dump_traceback_later()
    events = run.log[-SHOWN:] if run.problem else ()
    return Played(seed, run.problem, events, run.digest, len(run.log), run.checks, run.rounds, took_s)


def play_all(seeds: Sequence[int], processes: int | None = None) -> Iterator[Played]:
    """Play them on all processors, in order. The federation is founded once."""
    theatre = Theatre()
    gc.collect()
    gc.freeze()  # what all copies share is looked through by none
    try:
        yield from each_alone(partial(play, theatre), seeds, processes or os.cpu_count() or 1)
    finally:
        theatre.close()


def each_alone(player: Callable[[int], Played], seeds: Sequence[int], processes: int) -> Iterator[Played]:
    """Play them in order, so many at once, each in a copy of this process: one that dies fails its own seed alone."""
    copies = get_context("fork")
    waiting, came = deque(seeds), dict[int, Played]()
    under_way: dict[Connection, tuple[int, ForkProcess]] = {}
    try:
        for seed in seeds:
            while seed not in came:
                while waiting and len(under_way) < processes:
                    hears, says = copies.Pipe(duplex=False)
                    process = copies.Process(target=_play_here, args=(player, waiting[0], says))
                    process.start()
                    says.close()
                    under_way[hears] = waiting.popleft(), process
                for hears in wait(under_way):
                    one, process = under_way.pop(hears)
                    came[one] = _what_came(one, hears, process)
            yield came.pop(seed)
    finally:
        for _, process in under_way.values():
            process.kill()


@contextmanager
def playing(seeds: Sequence[int]) -> Iterator[Iterator[Played]]:
    """The same, in an interpreter whose sets are always in the same order."""
    environment = {**os.environ, "PYTHONHASHSEED": HASH_SEED}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "protocol")])
    with subprocess.Popen(
        [sys.executable, "-m", "tests.simulator", f"{seeds[0]}:{seeds[-1] + 1}", "json"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield (Played(**json.loads(line)) for line in process.stdout)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def as_line(played: Played) -> str:
    """What `playing` reads."""
    return json.dumps(asdict(played))


def _play_here(player: Callable[[int], Played], seed: int, says: Connection) -> None:
    says.send(player(seed))


def _what_came(seed: int, hears: Connection, process: ForkProcess) -> Played:
    try:
        return hears.recv()
    except EOFError:
        process.join()
        return Played(seed, f"the process that played it has died of {process.exitcode}")
