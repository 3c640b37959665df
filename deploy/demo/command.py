"""Runs `moyai` commands, each in a process of its own, forked from one that has the program loaded already."""

import io
import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from node.cli.main import COMMANDS, OUR_FAULT, main

WITHIN_S = 600
"""No command of the story takes nearly as long, not on a machine that is busy with other things either."""

_FORKS = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said."""

    code: int
    """Its exit code: 0 done, 1 refused, 4 no network."""
    said: str
    """Standard output."""
    complained: str
    """Standard error."""

    @property
    def json(self) -> Any:
        """The JSON on standard output."""
        return json.loads(self.said)

    @property
    def reason(self) -> str:
        """Why it was refused."""
        return str(json.loads(self.complained.splitlines()[-1])["reason"])


def load() -> None:
    """Load the program once, so that a command starts at once."""
    modules = {where.partition(":")[0] for where, _ in COMMANDS.values()}
    _FORKS.set_forkserver_preload(["node.cli.main", "deploy.demo.command", *sorted(modules)])


def run(words: Sequence[str], typed: str = "") -> Answer:
    """Run one command in a new process.

    Raises:
        TimeoutError: it did not end in time; the process is gone.
    """
    ours, theirs = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=_run, args=(list(words), typed, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(WITHIN_S):
            raise TimeoutError
        code, said, complained = ours.recv()
        return Answer(code, said, complained)
    except EOFError:
        return Answer(OUR_FAULT, "", "the process ended without a word")
    finally:
        ours.close()
        process.join(timeout=5)
        if process.is_alive():
            process.kill()
            process.join()


def _run(words: list[str], typed: str, answer: Connection) -> None:
    """In the new process: the command as the shell would run it, its two outputs kept apart."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries print below Python
    sys.stdin = io.StringIO(typed)
    said, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complained):
        try:
            main(words)
            code: Any = 0
        except SystemExit as ended:
            code = ended.code
    answer.send((int(code or 0), said.getvalue(), complained.getvalue()))
    answer.close()
