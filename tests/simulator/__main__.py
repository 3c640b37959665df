"""Plays seeds by hand, on all processors: `python -m tests.simulator 100:200`, or `soak 2000 [first]`."""

import os
import sys
from collections.abc import Sequence
from random import SystemRandom

from tests.simulator.runs import HASH_SEED, as_line, play_all


def main(arguments: Sequence[str]) -> int:
    """0: everything held."""
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED:  # sets are then in the same order every time
        os.execve(sys.executable, [sys.executable, "-m", "tests.simulator", *arguments], _fixed())
    if arguments[0] == "soak":
        first = int(arguments[2]) if len(arguments) > 2 else SystemRandom().randrange(1_000_000, 1_000_000_000)
        return _soak(range(first, first + int(arguments[1])))
    first, last = map(int, arguments[0].split(":"))
    shown = as_line if arguments[1:] == ["json"] else str
    failed = 0
    for played in play_all(range(first, last)):
        failed += bool(played.problem)
        print(shown(played), flush=True)
    return int(failed > 0)


def _soak(seeds: range) -> int:
    """Many seeds. Those that fail are shown as they come; the first seed can be given again."""
    print(f"{len(seeds)} seeds from {seeds[0]}", flush=True)
    failed = []
    for played in play_all(seeds):
        print(played, flush=True)
        if played.problem:
            failed.append(played.seed)
    print(f"{len(failed)} of {len(seeds)} seeds failed: {failed}" if failed else f"{len(seeds)} seeds held")
    return int(bool(failed))


def _fixed() -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": HASH_SEED, "PYTHONPATH": os.pathsep.join(sys.path)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
