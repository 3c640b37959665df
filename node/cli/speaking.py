"""The exchange of a field node while somebody works at its screens, begun once they are shown."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from node.installation import Installation
    from node.service import Daemon


class Speaking(Protocol):
    """Who speaks with the peers of a node while its screens are open."""

    def begin(self) -> None:
        """Now is a good time: the screens are shown."""
        ...

    def poke(self, organisation: str | None) -> None:
        """Exchange now, with one organisation or all."""
        ...


@dataclass(frozen=True, slots=True)
class Another:
    """Somebody else does, or nobody can."""

    poke: Callable[[str | None], None]

    def begin(self) -> None:
        """Nothing is to be begun."""


class Beside:
    """A thread of this process does, with a loop of its own."""

    def __init__(self, node: "Installation") -> None:
        self._node = node
        self._loop = asyncio.new_event_loop()
        self._leaving = asyncio.Event()
        self._daemon: Daemon | None = None
        self._failed: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="moyai-exchange", daemon=True)

    def begin(self) -> None:
        """Loads what speaks, and starts it, beside the screens."""
        self._thread.start()

    def poke(self, organisation: str | None) -> None:
        """Exchange now. Before it has begun this needs no asking: it begins with everybody."""
        if self._daemon is not None:
            self._loop.call_soon_threadsafe(self._daemon.poke, organisation)

    def end(self) -> None:
        """Lets conversations say goodbye. Raises what kept it from beginning: the screens were of use all the same."""
        if self._thread.ident is not None:
            self._loop.call_soon_threadsafe(self._leaving.set)
            self._thread.join()
        self._loop.close()
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._speak())
        except Exception as error:  # noqa: BLE001  told when the screens are left
            self._failed = error

    async def _speak(self) -> None:
        from node.service import Daemon  # noqa: PLC0415 -- takes long to load, and the screens come first

        daemon = Daemon(self._node)
        try:
            await daemon.start()
            self._daemon = daemon
            await self._leaving.wait()
        finally:
            await daemon.stop()


@contextmanager
def speaking(node: "Installation") -> Iterator[Speaking]:
    """Beside the screens a field node speaks with its home node; a home node's own daemon does that for it.

    Without a roster or a certificate there is nobody to speak to, and the desk works all the same.
    """
    if node.is_home:
        yield Another(node.directory.serving.ask)
        return
    if node.ledger.secret("roster") is None or node.ledger.secret("certificate") is None:
        yield Another(lambda _organisation: None)
        return
    beside = Beside(node)
    try:
        yield beside
    finally:
        beside.end()
