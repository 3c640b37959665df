"""How large the next Records frame should be, so that a frame takes about a second on any link. Pure."""

from collections import deque

FRAME_BYTES_FIRST = 32_768
FRAME_BYTES_LEAST = 4_096
"""Three and a half seconds at 9.6 kbit/s; a larger record still goes, alone."""
FRAME_BYTES_MOST = 262_144
"""Larger ones gain nothing."""
QUICK_S = 1.0
SLOW_S = 3.0


class Pace:
    """Doubles while frames are acknowledged within a second, halves when it takes more than three."""

    def __init__(self) -> None:
        self.frame_bytes = FRAME_BYTES_FIRST
        self._under_way: deque[float] = deque()
        self._heard_at = 0.0

    def sent(self, now: float) -> None:
        """A frame was sent."""
        self._under_way.append(now)

    def acknowledged(self, now: float) -> None:
        """The oldest frame under way was acknowledged; its time is counted from when the one before it was."""
        if not self._under_way:
            return
        took = now - max(self._under_way.popleft(), self._heard_at)
        self._heard_at = now
        if took < QUICK_S:
            self.frame_bytes = min(self.frame_bytes * 2, FRAME_BYTES_MOST)
        elif took > SLOW_S:
            self.frame_bytes = max(self.frame_bytes // 2, FRAME_BYTES_LEAST)
