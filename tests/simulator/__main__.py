"""Plays a range of seeds and prints the ones that failed: `python -m tests.simulator 100:200`."""

import faulthandler
import sys
import time

from tests.simulator.simulation import Theatre

SHOWN = 60
STUCK_S = 300
"""A seed that takes longer goes in circles."""


def main() -> int:
    first, last = map(int, sys.argv[1].split(":"))
    theatre = Theatre()
    failed = 0
    try:
        for seed in range(first, last):
            faulthandler.dump_traceback_later(STUCK_S, exit=True)
            began = time.process_time()
            run = theatre.play(seed)
            took = time.process_time() - began
            if run.problem:
                failed += 1
                shown = SHOWN if last - first == 1 else 12
                print(*run.log[-shown:], sep="\n")
            problem = run.problem.strip().splitlines()[-1] if run.problem and last - first > 1 else run.problem
            print(
                f"seed {seed}: {problem or 'ok'} ({took:.1f} s, {len(run.log)} events, {run.checks} checks, {run.rounds} rounds, {run.digest[:8]})",
                flush=True,
            )
    finally:
        theatre.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
