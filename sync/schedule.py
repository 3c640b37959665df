"""Whom to try when: a pure decision. Clock and chance come in."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from sync.reasons import Reason

REST_S = 60.0
"""After a conversation that was done: what nobody told us of is found out once a minute."""
SOON_S = 2.0
"""After something was written here: the next few acts of the same clerk go along."""
GAP_S = 10.0
"""Between two conversations with one peer, however much is written: each costs a TLS connection."""
BACK_OFF_FIRST_S = 5.0
BACK_OFF_MOST_S = 300.0
"""A line that comes back is used within five minutes without anybody touching anything."""
SPREAD_S = 5.0
"""Peers new to us are first tried within this, not all in one instant."""


@dataclass(slots=True)
class _Standing:
    at: float
    failures: int = 0
    ended_at: float | None = None
    under_way: bool = False
    held: bool = False
    """A conversation that the peer dialled is at rest: it is as good as one of ours."""
    news: bool = False
    """Something was written while a conversation was under way."""
    poked: bool = False
    """The operator wanted another one while it was."""

    @property
    def is_free(self) -> bool:
        return not (self.under_way or self.held)


class Schedule:
    """When each peer is next to be dialled. `chance` gives numbers from 0 to 1; times are seconds of a steady clock."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._standings: dict[Hashable, _Standing] = {}

    def know(self, keys: Collection[Hashable], now: float) -> None:
        """These are the peers we may dial; those not among them are forgotten."""
        for key in keys:
            if key not in self._standings:
                self._standings[key] = _Standing(at=now + SPREAD_S * self._chance())
        for gone in self._standings.keys() - set(keys):
            del self._standings[gone]

    def due(self, now: float) -> list[Hashable]:
        """Whom to dial now, who has waited longest first."""
        waiting = [(one.at, key) for key, one in self._standings.items() if one.is_free and one.at <= now]
        return [key for _, key in sorted(waiting, key=lambda pair: pair[0])]

    def next_at(self) -> float | None:
        """When the next one is due; None while nobody is."""
        return min((one.at for one in self._standings.values() if one.is_free), default=None)

    def began(self, key: Hashable) -> None:
        """A conversation we dialled is under way: nothing is due until it has ended."""
        if key in self._standings:
            self._standings[key].under_way = True

    def ended(self, key: Hashable, reason: str, now: float) -> None:
        """It ended. Failures in a row double the wait, up to BACK_OFF_MOST_S."""
        standing = self._standings.get(key)
        if standing is None:
            return
        standing.under_way = False
        standing.ended_at = now
        if reason == Reason.DONE:
            standing.failures = 0
            standing.at = now + (GAP_S if standing.news else self._jittered(REST_S))
        else:
            standing.failures += 1
            wait = min(BACK_OFF_MOST_S, BACK_OFF_FIRST_S * 2 ** min(standing.failures - 1, 16))
            standing.at = now + self._jittered(wait)
        if standing.poked:
            standing.at = now
        standing.news = standing.poked = False

    def rested(self, key: Hashable, *, dialled: bool) -> None:
        """A conversation with the peer has come to rest, and stays open."""
        if key in self._standings:
            self._standings[key].failures = 0
            self._standings[key].held = self._standings[key].held or not dialled

    def called(self, key: Hashable, reason: str, now: float) -> None:
        """The peer called us: its line is back, so what failed before counts no more."""
        standing = self._standings.get(key)
        if standing is None:
            return
        standing.failures = 0
        standing.held = False
        standing.at = now + (self._jittered(REST_S) if reason == Reason.DONE else SOON_S)

    def poke(self, now: float, key: Hashable | None = None) -> None:
        """The operator wants it now: this peer, or all."""
        for each, standing in self._standings.items():
            if key is None or key == each:
                standing.failures = 0
                standing.at = now
                standing.poked = standing.under_way

    def news(self, now: float) -> None:
        """Something was written here: soon, for all whom the last try reached; the others stay in their back-off."""
        for standing in self._standings.values():
            standing.news = standing.under_way
            if not standing.failures:
                earliest = now if standing.ended_at is None else standing.ended_at + GAP_S
                standing.at = min(standing.at, max(now + SOON_S, earliest))

    def _jittered(self, wait_s: float) -> float:
        """Between half the wait and the whole, so that peers cut off together do not come back together."""
        return wait_s * (0.5 + 0.5 * self._chance())
