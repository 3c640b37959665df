"""Asks a conversation to end, and says why."""

import asyncio

from sync.errors import MoyaiError, Stopping


class Leave:
    """Asked once; what was asked first holds."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self.why: MoyaiError = Stopping()
        """What the other side hears as the reason."""

    def ask(self, why: MoyaiError) -> None:
        """End as soon as what the conversation is doing is done."""
        if not self._asked.is_set():
            self.why = why
            self._asked.set()

    def is_asked(self) -> bool:
        """Whether it is to end."""
        return self._asked.is_set()

    async def asked(self) -> None:
        """Wait until it is."""
        await self._asked.wait()
