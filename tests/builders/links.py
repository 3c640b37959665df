"""A bad line between two processes: a TCP proxy on loopback with a rate, a round trip, jitter, stalls and a cut.

What is modelled: each way has a rate of its own, which all connections share; a byte is there half a round trip after
it has left; order is kept; a connection pays the round trip of its TCP handshake before its first byte. Nothing is ever
lost, as TCP would send it again: a line that is silent holds back, and goes on where it stopped. Rates count what TCP
carries (TLS included), not its own headers. What waits is bounded: who sends more than the line takes is held up.
"""

import asyncio
import random
import socket
import struct
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final, Self

FOREVER: Final = float("inf")
PIECE_S: Final = 0.05
"""A line takes as much at once as passes in this time, and may be as much ahead after it overslept."""
PIECE_BYTES_MIN, PIECE_BYTES_MAX = 48, 16_384
WAITING_BYTES: Final = 4_096
"""Of each connection and way, held by the proxy; the kernel is asked to hold no more (it doubles that)."""
IN_FLIGHT_BYTES_MAX: Final = 1 << 20
"""Left and not yet arrived, of each connection and way: a target that does not read holds up the sender."""


@dataclass(frozen=True, slots=True)
class Stalls:
    """Times without a byte in either direction."""

    every_s: float
    """From the end of one to the beginning of the next; by chance half as long to half as long again."""
    for_s: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a line is."""

    up_bits_per_s: float = FOREVER
    """Towards the target."""
    down_bits_per_s: float = FOREVER
    """Back to who connected."""
    round_trip_s: float = 0.0
    """There and back. Each way takes half of it, beside the time that the bytes need at their rate."""
    jitter_s: float = 0.0
    """Each way takes up to this much longer, by chance."""
    stalls: Stalls | None = None

    @classmethod
    def of(cls, bits_per_s: float, round_trip_s: float, *, jitter_s: float = 0, stalls: Stalls | None = None) -> Self:
        """A line that is the same both ways."""
        return cls(bits_per_s, bits_per_s, round_trip_s, jitter_s, stalls)


PERFECT: Final = Quality()
RADIO: Final = Quality.of(9_600, 0.7, jitter_s=0.05, stalls=Stalls(every_s=8, for_s=1.5))
"""SYNC's worst line: 9.6 kbit/s, 700 ms there and back, with stalls."""
SATELLITE: Final = Quality.of(128_000, 0.5)
"""128 kbit/s, 500 ms there and back."""


class Link:
    """One line: what connects to `port` of loopback reaches `target_port`. It lives in a thread of its own.

    Byte counters count what was put on the line since it was laid, arrived or not: that is what a line costs.
    """

    def __init__(self, target_port: int, quality: Quality = PERFECT, *, port: int = 0, seed: int = 0) -> None:
        self._target_port = target_port
        self._open, self._cut_at = True, FOREVER
        self._talks: set[asyncio.Task[None]] = set()
        self._weather = _Weather(random.Random(seed))
        self._up = _Way(self._weather, random.Random(seed + 1))
        self._down = _Way(self._weather, random.Random(seed + 2))
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="link", daemon=True)
        self._thread.start()
        self.become(quality)
        self._server: asyncio.Server = self._run(self._listen(port))
        self.port: int = self._server.sockets[0].getsockname()[1]
        """Where to connect to."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    @property
    def up_bytes(self) -> int:
        """Sent towards the target."""
        return self._up.carried_bytes

    @property
    def down_bytes(self) -> int:
        """Sent back to who connected."""
        return self._down.carried_bytes

    @property
    def carried_bytes(self) -> int:
        """Both ways together."""
        return self.up_bytes + self.down_bytes

    def become(self, quality: Quality) -> None:
        """Be as good as this from now on."""
        self._run(self._become(quality))

    def cut(self) -> None:
        """Reset every connection, with what is on its way; connections are reset as they come until it is mended."""
        self._run(self._cut())

    def cut_after(self, more_bytes: int) -> None:
        """Cut by itself as soon as so many more bytes, both ways together, were put on the line."""
        self._cut_at = self.carried_bytes + more_bytes

    def stall(self, for_s: float = FOREVER) -> None:
        """Be silent for so long, or until mended: no byte leaves, and nobody is told. New connections hear nothing."""
        self._run(self._stall(for_s))

    def mend(self) -> None:
        """Let everything through again; what a silent line has held back goes on."""
        self._run(self._mend())

    def close(self) -> None:
        """Take the line down for good. Safe to repeat."""
        if self._loop.is_closed():
            return
        self._run(self._take_down())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self, port: int) -> asyncio.Server:
        door = _small(socket.socket())
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        return await asyncio.start_server(self._talk, sock=door, limit=WAITING_BYTES)

    async def _become(self, quality: Quality) -> None:
        self._weather.become(quality.stalls)
        self._up.become(quality.up_bits_per_s, quality)
        self._down.become(quality.down_bits_per_s, quality)

    async def _stall(self, for_s: float) -> None:
        self._weather.stall(for_s)

    async def _mend(self) -> None:
        self._open, self._cut_at = True, FOREVER
        self._weather.clear()

    async def _cut(self) -> None:
        self._open, self._cut_at = False, FOREVER
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _take_down(self) -> None:
        self._server.close()
        await self._cut()
        self._weather.become(None)
        await asyncio.sleep(0)  # what was cancelled notices

    async def _talk(self, caller: asyncio.StreamReader, to_caller: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        writers, ended = [to_caller], False
        try:
            if self._open:
                target, to_target = await self._reach()
                writers.append(to_target)
                shaken_at = self._loop.time() + self._up.delay_s + self._down.delay_s
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._carry(caller, to_target, self._up, shaken_at))
                    both.create_task(self._carry(target, to_caller, self._down, shaken_at))
                ended = True
        except* (OSError, asyncio.CancelledError):
            pass  # a cut line looks the same from both ends: the connection is gone
        finally:
            self._talks.discard(talk)
            for writer in writers:
                _hang_up(writer, reset=not ended)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reaching = _small(socket.socket())
        reaching.setblocking(False)
        try:
            await self._loop.sock_connect(reaching, ("127.0.0.1", self._target_port))
        except BaseException:
            reaching.close()
            raise
        return await asyncio.open_connection(sock=reaching, limit=WAITING_BYTES)

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: "_Way", shaken_at: float
    ) -> None:
        flight = _Flight(sink)
        async with asyncio.TaskGroup() as both:
            both.create_task(flight.land())
            await _sleep_until(shaken_at)
            while piece := await source.read(way.piece_bytes):
                await flight.has_room()
                flight.depart(piece, await way.carry(len(piece)))
                if self.carried_bytes >= self._cut_at:
                    both.create_task(self._cut_from_within())
            flight.depart(b"", await way.carry(0))

    async def _cut_from_within(self) -> None:
        self._open, self._cut_at = False, FOREVER
        for talk in self._talks:
            talk.cancel()


class _Weather:
    """When no byte goes, in either direction."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._silent_until = 0.0
        self._changed = asyncio.Event()
        self._stalling: asyncio.Task[None] | None = None

    def become(self, stalls: Stalls | None) -> None:
        """Stall this often from now on."""
        if self._stalling is not None:
            self._stalling.cancel()
        self._stalling = None if stalls is None else asyncio.ensure_future(self._stall_at_times(stalls))

    def stall(self, for_s: float) -> None:
        """No byte for so long."""
        self._silent_until = max(self._silent_until, asyncio.get_running_loop().time() + for_s)

    def clear(self) -> None:
        """Whatever stalls is over."""
        self._silent_until = 0.0
        self._changed.set()
        self._changed = asyncio.Event()

    async def fair(self) -> None:
        """Wait until bytes go."""
        while (left := self._silent_until - asyncio.get_running_loop().time()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if left == FOREVER else left)

    async def _stall_at_times(self, stalls: Stalls) -> None:
        while True:
            await asyncio.sleep(stalls.every_s * self._chance.uniform(0.5, 1.5))
            self.stall(stalls.for_s)
            await self.fair()


