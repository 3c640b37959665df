"""Tells the story as it happens: each step, what was checked in it, and whether it held."""

import shutil
import sys
import time
from dataclasses import dataclass, field
from typing import Any, TextIO

from rich.cells import cell_len

from deploy.demo.words import Words


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: the figures it saw, and whether they are as promised."""

    key: str
    held: bool
    figures: dict[str, Any] = field(default_factory=dict)


class Teller:
    """Prints, counts what held, and keeps the time."""

    def __init__(self, words: Words, out: TextIO | None = None) -> None:
        self.words = words
        self._out = out or sys.stdout
        self._started_s = time.monotonic()
        self._steps = 0
        self.findings: list[Finding] = []

    @property
    def seconds(self) -> float:
        """Since the story began."""
        return round(time.monotonic() - self._started_s, 1)

    @property
    def failed(self) -> list[Finding]:
        """The checks that did not hold."""
        return [finding for finding in self.findings if not finding.held]

    def step(self, key: str, **figures: Any) -> None:
        """A new step begins."""
        self._steps += 1
        self.say(f"\n{self._steps:2d}. {self.words.step(key, **figures)}  [{self.seconds:.1f} s]")

    def check(self, *findings: Finding) -> None:
        """What was checked."""
        for finding in findings:
            self.findings.append(finding)
            self.say(f"    {'✓' if finding.held else '✗'} {self.words.check(finding.key, **finding.figures)}")

    def frame(self, key: str, **figures: Any) -> None:
        """What stands before and after the story."""
        self.say(self.words.frame(key, **figures))

    def say(self, line: str) -> None:
        """One line, at once; folded between words where the terminal is narrower."""
        first, wide = line.removeprefix("\n"), shutil.get_terminal_size().columns
        blank = "\n" if line.startswith("\n") else ""
        if self._out.isatty() and cell_len(first) > wide:
            first = "\n".join(_folded(first, wide))
        print(f"{blank}{first}", file=self._out, flush=True)


def _folded(line: str, wide: int) -> list[str]:
    """Lines no wider than the terminal, broken at spaces where there are any; what follows is indented."""
    lead = line[: len(line) - len(line.lstrip())]
    lines, current = [], ""
    for word in line.split():
        if current and cell_len(f"{lead}{current} {word}") > wide:
            lines.append(f"{lead}{current}")
            lead, current = " " * (len(lead) + 4 if len(lines) == 1 else len(lead)), word
        else:
            current = f"{current} {word}" if current else word
    return [*lines, f"{lead}{current}"]
