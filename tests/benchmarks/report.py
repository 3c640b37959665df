"""One line for each figure: what was measured, against what in the same run, and whether the goal is met."""

from dataclasses import dataclass

HEADER = f"{'benchmark':<46} {'value':>14} {'ratio':>9}  {'against (same run)':<54} {'goal':<22} result"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure."""

    name: str
    value: float
    unit: str
    goal: str
    """In words, such as "< 20 ms"."""
    met: bool
    ratio: float | None = None
    """To what it is held against."""
    against: str = ""
    """What that is, with its own figure."""

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:,.2f}x"
        result = "ok" if self.met else "short"
        value = f"{_number(self.value):>9} {self.unit:<4}"
        return f"{self.name:<46} {value} {ratio:>9}  {self.against:<54} {self.goal:<22} {result}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def percentile(values: list[float], percent: float) -> float:
    """The value below which so many percent lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
