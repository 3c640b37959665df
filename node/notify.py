"""Tells the service manager how the node is, by systemd's notify protocol: a few words to the socket it names."""

import asyncio
import os
import socket
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Final, Self

PATIENCE_S: Final = 0.5
"""A manager that does not read is not waited for: ten words that wait fill its socket."""

BEATS: Final = 3
"""How many signs of life fall into the time after which the service manager takes the node for dead."""


class Notifier:
    """Speaks to whoever started this process, if they want to hear. Says nothing about a person."""

    def __init__(self, address: str = "", watchdog_s: float = 0.0) -> None:
        """`address` is a path, or a name that begins with "@"; "": nobody listens. `watchdog_s` 0: no sign of life is
        waited for."""
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._watchdog_s = watchdog_s

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """As the service manager says in the environment; a watchdog that is meant for another process is not ours."""
        meant_for = environment.get("WATCHDOG_PID", str(os.getpid()))
        wanted = environment.get("WATCHDOG_USEC", "") if meant_for == str(os.getpid()) else ""
        return cls(environment.get("NOTIFY_SOCKET", ""), int(wanted) / 1e6 if wanted.isdecimal() else 0.0)

    def ready(self, status: str) -> None:
        """It serves."""
        self._say("READY=1", f"STATUS={status}")

    def stopping(self) -> None:
        """It was asked to stop."""
        self._say("STOPPING=1", "STATUS=Saying goodbye to peers")

    async def live(self, threads: Executor) -> None:
        """Give signs of life until cancelled: as long as the event loop turns, and work is still taken up."""
        if not self._watchdog_s:
            return
        loop = asyncio.get_running_loop()
        while True:
            await loop.run_in_executor(threads, self._say, "WATCHDOG=1")
            await asyncio.sleep(self._watchdog_s / BEATS)

    def _say(self, *words: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.settimeout(PATIENCE_S)
            try:
                line.sendto("\n".join(words).encode(), self._address)
            except OSError:  # whoever listened has gone, or hangs: no reason to fail
                return


NOBODY: Final = Notifier()
"""Nobody wants to hear."""
