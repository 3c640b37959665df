"""The windows that are open: one for each operator, so that nobody runs more screens than one."""

import asyncio

from aiohttp import web


class Windows:
    """Whoever opens another window closes the one before, wherever it is: the latest is where they sit."""

    def __init__(self) -> None:
        self._latest: dict[str, web.WebSocketResponse] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        """Kept when they have left: another window may be waiting, and there are no more of them than of staff."""

    async def take(self, operator: str, window: web.WebSocketResponse) -> bool:
        """Closes their window before, and waits until its screens have ended. False: this one was closed meanwhile,
        by them or by one opened after it; then there is nothing to leave."""
        before, self._latest[operator] = self._latest.get(operator), window
        turn = self._turns.setdefault(operator, asyncio.Lock())
        if before is not None:
            await before.close()
        await turn.acquire()
        if self._latest.get(operator) is window and not window.closed:
            return True
        self.leave(operator, window)
        return False

    def leave(self, operator: str, window: web.WebSocketResponse) -> None:
        """The screens of this window have ended: who waits may begin."""
        self._turns[operator].release()
        if self._latest.get(operator) is window:
            del self._latest[operator]
