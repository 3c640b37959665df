"""Joins the parts of a running node: the exchange, the ledger beside it, and the wall clock."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import structlog

from node.errors import PeerUnknown
from node.installation import Installation
from node.notify import NOBODY, Notifier
from node.trust.tls import pem
from node.vault import TLS_CERTIFICATE, TLS_KEY
from node.watch import Watch
from sync.channel import TlsIdentity
from sync.conversation import Ended, nobody_hears
from sync.effects import Counts, Outcome
from sync.enrolment import Registrar
from sync.exchange import Exchange, Ports
from sync.ports import Peer

THREADS: Final = 6

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """How one conversation went."""

    peer: Peer
    outcome: Outcome


class Daemon:
    """A node that speaks with its peers until it is stopped. Lives in one event loop."""

    def __init__(
        self,
        node: Installation,
        *,
        told: Callable[[Ended], None] = lambda _ended: None,
        moved: Callable[[Peer, Counts], None] = nobody_hears,
    ) -> None:
        self._node = node
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="moyai")
        self._exchange = Exchange(node.book(), tls_identity(node), self._threads, told=told, moved=moved)
        self._watch: asyncio.Task[None] | None = None
        self._serving = ExitStack()

    async def start(self, registrar: Registrar | None = None) -> Ports:
        """Open the doors of a home node, and begin to dial. Raises ListenFailed."""
        serving = self._node.directory.serving
        if not serving.is_held():
            with self._node.ledger.write() as writing:
                writing.none_open()
        self._serving.enter_context(serving.held())
        ports = Ports()
        config = self._node.config
        if self._node.is_home and config.listen:
            ports = await self._exchange.listen(
                config.listen, enrolment=config.enrolment_listen or None, registrar=registrar
            )
        self._exchange.begin()
        self._watch = asyncio.ensure_future(Watch(self._node, self._exchange, self._threads).keep())
        return ports

    def poke(self, organisation: str | None = None) -> None:
        """Exchange now."""
        self._exchange.poke(organisation)

    async def live(self, notifier: Notifier) -> None:
        """Give the service manager signs of life until cancelled."""
        await notifier.live(self._threads)

    async def stop(self) -> None:
        """Let conversations say goodbye, then stop. The ledger is the caller's to close."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._exchange.stop()
        self._threads.shutdown()
        self._serving.close()


async def serve(
    node: Installation,
    *,
    registrar: Registrar | None = None,
    ready: Callable[[Ports], None],
    notifier: Notifier = NOBODY,
    told: Callable[[Ended], None] = lambda _ended: None,
    moved: Callable[[Peer, Counts], None] = nobody_hears,
) -> None:
    """Run until SIGTERM or SIGINT, then stop gracefully; the service manager hears of it.

    `told` and `moved` hear of every conversation.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    daemon = Daemon(node, told=told, moved=moved)
    living: asyncio.Task[None] | None = None
    try:
        ready(await daemon.start(registrar))
        living = asyncio.ensure_future(daemon.live(notifier))
        await stopping.wait()
        _log.info("stopping")
        notifier.stopping()
    finally:
        if living is not None:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
        await daemon.stop()


async def exchange_once(
    node: Installation, organisation: str | None, *, moved: Callable[[Peer, Counts], None] = nobody_hears
) -> list[Spoken]:
    """One conversation with each peer that can be dialled, or with one organisation; `moved` hears how it goes.

    Raises:
        PeerUnknown: nobody of that organisation can be dialled from here.
    """
    with ThreadPoolExecutor(THREADS, thread_name_prefix="moyai") as threads:
        chosen = dialled_peers(node, organisation)
        exchange = Exchange(node.book(), tls_identity(node), threads, moved=moved)
        try:
            return [Spoken(peer, await exchange.converse(peer)) for peer in chosen]
        finally:
            await exchange.stop()


def dialled_peers(node: Installation, organisation: str | None) -> list[Peer]:
    """Whom this node can dial, of one organisation or of all.

    Raises:
        PeerUnknown: nobody.
    """
    peers = [peer for peer in node.book().peers() if peer.endpoints]
    chosen = [peer for peer in peers if organisation in (None, peer.organisation)]
    if not chosen:
        known = ", ".join(peer.organisation for peer in peers)
        raise PeerUnknown(organisation=organisation or "-", known=known or "-")
    return chosen


def dialled(spoken: Sequence[Spoken]) -> bool:
    """Whether every conversation came to its end."""
    return all(one.outcome.reason == "DONE" for one in spoken)


def tls_identity(node: Installation) -> TlsIdentity:
    """What this node shows on a connection."""
    key, certificate = node.ledger.secret(TLS_KEY), node.ledger.secret(TLS_CERTIFICATE)
    assert key is not None  # noqa: S101 -- written when the ledger was made
    assert certificate is not None  # noqa: S101
    return TlsIdentity(key=key, certificate=pem(certificate))
