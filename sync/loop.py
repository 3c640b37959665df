"""Obeys the schedule: dials who is due, a few at a time, until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from sync.conversation import Ended
from sync.effects import Outcome
from sync.errors import MoyaiError
from sync.ports import Peer
from sync.schedule import Schedule

AT_ONCE_MAX = 8
"""Conversations we dial at once until they rest: a prefecture has 179 peers, and the ledger is one."""

LOOK_S = 30.0
"""How often the peer book is asked whom there is to dial."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the loop sees it."""

    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


class Rounds:
    """The daily round. Everything but `run` may be called at any time from the same event loop."""

    def __init__(
        self,
        dial: Callable[[Peer], Coroutine[Any, Any, Outcome]],
        peers: Callable[[], Awaitable[Sequence[Peer]]],
        schedule: Schedule,
        clock: Clock,
    ) -> None:
        self._dial = dial
        self._ask_peers = peers
        self._schedule = schedule
        self._clock = clock
        self._peers: dict[tuple[str, bytes], Peer] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._busy: set[Hashable] = set()
        """Whom we have dialled and not come to rest with."""
        self._wake = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Go round until `stop`; returns when the conversations under way have ended."""
        looked_at: float | None = None
        while not self._stopping:
            self._wake.clear()
            now = self._clock.now()
            if looked_at is None or now - looked_at >= LOOK_S:
                await self._look()
                looked_at = now
            self._begin_due()
            await self._pause(looked_at + LOOK_S)
        if self._under_way:
            await asyncio.wait(self._under_way)

    def poke(self, organisation: str | None = None) -> None:
        """The operator wants an exchange now, with one organisation or with all."""
        for key in self._peers:
            if organisation in {None, key[0]}:
                self._schedule.poke(self._clock.now(), key)
        self._wake.set()

    def news(self) -> None:
        """Something was written here."""
        self._schedule.news(self._clock.now())
        self._wake.set()

    def ended(self, ended: Ended) -> None:
        """A conversation ended: of those the peer dialled, the schedule hears here."""
        if ended.dialled:
            return
        for key in self._keys_of(ended.peer):
            self._schedule.called(key, ended.outcome.reason, self._clock.now())
        self._wake.set()

    def rested(self, ended: Ended) -> None:
        """A conversation has come to rest and stays open: others may be dialled, and this peer need not be."""
        for key in self._keys_of(ended.peer):
            self._schedule.rested(key, dialled=ended.dialled)
            if ended.dialled:
                self._busy.discard(key)
        self._wake.set()

    def stop(self) -> None:
        """Begin no more conversations."""
        self._stopping = True
        self._wake.set()

    def _keys_of(self, peer: Peer) -> list[tuple[str, bytes]]:
        return [key for key in self._peers if key[0] == peer.organisation and key[1] in {b"", peer.node}]

    async def _look(self) -> None:
        try:
            peers = await self._ask_peers()
        except MoyaiError as error:
            _log.error("peers_not_known", reason=error.reason)
            return
        self._peers = {(one.organisation, one.node): one for one in peers if one.endpoints}
        self._schedule.know(self._peers, self._clock.now())

    def _begin_due(self) -> None:
        for key in self._schedule.due(self._clock.now()):
            if len(self._busy) >= AT_ONCE_MAX:
                return
            self._schedule.began(key)
            self._busy.add(key)
            task = asyncio.ensure_future(self._converse(key))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _converse(self, key: Any) -> None:
        reason = "UNKNOWN"
        try:
            reason = (await self._dial(self._peers[key])).reason
        except MoyaiError as error:
            reason = error.reason
        finally:
            self._busy.discard(key)
            self._schedule.ended(key, reason, self._clock.now())

    async def _pause(self, until: float) -> None:
        """Until somebody is due, a conversation has ended, or something has happened."""
        next_at = self._schedule.next_at()
        full = len(self._busy) >= AT_ONCE_MAX
        wake_at = until if full or next_at is None else min(until, next_at)
        timer = asyncio.ensure_future(self._clock.sleep(max(0.0, wake_at - self._clock.now())))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({timer, woken, *self._under_way}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            woken.cancel()
            await asyncio.gather(timer, woken, return_exceptions=True)
