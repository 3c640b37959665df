"""What a town hall has to buy: disk and memory of a home node, by how many people it knows.

All people are in the register, and one in thirty-three stays at a shelter. Memory is that of the daemon once it listens
and has looked through its ledger; disk is the file with its write-ahead log folded in.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from node.ledger import Arrival
from tests.benchmarks.hall import listen, serving
from tests.benchmarks.population import arrivals
from tests.benchmarks.report import Line
from tests.benchmarks.town import STAYING_ONE_IN, hall

PEOPLE = (10_000, 100_000)
QUICK = (500,)
UNIT = 10_000
MB = 1e6
SETTLING_S = 3.0
MODULES = "import grpc, google.protobuf, pydantic, nacl.bindings, sqlcipher3, resource"


def measure(*, quick: bool) -> Iterator[Line]:
    """A town after the other; for each, megabytes on disk and in memory."""
    bare = _bare_mb()
    for people in QUICK if quick else PEOPLE:
        folder = hall(people).folder
        disk, content = _disk_mb(folder), sum(len(one.record.sealed.body) for one in _records(people)) / MB
        listen(folder, "127.0.0.1:0")
        with serving(folder) as (process, _):
            time.sleep(SETTLING_S)
            memory = _resident_mb(process)
        yield Line(
            f"footprint: disk, {people:,} people",
            disk,
            "MB",
            "",
            met=True,
            ratio=disk / content,
            against=f"the bare records: {content:,.1f} MB; {disk / people * UNIT:,.1f} MB per {UNIT:,}",
        )
        yield Line(
            f"footprint: memory, {people:,} people",
            memory,
            "MB",
            "",
            met=True,
            ratio=memory / bare,
            against=f"Python with the libraries alone: {bare:,.0f} MB",
        )


def _records(people: int) -> Iterator[Arrival]:
    return arrivals(people, staying_one_in=STAYING_ONE_IN)


def _disk_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MB


def _resident_mb(process: int) -> float:
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / MB


def _bare_mb() -> float:
    """An interpreter that has loaded what a node is built on."""
    code = f"{MODULES}; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout) * 1024 / MB
