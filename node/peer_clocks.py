"""How far the clocks of our peers were from ours when they last greeted: it takes others to see that a clock is wrong.

What a peer says of its clock opens nothing and closes nothing; it is only told to whoever asks.
"""

import json
from dataclasses import dataclass
from typing import Final

from node.ledger import Ledger, Writing

NOTED: Final = "peer-clocks"
"""Under this name the ledger's settings keep them."""
KEPT: Final = 32
"""Of so many, those that greeted last: every greeting writes them all anew."""
SAID_MS_MAX: Final = 1 << 48
"""A greeting may say anything."""


@dataclass(frozen=True, slots=True)
class PeerClock:
    """What one peer's clock said."""

    node: bytes
    ahead_ms: int
    """How far it was ahead of ours; negative: behind."""
    at_ms: int
    """When, by ours."""


def note_clock(writing: Writing, node: bytes, said_ms: int, now_ms: int) -> None:
    """A peer has said what time it is with it; nothing was said where it is 0."""
    if not 0 < said_ms < SAID_MS_MAX:
        return
    noted = json.loads(writing.meta(NOTED) or "{}")
    noted.pop(node.hex(), None)
    newest = list(noted.items())[-(KEPT - 1) :]
    writing.set_meta(NOTED, json.dumps(dict([*newest, (node.hex(), (said_ms - now_ms, now_ms))])))


def clocks_of(ledger: Ledger) -> list[PeerClock]:
    """Of the peers that greeted last."""
    noted = json.loads(ledger.meta(NOTED) or "{}")
    return [PeerClock(bytes.fromhex(node), int(ahead), int(at_ms)) for node, (ahead, at_ms) in noted.items()]
