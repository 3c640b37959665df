"""The screens of one browser window: a process of their own, started without a shell, spoken to through its pipes.

Passphrase and PIN are handed over in pipes as well, never in a word or the environment, which others could read.
"""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from textual_serve.app_service import AppService

END_WITHIN_S = 4.0
"""Screens that have not ended by then are ended."""
WIDTHS, HEIGHTS = range(40, 400), range(12, 200)


@dataclass(frozen=True, slots=True)
class Command:
    """What is run for somebody who came in."""

    words: Sequence[str]
    """The program and its words, but for the operator."""
    passphrase: str | None = None
    """Of the node's store, where it has one."""

    def of(self, operator: str) -> list[str]:
        """The words for this operator, whose name can be no option."""
        return [*self.words, f"--operator={operator}"]

    def secrets(self, pin: str) -> dict[str, str]:
        """What is handed over, by the option that takes a file."""
        told = {"--passphrase-file": self.passphrase or "", "--pin-file": pin}
        return {option: secret for option, secret in told.items() if secret}


class Screens(AppService):
    """As textual-serve runs an application, but for how it is started."""

    def __init__(self, command: Command, operator: str, pin: str = "", **others: Any) -> None:
        super().__init__("", **others)
        self._words = command.of(operator)
        self._secrets = command.secrets(pin)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """The same as the library's, without a shell between."""
        pipes = {option: os.pipe() for option in self._secrets}
        try:
            self._process = process = await asyncio.create_subprocess_exec(
                *self._words,
                *(f"{option}=/dev/fd/{reading}" for option, (reading, _) in pipes.items()),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=self._build_environment(width, height),
                pass_fds=[reading for reading, _ in pipes.values()],
            )
            for option, (_, writing) in pipes.items():
                os.write(writing, f"{self._secrets[option]}\n".encode())
        finally:
            for pipe in (end for both in pipes.values() for end in both):
                os.close(pipe)
        self._stdin = process.stdin
        return process

    async def stop(self) -> None:
        """Asks the screens to end, and sees to it that they have: the library waits for ever, or not at all."""
        process, reading = self._process, self._task
        self._task = None
        if process is None or reading is None:
            return
        await self.send_meta({"type": "quit"})
        try:
            await asyncio.wait_for(process.wait(), END_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        await reading
        with suppress(ConnectionError):
            self.stdin.close()
            await self.stdin.wait_closed()


def within(asked: str | None, allowed: range, otherwise: int) -> int:
    """A size a browser asks for, as far as it makes sense."""
    if asked is None or not asked.isdecimal() or len(asked) > 4:
        return otherwise
    return min(max(int(asked), allowed.start), allowed.stop - 1)
