"""Every conversation of this node, dialled or called: how many at once, how each ended, and the end of them all."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from sync.effects import Counts, Outcome
from sync.errors import MoyaiError
from sync.frames import Goodbye
from sync.kept import KeptRoots
from sync.limits import SESSIONS_MAX, SESSIONS_PER_PEER_MAX, SILENCE_S_MAX
from sync.ports import Peer, PeerBook
from sync.portside import Portside
from sync.pump import Stream, Waiting, converse_over
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


def nobody(ended: Ended) -> None:
    """Tells nobody."""


class Conversations:
    """What the server and the dialler share. `told` is called in the event loop whenever a conversation has ended."""

    def __init__(
        self,
        book: PeerBook,
        threads: Threads,
        *,
        told: Callable[[Ended], None] = nobody,
        silence_s: float = SILENCE_S_MAX,
    ) -> None:
        self.book = book
        self.threads = threads
        self.told = told
        self._waiting = Waiting(asyncio.Event(), silence_s)
        self._roots = KeptRoots()
        self._seats: Counter[tuple[str, bytes]] = Counter()
        self._unwritten: set[asyncio.Task[None]] = set()

    async def hold(self, stream: Stream, peer: Peer, *, dialled: bool) -> Outcome:
        """Hold a conversation with this peer over this stream; BUSY where limits.py allows no more of them."""
        seat = (peer.organisation, peer.node)
        if self._seats[seat] >= SESSIONS_PER_PEER_MAX or self._seats.total() >= SESSIONS_MAX:
            await turn_away(stream, Reason.BUSY)
            return Outcome(Reason.BUSY, said_by_peer=False, counts=Counts())
        self._seats[seat] += 1
        portside = Portside(self.book, peer, self._roots)
        outcome = CUT
        try:
            outcome = await converse_over(
                stream, portside, self.threads, self._waiting, book=self.book, dialled=dialled
            )
        finally:
            self._seats[seat] -= 1
            await self.ended(Ended(portside.peer, dialled, outcome))
        return outcome

    async def ended(self, ended: Ended) -> None:
        """Write down how it ended, even if whoever waits for it is cancelled meanwhile."""
        writing = asyncio.ensure_future(self._write(ended))
        self._unwritten.add(writing)
        writing.add_done_callback(self._unwritten.discard)
        await asyncio.shield(writing)

    def stop(self) -> None:
        """Let every conversation say goodbye as soon as what it is doing is done."""
        self._waiting.stopping.set()

    async def settled(self) -> None:
        """Wait until the end of every conversation is written down."""
        await asyncio.gather(*self._unwritten, return_exceptions=True)

    async def _write(self, ended: Ended) -> None:
        counts = ended.outcome.counts
        _log.info(
            "conversation_ended",
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
        )
        try:
            await self.threads.ask(lambda: self.book.contact(ended.peer, ended.outcome.reason))
        except MoyaiError as error:
            _log.error("contact_not_kept", reason=error.reason)
        self.told(ended)


async def turn_away(stream: Stream, reason: Reason) -> None:
    """Say goodbye before anything was said; whether it is heard does not matter."""
    try:
        await stream.write(Goodbye(reason))
    except MoyaiError as error:
        _log.info("goodbye_not_heard", reason=error.reason)
