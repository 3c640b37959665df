"""Runs one `moyai` command on a machine whose clock is wrong: so many days ahead, or behind where there is a minus.

python deploy/drills/at.py DAYS COMMAND...
"""

import sys
import time

DAY_NS = 24 * 3600 * 1_000_000_000


def main(days: str, *words: str) -> None:
    """The clock of this process is set before anything is loaded that reads it."""
    off, right = int(float(days) * DAY_NS), time.time_ns
    time.time_ns = lambda: right() + off
    from node.cli.main import main as moyai  # noqa: PLC0415 -- after the clock

    moyai(list(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
