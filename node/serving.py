"""Whether a process of this node speaks with its peers just now, and how another process asks it to do so at once.

Who speaks holds a lock that the system lets go of with it, however it ends: what was written down of open conversations
counts only while somebody holds it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

EVERYBODY: Final = "*"


@dataclass(frozen=True, slots=True)
class Serving:
    """The two files by which the processes of one node know of each other."""

    lock: Path
    """Held while a process speaks; what stands in it means nothing."""
    wish: Path
    """Whose exchange was asked for last: the code of an organisation, or "*"."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """While this process speaks; several may."""
        with self._opened() as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    def is_held(self) -> bool:
        """Whether a process speaks now, this one or another."""
        if not self.lock.exists():
            return False
        with self._opened() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def ask(self, organisation: str | None) -> None:
        """Ask whoever speaks for an exchange now, with one organisation or all."""
        self.wish.write_text(organisation or EVERYBODY, encoding="ascii")

    def last_asked(self) -> int:
        """When something was asked last, in nanoseconds of the file; 0: never."""
        try:
            return self.wish.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def asked_for(self) -> str | None:
        """The organisation that was asked for last; None: all."""
        organisation = self.wish.read_text(encoding="ascii").strip()
        return None if organisation == EVERYBODY else organisation

    @contextmanager
    def _opened(self) -> Iterator[int]:
        file = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield file
        finally:
            os.close(file)
