"""Plays seeds in processes of their own, one on each processor, so that each has its sets in the same order."""

import faulthandler
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tests.simulator.simulation import Theatre

HASH_SEED: Final = "0"
"""The order of a set of bytes follows from it, and from that order whose turn it is."""

SHOWN: Final = 100
"""Lines of the event log shown of a seed that failed."""

STUCK_S: Final = 300
"""A seed that takes longer goes in circles: where it does is shown."""

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
    """Play them on all processors, in order. The federation is founded once: the others begin as copies of this
    process."""
    theatre = Theatre()
    try:
        with ProcessPoolExecutor(processes or os.cpu_count(), get_context("fork"), _enter, (theatre,)) as pool:
            futures = [(seed, pool.submit(_play_here, seed)) for seed in seeds]
            for seed, future in futures:
                yield _result(seed, future)
    finally:
        theatre.close()


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


_stage: list[Theatre] = []
"""In a process of the pool: where it plays."""


def _enter(theatre: Theatre) -> None:
    _stage.append(theatre)


def _play_here(seed: int) -> Played:
    return play(_stage[0], seed)


def _result(seed: int, future: "Future[Played]") -> Played:
    try:
        return future.result()
    except BrokenProcessPool:
        return Played(seed, "a process that plays seeds has ended: one of those under way went in circles, or it died")
