"""Plays seeds by hand: `python -m tests.simulator 100:200`, or `soak 2000 [first]` on all processors."""

import faulthandler
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import SystemRandom
from typing import Final

from tests.simulator.runs import HASH_SEED, SEEDS_AT_ONCE, Played, play_apart
from tests.simulator.simulation import Run, Theatre

SHOWN: Final = 100
"""Lines of the event log shown of a seed that failed."""

STUCK_S: Final = 300
"""A seed that takes longer goes in circles: where it does is shown."""


def main(arguments: Sequence[str]) -> int:
    """0: everything held."""
    if arguments[0] == "soak":
        first = int(arguments[2]) if len(arguments) > 2 else SystemRandom().randrange(1_000_000, 1_000_000_000)
        return _soak(int(arguments[1]), first)
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED:  # sets are then in the same order every time
        os.execve(sys.executable, [sys.executable, "-m", "tests.simulator", *arguments], _fixed())
    first, last = map(int, arguments[0].split(":"))
    return _play(range(first, last))


def _play(seeds: range) -> int:
    """Play them one after the other; a line each that `runs.Played` reads."""
    theatre = Theatre()
    failed = 0
    try:
        for seed in seeds:
            faulthandler.dump_traceback_later(STUCK_S, exit=True)
            began = time.process_time()
            run = theatre.play(seed)
            failed += bool(run.problem)
            _tell(run, time.process_time() - began)
    finally:
        faulthandler.cancel_dump_traceback_later()
        theatre.close()
    return int(failed > 0)


def _soak(count: int, first: int) -> int:
    """Many seeds on all processors. Those that fail are shown as they come; the first seed can be given again."""
    print(f"{count} seeds from {first}", flush=True)
    parts = [(start, min(start + SEEDS_AT_ONCE, first + count)) for start in range(first, first + count, SEEDS_AT_ONCE)]
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for played in pool.map(lambda part: play_apart(*part), parts):
            failed += len(played.failed)
            print(played.shown(), flush=True)
    print(f"{failed} of {count} seeds failed" if failed else f"{count} seeds held")
    return int(failed > 0)


def _tell(run: Run, took_s: float) -> None:
    if run.problem:
        print("\n".join(run.log[-SHOWN:]))
        print(run.problem)
    ended = "FAILED" if run.problem else "held"
    line = Played.line(run.seed, ended, run.digest)
    print(f"{line} {took_s:.1f} s, {len(run.log)} events, {run.checks} checks, {run.rounds} rounds", flush=True)


def _fixed() -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": HASH_SEED, "PYTHONPATH": os.pathsep.join(sys.path)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
