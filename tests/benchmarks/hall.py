"""A daemon in a process of its own, for as long as a benchmark needs it: python -m tests.benchmarks.hall [folder]"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from node.chance import entropy
from node.installation import open_node
from node.logs import log_to_stderr
from node.service import serve
from sync.exchange import Ports
from tests.builders.trust import NOW_MS

ROOT = Path(__file__).parents[2]


def main(folder: str) -> None:
    """Serve until told to stop. The day is the one on which the made-up federation was founded."""
    log_to_stderr()
    began = time.monotonic()

    def now_ms() -> int:
        return NOW_MS + int(1000 * (time.monotonic() - began))

    def ready(ports: Ports) -> None:
        print(ports.exchange, flush=True)

    with closing(open_node(Path(folder), passphrase=lambda: "", now_ms=now_ms, entropy=entropy)) as node:
        asyncio.run(serve(node, ready=ready))


@contextmanager
def serving(node: Path) -> Iterator[tuple[int, int]]:
    """The daemon of the node in this folder: number of its process, and its port where it listens."""
    command = [sys.executable, "-m", "tests.benchmarks.hall", str(node)]
    environment = {**os.environ, "MALLOC_ARENA_MAX": "2"}  # as the unit and the image of deploy/ have it
    with (
        node.with_suffix(".log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=environment) as process,
    ):
        try:
            assert process.stdout is not None
            yield process.pid, int(process.stdout.readline())
        finally:
            process.terminate()


def listen(node: Path, where: str) -> None:
    """Have the home node in this folder listen there."""
    config = node / "node.toml"
    config.write_text(config.read_text().replace('listen = ""', f'listen = "{where}"', 1))


if __name__ == "__main__":
    main(sys.argv[1])
