"""Tells the story as it happens: each step, what was checked in it, and whether it held."""

import sys
import time
from dataclasses import dataclass, field
from typing import Any, TextIO

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
        """One line, at once."""
        print(line, file=self._out, flush=True)
