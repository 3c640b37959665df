"""How large the next Records frame should be, so that a frame takes about a second on any link. Pure."""

from collections import deque

FRAME_BYTES_FIRST = 32_768
FRAME_BYTES_LEAST = 4_096
"""Three and a half seconds at 9.6 kbit/s; a larger record still goes, alone."""
FRAME_BYTES_MOST = 262_144
"""Larger ones gain nothing."""
MEASURED_FROM_BYTES = 1_024
QUICK_S = 1.0
SLOW_S = 3.0


class Pace:
    """Doubles while frames are acknowledged within a second, halves when it takes more than three."""

    def __init__(self, bytes_per_second: int | None = None) -> None:
        """A pace.

        Args:
            bytes_per_second: what the line was seen to carry the last time: a slow one is not tried with more than it
                carries in a second, which on a line that is cut every few seconds would never arrive.
        """
        known = FRAME_BYTES_FIRST if bytes_per_second is None else bytes_per_second
        self.frame_bytes = min(FRAME_BYTES_FIRST, max(FRAME_BYTES_LEAST, known))
        self._under_way: deque[tuple[float, int]] = deque()
        self._heard_at = 0.0
        self.bytes_per_second: int | None = None
        """What the line was seen to carry; None before anything was acknowledged."""

    def sent(self, now: float, size: int = 0) -> None:
        """A frame of so many bytes was sent."""
        self._under_way.append((now, size))

    def acknowledged(self, now: float) -> None:
        """The oldest frame under way was acknowledged; its time is counted from when the one before it was."""
        if not self._under_way:
            return
        sent_at, size = self._under_way.popleft()
        took = now - max(sent_at, self._heard_at)
        self._measure(size, took)
        self._heard_at = now
        if took < QUICK_S:
            self.frame_bytes = min(self.frame_bytes * 2, FRAME_BYTES_MOST)
        elif took > SLOW_S:
            self.frame_bytes = max(self.frame_bytes // 2, FRAME_BYTES_LEAST)

    def cut(self, now: float) -> None:
        """The line broke: it carried less than what was under way for so long."""
        if not self._under_way:
            return
        sent_at, size = self._under_way[0]
        waited = now - max(sent_at, self._heard_at)
        if waited > SLOW_S and size >= MEASURED_FROM_BYTES:
            most = int(size / waited)
            self.bytes_per_second = most if self.bytes_per_second is None else min(self.bytes_per_second, most)

    def _measure(self, size: int, took: float) -> None:
        """Half of what it was, half of what this frame says; small ones say more of the delay than of the line."""
        if size < MEASURED_FROM_BYTES:
            return
        seen = int(size / max(took, 0.001))
        self.bytes_per_second = seen if self.bytes_per_second is None else (self.bytes_per_second + seen) // 2
