"""Starts and stops the nodes of the demo, and hands them commands as a clerk's shell would."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from deploy.demo import command
from deploy.demo.command import Answer
from deploy.demo.line import Line

T = TypeVar("T")

COMMAND = Path(sys.executable).with_name("moyai")
"""The command as it was installed beside the Python that runs the demo."""

HANDS = 3
"""Commands at a time: starting one waits for the disk now and then, so one more than the cores of a small machine."""

READY_WITHIN_S = 30


class StoryBroken(Exception):
    """A command did what the story does not expect: which one, and what it said."""


@dataclass(slots=True)
class Town:
    """One node: its folder, where it listens, its line, and its process while it runs."""

    code: str
    name: str
    folder: Path
    port: int
    line: Line
    lang: str
    operator: str = "desk-1"
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Where others reach it: its line, not its port."""
        return f"127.0.0.1:{self.line.port}"

    def does(self, *words: str, lines: Iterable[str] | None = None, allowed: Sequence[int] = (0,)) -> Answer:
        """Run one `moyai` command on this node.

        Raises:
            StoryBroken: if it ends with an exit code that is not allowed.
        """
        here = ("--node", str(self.folder), "--operator", self.operator, "--lang", self.lang, "--json")
        answer = command.run((*words, *here), "\n".join(lines or ()) + "\n")
        if answer.code not in allowed:
            raise StoryBroken(
                f"{self.name}: moyai {' '.join(words)} ended with {answer.code}\n{answer.said}{answer.complained}"
            )
        return answer

    def start(self) -> None:
        """Start its daemon and wait until it listens.

        Raises:
            StoryBroken: if it ends, or does not listen in time; its log says why.
        """
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(COMMAND), "serve"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._surroundings(),
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise StoryBroken(f"{self.name}: moyai serve does not listen\n{self._log.read_text(errors='replace')}")
            time.sleep(0.05)

    def stop(self) -> int | None:
        """Stop its daemon: asked first, killed when it does not hear. Safe to repeat; returns its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def desk(self, place: str) -> int:
        """Open its desk at that place on this terminal until the person at it leaves."""
        return subprocess.run(
            [str(COMMAND), "desk", "--place", place], env=self._surroundings(), check=False
        ).returncode

    @property
    def _log(self) -> Path:
        return self.folder.with_suffix(".log")

    def _surroundings(self) -> dict[str, str]:
        ours = {"MOYAI_NODE": str(self.folder), "MOYAI_OPERATOR": self.operator, "MOYAI_LANG": self.lang}
        return {**os.environ, **ours, "PYTHONUTF8": "1"}


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Do independent acts side by side; their outcomes in the order given."""
    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(lambda act: act(), acts))


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
