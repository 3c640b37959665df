"""Every conversation of this node, dialled or called: how many at once, how each ended, and the end of them all."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from secrets import token_bytes
from typing import Final

import structlog

from sync.effects import Counts, Outcome
from sync.errors import GaveWay, MoyaiError, NoLongerKnown, Stopping
from sync.frames import Goodbye
from sync.leave import Leave
from sync.limits import REQUEST_S_MAX, SESSIONS_MAX, SESSIONS_PER_PEER_MAX, SILENCE_S_MAX
from sync.ports import Peer, PeerBook
from sync.portside import Portside
from sync.pump import Manner, Stream, Waiting, converse_over
from sync.reasons import Reason
from sync.threads import Threads

_log = structlog.get_logger(__name__)

OPEN: Final = "OPEN"
"""How a contact stands while a conversation with the peer rests and stays open."""

CUT = Outcome("PEER_UNREACHABLE", said_by_peer=False, counts=Counts())
"""How a conversation ends that was cut before it could say how it ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A conversation that has ended."""

    peer: Peer
    dialled: bool
    outcome: Outcome


@dataclass(slots=True, eq=False)
class _Open:
    """A conversation under way or at rest."""

    peer: Peer
    dialled: bool
    news: asyncio.Event
    leave: Leave
    rests: bool = False
    """Whether it has come to rest before: what its peer wanted is done."""
    seated: bool = True
    """Whether it counts among the conversations of its peer."""


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
        self._open: dict[_Open, None] = {}
        """Oldest first."""
        self._stopping = False
        self._seats: Counter[tuple[str, bytes]] = Counter()
        self._unwritten: set[asyncio.Task[None]] = set()

    async def hold(self, stream: Stream, peer: Peer, *, dialled: bool, stays: bool = False) -> Outcome:
        """Hold a conversation with this peer over this stream; BUSY where limits.py allows no more of them."""
        seat = (peer.organisation, peer.node)
        if self._seats[seat] >= SESSIONS_PER_PEER_MAX:
            self._make_room(seat)
        if self._seats[seat] >= SESSIONS_PER_PEER_MAX or self._seats.total() >= SESSIONS_MAX:
            await turn_away(stream, Reason.BUSY)
            return Outcome(Reason.BUSY, said_by_peer=False, counts=Counts())
        self._seats[seat] += 1
        portside = Portside(self.book, peer)
        held = _Open(peer, dialled, asyncio.Event(), Leave())
        self._open[held] = None
        if self._stopping:
            held.leave.ask(Stopping())

        async def rested(outcome: Outcome) -> None:
            held.rests = True
            await self._shielded(self._write(Ended(portside.peer, dialled, outcome), rests=True))

        manner = Manner(dialled, self._entropy, stays, rested, lambda counts: self._moved(portside.peer, counts))
        waiting = Waiting(held.leave, held.news, self._silence_s)
        outcome = CUT
        try:
            outcome = await converse_over(stream, portside, self.threads, waiting, manner, book=self.book)
        finally:
            del self._open[held]
            self._give_seat_back(held)
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
                held.leave.ask(NoLongerKnown())

    async def ended(self, ended: Ended) -> None:
        """Write down how it ended, even if whoever waits for it is cancelled meanwhile."""
        await self._shielded(self._write(ended, rests=False))

    def _make_room(self, seat: tuple[str, bytes]) -> None:
        """Let the oldest resting call of a peer give way: a line that breaks without a word leaves one behind, and the
        peer that calls again would be turned away until it falls silent. One at a time, so that nobody piles them up.
        """
        of_peer = [held for held in self._open if (held.peer.organisation, held.peer.node) == seat and not held.dialled]
        if all(held.seated for held in of_peer):
            for held in of_peer:
                if held.rests:
                    held.leave.ask(GaveWay())
                    self._give_seat_back(held)
                    return

    def _give_seat_back(self, held: _Open) -> None:
        if held.seated:
            held.seated = False
            self._seats[held.peer.organisation, held.peer.node] -= 1

    async def _shielded(self, act: Coroutine[None, None, None]) -> None:
        writing = asyncio.ensure_future(act)
        self._unwritten.add(writing)
        writing.add_done_callback(self._unwritten.discard)
        await asyncio.shield(writing)

    def stop(self) -> None:
        """Let every conversation say goodbye as soon as what it is doing is done."""
        self._stopping = True
        for held in self._open:
            held.leave.ask(Stopping())

    async def settled(self) -> None:
        """Wait until the end of every conversation is written down."""
        await asyncio.gather(*self._unwritten, return_exceptions=True)

    async def _write(self, ended: Ended, *, rests: bool) -> None:
        counts = ended.outcome.counts
        _log.info(
            "conversation_rests" if rests else "conversation_ended",
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
        reason = OPEN if self._goes_on(ended, rests=rests) else ended.outcome.reason
        try:
            await self.threads.ask(lambda: self.book.contact(ended.peer, reason, ended.outcome.bytes_per_second))
        except MoyaiError as error:
            _log.error("contact_not_kept", reason=error.reason)
        (self.rested if rests else self.told)(ended)

    def _goes_on(self, ended: Ended, *, rests: bool) -> bool:
        """Whether this conversation stays open, or another with the same peer does: both may have dialled at once."""
        if rests:
            return ended.outcome.reason == Reason.DONE
        peer = ended.peer
        others = [held for held in self._open if held.peer.organisation == peer.organisation and held.rests]
        return any(held.seated and held.peer.node in (b"", peer.node) for held in others)


async def turn_away(stream: Stream, reason: Reason, *, within_s: float = REQUEST_S_MAX) -> None:
    """Say goodbye before anything was said; whether it is heard does not matter, and is not waited for long."""
    try:
        async with asyncio.timeout(within_s):
            await stream.write(Goodbye(reason))
    except TimeoutError:
        _log.info("goodbye_not_heard", reason=Reason.SILENT)
    except MoyaiError as error:
        _log.info("goodbye_not_heard", reason=error.reason)
