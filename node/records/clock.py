"""The hybrid logical clock: orders records for display and decides nothing (SPECIFICATION 4.5)."""

COUNTER_BITS = 16
COUNTER_MAX = (1 << COUNTER_BITS) - 1


def tick(high_water: int, now_ms: int) -> int:
    """The next clock value: later than every value so far, and not before now.

    `high_water` is the largest value this node has issued or taken in. A clock that was set back does not go back here.
    """
    return max(high_water + 1, now_ms << COUNTER_BITS)


def milliseconds(clock: int) -> int:
    """Milliseconds since 1970 UTC of a clock value."""
    return clock >> COUNTER_BITS
