"""A real terminal around a real program: a pseudo-terminal of 80 by 24, its bytes counted and timed."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyte

COLUMNS, ROWS = 80, 24
CHUNK = 65_536


@dataclass(slots=True)
class Terminal:
    """What a person sees, and what went over the line to show it."""

    process: "subprocess.Popen[bytes]"
    master: int
    written: int = 0
    """Bytes the program has written so far."""
    tail: bytes = b""
    """The last of them as they came: pyte knows no second screen to come back from."""
    read_at: float = 0.0
    """When the last of them came; what is made of them here takes longer than that."""
    _screen: pyte.Screen = field(default_factory=lambda: pyte.Screen(COLUMNS, ROWS))
    _stream: pyte.ByteStream = field(init=False)

    def __post_init__(self) -> None:
        self._stream = pyte.ByteStream(self._screen)

    @property
    def shown(self) -> str:
        """The screen as text."""
        return "\n".join(self._screen.display)

    def garble(self) -> None:
        """Something else has written on the screen."""
        self._stream.feed(b"\x1b[2J\x1b[5;5Hrubbish")

    def type(self, keys: bytes) -> float:
        """Types; returns the moment before."""
        began = time.perf_counter()
        os.write(self.master, keys)
        return began

    def until_quiet(self, quiet_s: float, *, within_s: float = 60.0) -> float:
        """Reads until nothing was written for so long; the moment of the last byte.

        Raises:
            TimeoutError: it never fell quiet, or the program ended.
        """
        self.read_at = time.perf_counter()
        end = self.read_at + within_s
        while time.perf_counter() < end:
            if not self.read(quiet_s):
                return self.read_at
        raise TimeoutError(self.shown)

    def until_shown(self, text: str, *, within_s: float = 60.0) -> float:
        """Reads until the text stands on the screen; the moment it did.

        Raises:
            TimeoutError: it never did.
        """
        end = time.perf_counter() + within_s
        while text not in self.shown.replace(" ", ""):
            if time.perf_counter() > end or self.process.poll() is not None:
                raise TimeoutError(self.shown)
            self.read(0.05)
        return time.perf_counter()

    def read(self, within_s: float) -> bool:
        """Takes what was written, waiting for it at most so long; whether there was anything."""
        ready, _, _ = select.select([self.master], [], [], within_s)
        if not ready:
            return False
        try:
            chunk = os.read(self.master, CHUNK)
        except OSError:  # the program has ended
            return False
        self.read_at = time.perf_counter()
        self.written += len(chunk)
        self.tail = (self.tail + chunk)[-CHUNK:]
        self._stream.feed(chunk)
        return bool(chunk)


@contextmanager
def terminal(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """The program in a terminal of its own; it is ended when the block is left."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    surroundings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "", **environment}
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=surroundings, start_new_session=True
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(master)
