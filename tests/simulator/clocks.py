"""The time of the world, and what each machine believes it is."""

from dataclasses import dataclass, field
from typing import Final

from tests.builders.trust import DAY_MS, NOW_MS

YEAR_MS: Final = 365 * DAY_MS


@dataclass(slots=True)
class WorldTime:
    """Goes on only when told."""

    ms: int = NOW_MS

    def later(self, ms: int) -> None:
        """Let time pass."""
        self.ms += ms


@dataclass(slots=True)
class MachineClock:
    """A wall clock that may be off, and may drift."""

    world: WorldTime
    off_ms: int = 0
    drift_ppm: int = 0
    _since_ms: int = field(default=NOW_MS)

    def __call__(self) -> int:
        return self.world.ms + self.off_ms + (self.world.ms - self._since_ms) * self.drift_ppm // 1_000_000

    def set(self, *, off_ms: int = 0, drift_ppm: int = 0) -> None:
        """Somebody, or a flat battery, sets the clock."""
        self.off_ms, self.drift_ppm, self._since_ms = off_ms, drift_ppm, self.world.ms

    @property
    def is_right(self) -> bool:
        """Whether it shows the time of the world."""
        return self() == self.world.ms
