"""The wall clock and the machine's randomness: read here, handed down as parameters everywhere else."""

import os
import time


def wall_clock_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def entropy(size: int) -> bytes:
    """Cryptographically secure random bytes."""
    return os.urandom(size)