class _Way:
    """One direction, shared by all connections: a bucket of tokens, and a delay."""

    def __init__(self, weather: _Weather, chance: random.Random) -> None:
        self._weather = weather
        self._chance = chance
        self._turn = asyncio.Lock()
        self._free_at = self._arrived_at = 0.0
        self.carried_bytes = 0

    def become(self, bits_per_s: float, quality: Quality) -> None:
        """Take the bytes at this rate from now on."""
        self._bytes_per_s = bits_per_s / 8
        self.delay_s = quality.round_trip_s / 2
        self._jitter_s = quality.jitter_s
        self.piece_bytes = int(min(PIECE_BYTES_MAX, max(PIECE_BYTES_MIN, self._bytes_per_s * PIECE_S)))

    async def carry(self, count: int) -> float:
        """Wait until so many bytes have left, one piece after another; when they arrive."""
        async with self._turn:
            await self._weather.fair()
            self._free_at = max(self._free_at, asyncio.get_running_loop().time() - PIECE_S) + count / self._bytes_per_s
            await _sleep_until(self._free_at)
            self.carried_bytes += count
            arrives_at = asyncio.get_running_loop().time() + self.delay_s + self._jitter_s * self._chance.random()
            self._arrived_at = max(self._arrived_at, arrives_at)
            return self._arrived_at


class _Flight:
    """What has left on one connection and not yet arrived."""

    def __init__(self, sink: asyncio.StreamWriter) -> None:
        sink.transport.set_write_buffer_limits(high=0)
        self._sink = sink
        self._pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self._bytes = 0
        self._landed = asyncio.Event()

    async def has_room(self) -> None:
        """Wait until the target has read enough."""
        while self._bytes > IN_FLIGHT_BYTES_MAX:
            self._landed.clear()
            await self._landed.wait()

    def depart(self, piece: bytes, arrives_at: float) -> None:
        """This piece has left; an empty one says that nothing follows."""
        self._bytes += len(piece)
        self._pieces.put_nowait((arrives_at, piece))

    async def land(self) -> None:
        """Hand over each piece when it arrives, until nothing follows."""
        while True:
            arrives_at, piece = await self._pieces.get()
            await _sleep_until(arrives_at)
            if not piece:
                self._sink.write_eof()
                return
            self._sink.write(piece)
            await self._sink.drain()
            self._bytes -= len(piece)
            self._landed.set()


def _small(made: socket.socket) -> socket.socket:
    for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        made.setsockopt(socket.SOL_SOCKET, buffer, WAITING_BYTES)
    return made


def _hang_up(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    if not reset:
        writer.close()
        return
    with suppress(OSError):  # the other end was faster
        joined = writer.get_extra_info("socket")
        joined.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _sleep_until(moment: float) -> None:
    left = moment - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)
