"""Plays seeds in processes of their own, so that two go at a time and each has its sets in the same order."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HASH_SEED: Final = "0"
"""The order of a set of bytes follows from it, and from that order whose turn it is."""

SEEDS_AT_ONCE: Final = 20
"""In one process: the federation is founded once in each."""

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Played:
    """What became of some seeds."""

    digests: dict[int, str]
    """By seed, of those that held."""
    failed: list[int]
    output: str

    @staticmethod
    def line(seed: int, ended: str, digest: str) -> str:
        """How the end of a seed is told."""
        return f"seed {seed} {ended} {digest}"

    def shown(self) -> str:
        """Every line of seeds that held, everything where one did not."""
        if self.failed:
            return self.output
        return "\n".join(line for line in self.output.splitlines() if line.startswith("seed "))


def play_apart(first: int, last: int) -> Played:
    """Play the seeds from `first` to before `last` in a process of their own."""
    environment = {**os.environ, "PYTHONHASHSEED": HASH_SEED}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "protocol")])
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator", f"{first}:{last}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    output = done.stdout + done.stderr
    held = {int(seed): digest for seed, digest in re.findall(r"^seed (\d+) held (\w+)", output, re.MULTILINE)}
    return Played(held, [seed for seed in range(first, last) if seed not in held], output)
