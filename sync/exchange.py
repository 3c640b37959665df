"""All of the exchange for one node: both doors, the dialler and its round, started and stopped together."""

import asyncio
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from sync.channel import TlsIdentity
from sync.client import Dialler
from sync.conversation import Conversations, Ended, nobody, nobody_hears
from sync.effects import Counts, Outcome
from sync.enrolment import EnrolmentServer, Registrar
from sync.loop import Clock, Rounds
from sync.ports import Peer, PeerBook
from sync.schedule import Schedule
from sync.server import ExchangeServer
from sync.threads import Threads


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a node listens now; 0: that door is not open."""

    exchange: int = 0
    enrolment: int = 0


class Exchange:
    """One node's exchange. Built inside the event loop it runs in; every call to the node runs in `executor`.

    A node that only dials, such as a laptop in a shelter, never calls `listen`.
    """

    def __init__(
        self,
        book: PeerBook,
        identity: TlsIdentity,
        executor: Executor,
        *,
        told: Callable[[Ended], None] = nobody,
        rested: Callable[[Ended], None] = nobody,
        moved: Callable[[Peer, Counts], None] = nobody_hears,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._identity = identity
        self._told = told
        self._rested = rested
        self._conversations = Conversations(
            book, Threads(executor), told=self._ended, rested=self._has_rested, moved=moved
        )
        self._dialler = Dialler(self._conversations, identity)
        clock = Clock(asyncio.get_running_loop().time, asyncio.sleep)
        self._rounds = Rounds(self._dial_to_stay, self._peers, Schedule(chance), clock)
        self._round: asyncio.Task[None] | None = None
        self._server: ExchangeServer | None = None
        self._enrolment: EnrolmentServer | None = None

    async def listen(self, listen: str, *, enrolment: str | None = None, registrar: Registrar | None = None) -> Ports:
        """Open the door for peers on "host:port", and where both are given the one for enrolment.

        Raises:
            ListenFailed: an address can't be had.
        """
        self._server = ExchangeServer(self._conversations, self._identity)
        exchange_port = await self._server.start(listen)
        if enrolment is None or registrar is None:
            return Ports(exchange_port)
        self._enrolment = EnrolmentServer(registrar, self._identity, self._conversations.threads, self.refresh)
        return Ports(exchange_port, await self._enrolment.start(enrolment))

    def begin(self) -> None:
        """Dial by the schedule from now on."""
        self._round = asyncio.ensure_future(self._rounds.run())

    async def converse(self, peer: Peer) -> Outcome:
        """One conversation with this peer now, whatever the schedule says."""
        return await self._dialler.converse(peer)

    def poke(self, organisation: str | None = None) -> None:
        """The operator wants an exchange now."""
        self._rounds.poke(organisation)
        self._conversations.news()

    def news(self) -> None:
        """Something was written to the ledger."""
        self._rounds.news()
        self._conversations.news()

    async def refresh(self) -> None:
        """Roster, enrolments or revocations have changed: let in whom the peer book names now."""
        if self._server is not None:
            await self._server.refresh()
        else:
            self._conversations.keep_only(await self._admitted())

    async def stop(self) -> None:
        """Let conversations say goodbye, then close everything. To be awaited before the ledger is closed."""
        self._rounds.stop()
        self._conversations.stop()
        if self._enrolment is not None:
            await self._enrolment.stop()
        if self._server is not None:
            await self._server.stop()
        if self._round is not None:
            await self._round
        await self._conversations.settled()

    async def _peers(self) -> Sequence[Peer]:
        """Whom to dial; the door is brought up to date by the same look."""
        await self.refresh()
        return await self._conversations.threads.ask(self._conversations.book.peers)

    async def _admitted(self) -> set[bytes]:
        peers = await self._conversations.threads.ask(self._conversations.book.peers)
        return {certificate for peer in peers for certificate in peer.tls_certificates}

    async def _dial_to_stay(self, peer: Peer) -> Outcome:
        return await self._dialler.converse(peer, stays=True)

    def _has_rested(self, ended: Ended) -> None:
        self._rounds.rested(ended)
        self._rested(ended)

    def _ended(self, ended: Ended) -> None:
        self._rounds.ended(ended)
        self._told(ended)
