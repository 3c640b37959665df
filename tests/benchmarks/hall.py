"""A home node's daemon in a process of its own, so that its memory can be looked at: python -m tests.benchmarks.hall"""

import asyncio
import sys
import time
from contextlib import closing
from pathlib import Path

from node.installation import open_node
from node.service import serve
from sync.exchange import Ports
from tests.builders.trust import NOW_MS


def main(folder: str) -> None:
    """Serve until told to stop. The day is the one on which the made-up federation was founded."""
    began = time.monotonic()

    def now_ms() -> int:
        return NOW_MS + int(1000 * (time.monotonic() - began))

    def ready(ports: Ports) -> None:
        print(ports.exchange, flush=True)

    node = open_node(Path(folder), passphrase=lambda: "", now_ms=now_ms, entropy=bytes)
    with closing(node):
        asyncio.run(serve(node, ready=ready))


if __name__ == "__main__":
    main(sys.argv[1])
