"""A line between two towns that can be cut: a TCP relay on loopback."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_CHUNK_BYTES = 65_536


class Lines:
    """All lines of the demo, relayed in one thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="lines", daemon=True)
        self._thread.start()
        self._all: list[Line] = []

    def lay(self, target_port: int) -> "Line":
        """Lay a line to what listens, or will listen, on that port of loopback."""
        line = Line(target_port, self.run)
        self._all.append(line)
        return line

    def cut(self) -> None:
        """Cut every line, what is on its way included."""
        for line in self._all:
            line.cut()

    def mend(self) -> None:
        """Mend every line."""
        for line in self._all:
            line.mend()

    def carried_bytes(self) -> int:
        """What all lines have carried so far, both ways."""
        return sum(line.carried_bytes for line in self._all)

    def close(self) -> None:
        """Take all lines down. Safe to repeat."""
        if self._loop.is_closed():
            return
        for line in self._all:
            line.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run on the lines' own thread and wait for the outcome."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)


class Line:
    """One relay: what connects to `port` reaches the target, unless the line is cut."""

    def __init__(self, target_port: int, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._target_port = target_port
        self._run = run
        self._open = True
        self._talks: set[asyncio.Task[None]] = set()
        self.carried_bytes = 0
        """Bytes carried both ways since the line was laid."""
        self._server: asyncio.Server = run(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        """Where to connect to."""

    def cut(self) -> None:
        """Break every talk and refuse new ones; the port stays ours."""
        self._open = False
        self._run(self._break_talks())

    def mend(self) -> None:
        """Let talks through again."""
        self._open = True

    def close(self) -> None:
        """Take the line down for good."""
        self._open = False
        self._run(self._take_down())

    async def _take_down(self) -> None:
        """In the loop the server lives in: closed from another thread, it can meet the end of its own last talk."""
        self._server.close()
        await self._break_talks()

    async def _break_talks(self) -> None:
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, caller: asyncio.StreamReader, to_caller: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        to_target: asyncio.StreamWriter | None = None
        try:
            if self._open:
                target, to_target = await asyncio.open_connection("127.0.0.1", self._target_port)
                await asyncio.gather(self._carry(caller, to_target), self._carry(target, to_caller))
        except (OSError, asyncio.CancelledError):
            pass  # a cut line looks the same from both ends: the connection is gone
        finally:
            self._talks.discard(talk)
            for writer in (to_caller, to_target):
                if writer is not None:
                    writer.transport.abort()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while chunk := await source.read(_CHUNK_BYTES):
            self.carried_bytes += len(chunk)
            sink.write(chunk)
            await sink.drain()
        with contextlib.suppress(OSError):
            sink.write_eof()
