"""The clocks and the machine's randomness: read here, handed down as parameters everywhere else."""

import os
import sys
import time


def wall_clock_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def steady_clock_ms() -> int:
    """Milliseconds since some moment: nobody puts this clock back or ahead, and it goes on while a lid is closed."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return time.monotonic_ns() // 1_000_000


def entropy(size: int) -> bytes:
    """Cryptographically secure random bytes."""
    return os.urandom(size)
