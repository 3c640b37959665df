"""Looks at a running node's ledger while it runs: what others wrote beside it, what is behind, what time has ended."""

import asyncio
import time
from concurrent.futures import Executor
from datetime import datetime
from typing import Final

import structlog

from node.believable import note_steadiness
from node.clock_ahead import ahead_ms
from node.desk.post import JAPAN
from node.doctor.disk import bytes_of
from node.doctor.growth import note_size
from node.installation import Installation
from node.ledger import Life
from node.vault import ROSTER
from sync.errors import MoyaiError
from sync.exchange import Exchange

LOOK_S: Final = 0.25
"""How often the ledger is looked at for what another process has written: one row of an index each time, and what is
saved at a desk is on its way before the clerk has looked up."""

ROSTER_LOOK_S: Final = 1.0
"""How often the roster is read to see whether it is another one: of a whole country it has two megabytes."""

AHEAD_S: Final = 0.5
"""How long it is worked ahead between two looks, and as long for rows that follow: half of the time is everybody's."""

SUBJECTS_AHEAD: Final = 200
"""People looked at in one step of what is worked out in the background: a tenth of a second for each peer."""

COMPARED_AHEAD: Final = 20
"""People compared in one step with whoever resembles them: a tenth of a second as well."""

SWEEP_S: Final = 60.0
"""How often what ends by time alone is looked for."""

QUIET_HOURS: Final = range(2, 5)
"""In Japan: when a minute without writing disturbs nobody."""

_log = structlog.get_logger(__name__)


class Watch:
    """Notices what the desk beside this process writes, a new roster, and what ends by time."""

    def __init__(self, node: Installation, exchange: Exchange, threads: Executor) -> None:
        self._node = node
        self._exchange = exchange
        self._threads = threads
        self._seen: tuple[int, bytes] | None = None
        self._roster = b""
        self._roster_read: float | None = None
        self._swept: float | None = None
        self._life: Life | None = None
        self._behind = True
        self._asked = node.directory.serving.last_asked()

    async def keep(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self._look()
            except MoyaiError as error:  # the ledger is busy or full just now: that must not be the last look
                _log.error("look_failed", reason=error.reason)
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        newest = await loop.run_in_executor(self._threads, self._as_of)
        if newest != self._seen:
            await loop.run_in_executor(self._threads, self._tell_of_life)
            await self._exchange.refresh()
            if self._seen is not None:
                self._exchange.news()
            self._seen = newest
            self._behind = True
        self._heed()
        await self._catch_up()
        if self._behind:
            self._behind = not await self._work_ahead()
        if self._swept is None or loop.time() - self._swept > SWEEP_S:
            self._swept = loop.time()
            await loop.run_in_executor(self._threads, self._sweep)
            self._behind = True

    async def _work_ahead(self) -> bool:
        """Have views worked out before a conversation needs them, then find who may be one person; between two steps
        anybody may write, or stop us; then those whose time is over. Returns whether all is done."""
        loop = asyncio.get_running_loop()
        until = loop.time() + AHEAD_S
        while loop.time() < until:
            views_done = await loop.run_in_executor(self._threads, self._node.book().work_ahead, SUBJECTS_AHEAD)
            if not views_done:
                continue
            if not await loop.run_in_executor(self._threads, self._node.alike.work_ahead, COMPARED_AHEAD):
                continue
            if await loop.run_in_executor(self._threads, self._retire):
                return True
        return False

    def _retire(self) -> bool:
        """The town hall erases who is due, last of all; its laptops hear of it."""
        return not self._node.is_home or self._node.people_retention.work_ahead(SUBJECTS_AHEAD)

    async def _catch_up(self) -> None:
        """Let rows follow what came in bulk, half of the time at most: whatever else is written goes in between."""
        loop = asyncio.get_running_loop()
        until = loop.time() + AHEAD_S
        while await loop.run_in_executor(self._threads, self._node.ledger.catch_up) and loop.time() < until:
            pass

    def _heed(self) -> None:
        """Somebody at a desk beside this process wants an exchange now."""
        serving = self._node.directory.serving
        asked = serving.last_asked()
        if asked != self._asked:
            self._asked = asked
            self._exchange.poke(serving.asked_for())

    def _tell_of_life(self) -> None:
        life = self._node.ledger.life()
        if life != self._life and life.began_ms:
            _log.warning("counts_on_from_above", why=life.why.name, twin_seen=bool(life.twin_seen_ms))
        self._life = life

    def _as_of(self) -> tuple[int, bytes]:
        now = time.monotonic()
        if self._roster_read is None or now - self._roster_read >= ROSTER_LOOK_S:
            self._roster, self._roster_read = self._node.ledger.secret(ROSTER) or b"", now
        return self._node.ledger.newest_seq(), self._roster

    def _sweep(self) -> None:
        ahead = ahead_ms(self._node.ledger, self._node.now_ms())
        if ahead:
            _log.warning("clock_ahead", ahead_ms=ahead)
        self._compact()
        note_steadiness(self._node.ledger, self._node.now_ms())
        note_size(self._node.ledger, bytes_of(self._node.directory.ledger), self._node.now_ms())
        gone = self._node.book().look_again()
        if gone:
            _log.info("held_without_ground_erased", records=gone)
        inquiries = self._node.inquiry_retention.sweep()
        if inquiries:
            _log.info("inquiries_erased", inquiries=inquiries)

    def _compact(self) -> None:
        """Write a large file anew in the quiet hours: unused parts of it may still hold what was erased."""
        hour = datetime.fromtimestamp(self._node.now_ms() / 1000, tz=JAPAN).hour
        if hour in QUIET_HOURS and self._node.ledger.compaction_due() and self._node.ledger.compact():
            _log.info("ledger_written_anew")
