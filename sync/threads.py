"""Runs blocking calls to the node in another thread, and lets no text of an unexpected error back out."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TypeVar

import structlog

from sync.errors import MoyaiError, StoreFailed

Result = TypeVar("Result")

_log = structlog.get_logger(__name__)


class Threads:
    """Runs blocking calls in the executor given, or in asyncio's own where it is None."""

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor

    async def run(self, act: Callable[[], Result]) -> Result:
        """The result of the act; its errors come through as they are."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, act)

    async def ask(self, act: Callable[[], Result]) -> Result:
        """The result of a call to the node.

        Raises:
            MoyaiError: what the node raised.
            StoreFailed: it raised anything else. Only the kind of that error and the line it came from are logged: its
                text may hold a person's data.
        """
        try:
            return await self.run(act)
        except MoyaiError:
            raise
        except Exception as error:  # noqa: BLE001 -- the border between the node and the line
            fault = type(error).__name__
            _log.error("port_failed", fault=fault, at=where(error))
            raise StoreFailed(fault=fault) from None


def where(error: BaseException) -> str:
    """The file and line an error came from, without its text."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return "" if frame is None else f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"
