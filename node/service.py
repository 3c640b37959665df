"""Joins the parts of a running node: the exchange, the ledger beside it, and the wall clock."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from node.desk.post import JAPAN
from node.errors import PeerUnknown
from node.installation import Installation
from node.ledger import Life
from node.trust.tls import pem
from node.vault import ROSTER, TLS_CERTIFICATE, TLS_KEY
from sync.channel import TlsIdentity
from sync.conversation import Ended
from sync.effects import Outcome
from sync.enrolment import Registrar
from sync.errors import MoyaiError
from sync.exchange import Exchange, Ports
from sync.ports import Peer

LOOK_S: Final = 1.0
"""How often the ledger is looked at for what another process has written."""

SWEEP_S: Final = 60.0
"""How often what ends by time alone is looked for."""

THREADS: Final = 6

QUIET_HOURS: Final = range(2, 5)
"""In Japan: when a minute without writing disturbs nobody."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """How one conversation went."""

    peer: Peer
    outcome: Outcome


@dataclass(slots=True)
class _Watch:
    """What a daemon has seen of its ledger."""

    seen: tuple[int, bytes] | None = None
    """The newest sequence number, and the roster."""
    swept: float | None = None
    life: Life | None = None
    """Told of in the log, if it is not the first one."""


class Daemon:
    """A node that speaks with its peers until it is stopped. Lives in one event loop."""

    def __init__(self, node: Installation, *, told: Callable[[Ended], None] = lambda _ended: None) -> None:
        self._node = node
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="moyai")
        self._exchange = Exchange(node.book(), tls_identity(node), self._threads, told=told)
        self._watch: asyncio.Task[None] | None = None

    async def start(self, registrar: Registrar | None = None) -> Ports:
        """Open the doors of a home node, and begin to dial. Raises ListenFailed."""
        ports = Ports()
        config = self._node.config
        if self._node.is_home and config.listen:
            ports = await self._exchange.listen(
                config.listen, enrolment=config.enrolment_listen or None, registrar=registrar
            )
        self._exchange.begin()
        self._watch = asyncio.ensure_future(self._watch_ledger())
        return ports

    def poke(self, organisation: str | None = None) -> None:
        """Exchange now."""
        self._exchange.poke(organisation)

    async def stop(self) -> None:
        """Let conversations say goodbye, then stop. The ledger is the caller's to close."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._exchange.stop()
        self._threads.shutdown()

    async def _watch_ledger(self) -> None:
        """Notice what the desk beside this process writes, a new roster, and what ends by time."""
        watch = _Watch()
        while True:
            try:
                await self._look(watch)
            except MoyaiError as error:  # the ledger is busy or full just now: that must not be the last look
                _log.error("look_failed", reason=error.reason)
            await asyncio.sleep(LOOK_S)

    async def _look(self, watch: _Watch) -> None:
        loop = asyncio.get_running_loop()
        newest = await loop.run_in_executor(self._threads, self._as_of)
        if newest != watch.seen:
            await loop.run_in_executor(self._threads, self._tell_of_life, watch)
            await self._exchange.refresh()
            if watch.seen is not None:
                self._exchange.news()
            watch.seen = newest
        if watch.swept is None or loop.time() - watch.swept > SWEEP_S:
            watch.swept = loop.time()
            await loop.run_in_executor(self._threads, self._sweep)

    def _tell_of_life(self, watch: _Watch) -> None:
        life = self._node.ledger.life()
        if life != watch.life and life.began_ms:
            _log.warning("counts_on_from_above", why=life.why.name, twin_seen=bool(life.twin_seen_ms))
        watch.life = life

    def _as_of(self) -> tuple[int, bytes]:
        return self._node.ledger.newest_seq(), self._node.ledger.secret(ROSTER) or b""

    def _sweep(self) -> None:
        self._compact()
        gone = self._node.book().look_again()
        if gone:
            _log.info("held_without_ground_erased", records=gone)

    def _compact(self) -> None:
        """Write a large file anew in the quiet hours: unused parts of it may still hold what was erased."""
        hour = datetime.fromtimestamp(self._node.now_ms() / 1000, tz=JAPAN).hour
        if hour in QUIET_HOURS and self._node.ledger.compaction_due() and self._node.ledger.compact():
            _log.info("ledger_written_anew")


async def serve(node: Installation, *, registrar: Registrar | None = None, ready: Callable[[Ports], None]) -> None:
    """Run until SIGTERM or SIGINT, then stop gracefully."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    daemon = Daemon(node)
    try:
        ready(await daemon.start(registrar))
        await stopping.wait()
        _log.info("stopping")
    finally:
        await daemon.stop()


async def exchange_once(node: Installation, organisation: str | None) -> list[Spoken]:
    """One conversation with each peer that can be dialled, or with one organisation.

    Raises:
        PeerUnknown: nobody of that organisation can be dialled from here.
    """
    with ThreadPoolExecutor(THREADS, thread_name_prefix="moyai") as threads:
        exchange = Exchange(node.book(), tls_identity(node), threads)
        try:
            peers = [peer for peer in node.book().peers() if peer.endpoints]
            chosen = [peer for peer in peers if organisation in (None, peer.organisation)]
            if not chosen:
                raise PeerUnknown(organisation=organisation or "-")
            return [Spoken(peer, await exchange.converse(peer)) for peer in chosen]
        finally:
            await exchange.stop()


def dialled(spoken: Sequence[Spoken]) -> bool:
    """Whether every conversation came to its end."""
    return all(one.outcome.reason == "DONE" for one in spoken)


def tls_identity(node: Installation) -> TlsIdentity:
    """What this node shows on a connection."""
    key, certificate = node.ledger.secret(TLS_KEY), node.ledger.secret(TLS_CERTIFICATE)
    assert key is not None  # noqa: S101 -- written when the ledger was made
    assert certificate is not None  # noqa: S101
    return TlsIdentity(key=key, certificate=pem(certificate))
