"""Remembers how large the ledger was on the days before, so that it can be said how it grows."""

import json
from dataclasses import dataclass
from typing import Final

from node.ledger import Ledger

NOTED: Final = "sizes"
"""Under this name the ledger's settings keep when it was how large."""
DAY_MS: Final = 86_400_000
KEPT: Final = 8
LEAST_MS: Final = DAY_MS // 2
"""Over a shorter time one import looks like growth."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How it grew of late."""

    bytes_a_day: int
    over_ms: int


def note_size(ledger: Ledger, size: int, now_ms: int) -> bool:
    """Remember the size of today, once a day. Returns whether it was remembered now."""
    noted = _noted(ledger)
    if noted and 0 <= now_ms - noted[-1][0] < DAY_MS:
        return False
    past = [one for one in noted if one[0] < now_ms]
    with ledger.write() as writing:
        writing.set_meta(NOTED, json.dumps([*past, (now_ms, size)][-KEPT:]))
    return True


def growth_of(ledger: Ledger, now_ms: int) -> Growth | None:
    """How the ledger has grown over the days that are remembered; None: there are too few."""
    noted = [one for one in _noted(ledger) if one[0] <= now_ms]
    if len(noted) < 2 or noted[-1][0] - noted[0][0] < LEAST_MS:
        return None
    (begun_ms, least), (at_ms, most) = noted[0], noted[-1]
    return Growth(int((most - least) * DAY_MS / (at_ms - begun_ms)), at_ms - begun_ms)


def _noted(ledger: Ledger) -> list[tuple[int, int]]:
    return [(int(at_ms), int(size)) for at_ms, size in json.loads(ledger.meta(NOTED) or "[]")]
