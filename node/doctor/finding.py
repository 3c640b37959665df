"""What a look at one thing has come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Grade(IntEnum):
    """How it stands; of several the highest counts."""

    OK = 0
    WARN = 1
    """It goes on working, and somebody should see to it in the next days."""
    BAD = 2
    """Somebody should see to it now."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's. Its sentence, and what to do now, stand in the locales under `check` and `what`."""

    check: str
    """The kind of thing that was looked at: one of `CHECKS`."""
    what: str
    """What was found."""
    grade: Grade = Grade.OK
    values: Mapping[str, str | int] = field(default_factory=dict)
    """What the sentence names: numbers, codes and names of organisations, never a person. What ends in `_ms` is a span
    of time, in `_bytes` a size."""


def worst(findings: Iterable[Finding]) -> Grade:
    """The grade of them all."""
    return max((one.grade for one in findings), default=Grade.OK)
