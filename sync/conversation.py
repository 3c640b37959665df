"""Every conversation of this node, dialled or called: how many at once, how each ended, and the end of them all."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from secrets import token_bytes

import structlog

from sync.effects import Counts, Outcome
from sync.errors import MoyaiError
from sync.frames import Goodbye
from sync.limits import SESSIONS_MAX, SESSIONS_PER_PEER_MAX, SILENCE_S_MAX
from sync.ports import Peer, PeerBook
from sync.portside import Portside
from sync.pump import Manner, Stream, Waiting, converse_over
from sync.reasons import Reason
from sync.threads import Threads

_log = structlog.get_logger(__name__)

CUT = Outcome("PEER_UNREACHABLE", said_by_peer=False, counts=Counts())
"""How a conversation ends that was cut before it could say how it ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A conversation that has ended."""

    peer: Peer
    dialled: bool
    outcome: Outcome


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """A conversation under way or at rest."""

    peer: Peer
    news: asyncio.Event
    leave: asyncio.Event


def nobody(ended: Ended) -> None:
    """Tells nobody."""


def nobody_hears(peer: Peer, counts: Counts) -> None:
    """Tells nobody."""


class Conversations:
    """What the server and the dialler share. `told` is called in the event loop whenever a conversation has ended."""

    def __init__(
        self,
        book: PeerBook,
        threads: Threads,
        *,
        told: Callable[[Ended], None] = nobody,
        rested: Callable[[Ended], None] = nobody,
        moved: Callable[[Peer, Counts], None] = nobody_hears,
        entropy: Callable[[int], bytes] = token_bytes,
        silence_s: float = SILENCE_S_MAX,
    ) -> None:
        self.book = book
        self.threads = threads
        self.told = told
        self.rested = rested
        self._moved = moved
        self._entropy = entropy
        self._silence_s = silence_s
        self._open: set[_Open] = set()
        self._stopping = False
        self._seats: Counter[tuple[str, bytes]] = Counter()
        self._unwritten: set[asyncio.Task[None]] = set()

    async def hold(self, stream: Stream, peer: Peer, *, dialled: bool, stays: bool = False) -> Outcome:
        """Hold a conversation with this peer over this stream; BUSY where limits.py allows no more of them."""
        seat = (peer.organisation, peer.node)
        if self._seats[seat] >= SESSIONS_PER_PEER_MAX or self._seats.total() >= SESSIONS_MAX:
            await turn_away(stream, Reason.BUSY)
            return Outcome(Reason.BUSY, said_by_peer=False, counts=Counts())
        self._seats[seat] += 1
        portside = Portside(self.book, peer)
        held = _Open(peer, asyncio.Event(), asyncio.Event())
        self._open.add(held)
        if self._stopping:
            held.leave.set()

        async def rested(outcome: Outcome) -> None:
            await self._shielded(self._write(Ended(portside.peer, dialled, outcome), self.rested))

        manner = Manner(dialled, self._entropy, stays, rested, lambda counts: self._moved(portside.peer, counts))
        waiting = Waiting(held.leave, held.news, self._silence_s)
        outcome = CUT
        try:
            outcome = await converse_over(stream, portside, self.threads, waiting, manner, book=self.book)
        finally:
            self._open.discard(held)
            self._seats[seat] -= 1
            await self.ended(Ended(portside.peer, dialled, outcome))
        return outcome

    def news(self) -> None:
        """Something was written here: every resting conversation looks whether the other side may have it."""
        for held in self._open:
            held.news.set()

    def keep_only(self, admitted: Collection[bytes]) -> None:
        """Part from peers of whose certificates (DER) none is admitted any more: revoked, or gone from the roster."""
        for held in self._open:
            if not held.peer.tls_certificates or not set(held.peer.tls_certificates) & set(admitted):
                held.leave.set()

    async def ended(self, ended: Ended) -> None:
        """Write down how it ended, even if whoever waits for it is cancelled meanwhile."""
        await self._shielded(self._write(ended, self.told))

    async def _shielded(self, act: Coroutine[None, None, None]) -> None:
        writing = asyncio.ensure_future(act)
        self._unwritten.add(writing)
        writing.add_done_callback(self._unwritten.discard)
        await asyncio.shield(writing)

    def stop(self) -> None:
        """Let every conversation say goodbye as soon as what it is doing is done."""
        self._stopping = True
        for held in self._open:
            held.leave.set()

    async def settled(self) -> None:
        """Wait until the end of every conversation is written down."""
        await asyncio.gather(*self._unwritten, return_exceptions=True)

    async def _write(self, ended: Ended, told: Callable[[Ended], None]) -> None:
        counts = ended.outcome.counts
        _log.info(
            "conversation_rests" if told is self.rested else "conversation_ended",
            peer=ended.peer.node.hex()[:8],
            organisation=ended.peer.organisation,
            dialled=ended.dialled,
            reason=ended.outcome.reason,
            said_by_peer=ended.outcome.said_by_peer,
            sent=counts.sent,
            received=counts.received,
            new=counts.new,
            withheld=counts.withheld,
            quarantined_here=counts.quarantined_here,
            quarantined_there=counts.quarantined_there,
            looked_closer=counts.looked_closer,
        )
        try:
            await self.threads.ask(
                lambda: self.book.contact(ended.peer, ended.outcome.reason, ended.outcome.bytes_per_second)
            )
        except MoyaiError as error:
            _log.error("contact_not_kept", reason=error.reason)
        told(ended)


async def turn_away(stream: Stream, reason: Reason) -> None:
    """Say goodbye before anything was said; whether it is heard does not matter."""
    try:
        await stream.write(Goodbye(reason))
    except MoyaiError as error:
        _log.info("goodbye_not_heard", reason=error.reason)
