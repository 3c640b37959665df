"""A clerk as a process of their own: writes one person after the other down, says each once it is saved, by any clock.

    python -m tests.builders.clerk FOLDER register COUNT [CLOCK_OFF_MS]
    python -m tests.builders.clerk FOLDER sync [CLOCK_OFF_MS]

It opens the node and uses its desk and its exchange as the `moyai` command does; only the clock is handed in.
"""

import asyncio
import sys
from contextlib import closing
from pathlib import Path

from node.chance import entropy, wall_clock_ms
from node.desk.views import NewPerson
from node.installation import Installation, open_node
from node.logs import log_to_stderr
from node.service import exchange_once
from tests.builders.trust import WAJIMA


def register(node: Installation, count: int) -> None:
    """Write people down; prints the subject and the newest counter and clock of each as soon as it is durable."""
    desk = node.desk("op-1")
    for number in range(count):
        person = NewPerson(family_name=f"{number:06}", address="1-1", municipality=WAJIMA)
        (subject,) = desk.register(person).subjects
        print(subject.hex(), node.ledger.counter(), node.ledger.clock(), flush=True)


def sync(node: Installation) -> None:
    """Exchange with everybody that can be dialled; prints how each conversation ended."""
    for spoken in asyncio.run(exchange_once(node, None)):
        print(spoken.outcome.reason, flush=True)


def main(folder: str, act: str, *numbers: str) -> None:
    """Do what was asked."""
    log_to_stderr(quiet=True)
    off_ms = int(numbers[-1]) if len(numbers) == (2 if act == "register" else 1) else 0
    node = open_node(Path(folder), passphrase=str, now_ms=lambda: wall_clock_ms() + off_ms, entropy=entropy)
    with closing(node):
        if act == "register":
            register(node, int(numbers[0]))
        else:
            sync(node)


if __name__ == "__main__":
    main(*sys.argv[1:])
