"""A caller that speaks HTTP/2 frame by frame, and so can leave out whatever a library would do by itself."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.channel import TLS_NAME, TlsIdentity

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_HEADERS, ACK = 4, 1
INITIAL_WINDOW_SIZE = 4


class RawLine:
    """One TLS connection. Frames that come are kept by kind and stream; pings and settings are answered."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard: list[tuple[int, int]] = []
        """Kind and stream of each frame that came."""
        self.closed = False
        self._reader, self._writer = reader, writer
        self._came = asyncio.Condition()
        self._hearing = asyncio.ensure_future(self._hear())

    async def begin(self, *, window: int = 65_535) -> None:
        """Preface and settings; the window is how many bytes of a stream the other side may send before it is asked
        to go on."""
        self._writer.write(PREFACE)
        await self.frame(SETTINGS, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, window))

    async def call(self, stream: int, method: str, body: bytes | None = None) -> None:
        """Begin a call on a stream of an odd number, with one message, or with none yet."""
        said = {":method": "POST", ":scheme": "https", ":path": method, ":authority": TLS_NAME,
                "content-type": "application/grpc", "te": "trailers"}  # fmt: skip
        await self.frame(HEADERS, stream, b"".join(map(_literal, said, said.values())), flags=END_HEADERS)
        if body is not None:
            await self.frame(DATA, stream, b"\0" + len(body).to_bytes(4, "big") + body)

    async def frame(self, kind: int, stream: int, payload: bytes = b"", *, flags: int = 0) -> None:
        """Any frame, as long as the line stands."""
        self._writer.write(len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload)
        with suppress(ConnectionError):  # whether it was hung up on is for `hears` to say
            await self._writer.drain()

    async def hears(self, *kinds: int, stream: int) -> int:
        """Wait for a frame of one of these kinds on this stream, or the end of the connection, which is GOAWAY."""
        async with self._came:
            await self._came.wait_for(lambda: self.closed or any((kind, stream) in self.heard for kind in kinds))
        return next((kind for kind in kinds if (kind, stream) in self.heard), GOAWAY)

    async def close(self) -> None:
        """Hang up."""
        self._hearing.cancel()
        await asyncio.gather(self._hearing, return_exceptions=True)
        self._writer.transport.abort()

    async def _hear(self) -> None:
        try:
            while True:
                head = await self._reader.readexactly(9)
                payload = await self._reader.readexactly(int.from_bytes(head[:3], "big"))
                kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
                if kind in {SETTINGS, PING} and not flags & ACK:
                    await self.frame(kind, 0, payload if kind == PING else b"", flags=ACK)
                await self._note(kind, stream)
        except (OSError, EOFError):
            async with self._came:
                self.closed = True
                self._came.notify_all()

    async def _note(self, kind: int, stream: int) -> None:
        async with self._came:
            self.heard.append((kind, stream))
            self._came.notify_all()


@asynccontextmanager
async def raw_line(port: int, identity: TlsIdentity | None = None) -> AsyncIterator[RawLine]:
    """A connection to a port of this machine, with this certificate or with none."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    if identity is not None:
        with TemporaryDirectory() as folder:
            (Path(folder) / "key").write_bytes(identity.key)
            (Path(folder) / "certificate").write_bytes(identity.certificate)
            context.load_cert_chain(Path(folder) / "certificate", Path(folder) / "key")
    line = RawLine(*await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=TLS_NAME))
    try:
        yield line
    finally:
        await line.close()


def _literal(name: str, value: str) -> bytes:
    """One header, as a literal that nobody has to remember (RFC 7541, 6.2.2), without Huffman coding."""
    return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
