"""Whether what is erased by time alone may be erased now: years that have not passed must not erase a ledger.

One witness is not enough. A clock that jumps ahead has not run steadily; one that is wrong from the start is past the
end of the roster, or apart from those of the peers. And who lies in a cupboard would not hear of it: a laptop that is
used without a network in the next disaster checks people in by what it has (decision 0017).
"""

import json
from enum import StrEnum
from statistics import median_low
from typing import Final

from node.clock_ahead import ahead_ms
from node.federation import StandingRoom
from node.ledger import Ledger
from node.peer_clocks import clocks_of
from node.release.retention import NOTICE_DAYS
from node.release.statements import DAY_MS
from node.setback import SET_BACK_MS
from node.trust.roster import Roster
from sync.errors import MoyaiError
from sync.limits import CLOCK_AHEAD_MS_MAX

NOTED: Final = "steady-clock"
"""Under this name the ledger's settings keep since when the clock has gone on by itself, and when that was noted."""
STEADY_MS: Final = NOTICE_DAYS * DAY_MS
"""So long it must have, and so long `moyai doctor` has had time to say what it thinks of the clock."""
GAP_MS: Final = 7 * DAY_MS
"""A node may stand still for so long. More in one step is a clock that was set, or a node nobody has looked after."""
SILENT_MS: Final = NOTICE_DAYS * DAY_MS
"""A laptop that is looked after is switched on once a month."""
HEARD_MS: Final = 7 * DAY_MS
"""What a peer's clock said longer ago is no witness."""


class Doubt(StrEnum):
    """Why nothing is erased by time alone."""

    ROSTER = "roster"
    """No roster is in force at that time."""
    AHEAD = "ahead"
    """What was written here is ahead of the wall clock."""
    STEADY = "steady"
    """It has not gone on by itself for long enough."""
    APART = "apart"
    """The peers that were heard last have another time."""
    ALONE = "alone"
    """No peer was heard of late, and there are some."""
    LAPTOP = "laptop"
    """A laptop of ours has been silent for long, and is not revoked."""


def note_steadiness(ledger: Ledger, now_ms: int) -> None:
    """Note once a day that the clock goes on; to be called while the node runs."""
    noted = _noted(ledger)
    if noted is not None and -SET_BACK_MS <= now_ms - noted[1] < DAY_MS:
        return
    goes_on = noted is not None and 0 <= now_ms - noted[1] <= GAP_MS
    since = noted[0] if noted is not None and goes_on else now_ms
    with ledger.write() as writing:
        writing.set_meta(NOTED, json.dumps([since, now_ms]))


def doubt_of(ledger: Ledger, room: StandingRoom, organisation: str, now_ms: int) -> Doubt | None:
    """What speaks against it, the weightiest first; None: nothing does."""
    try:
        roster = room.now().believed.roster
    except MoyaiError:
        return Doubt.ROSTER
    if not roster.issued_at_ms - CLOCK_AHEAD_MS_MAX <= now_ms < roster.expires_at_ms:
        return Doubt.ROSTER
    if ahead_ms(ledger, now_ms):
        return Doubt.AHEAD
    if not _is_steady(ledger, now_ms):
        return Doubt.STEADY
    return _by_peers(ledger, roster, organisation, now_ms) or _by_laptops(ledger, room, organisation, now_ms)


def _by_laptops(ledger: Ledger, room: StandingRoom, organisation: str, now_ms: int) -> Doubt | None:
    """Those that have ever had something from here; who was never met has nothing."""
    own = {one.node for one in room.now().believed.nodes_of(organisation)}
    heard = [one.last_done_ms for one in ledger.contacts() if one.node in own and one.last_done_ms is not None]
    return Doubt.LAPTOP if any(now_ms - at_ms > SILENT_MS for at_ms in heard) else None


def _by_peers(ledger: Ledger, roster: Roster, organisation: str, now_ms: int) -> Doubt | None:
    """A federation of one has nobody to ask."""
    heard = [one.ahead_ms for one in clocks_of(ledger) if 0 <= now_ms - one.at_ms < HEARD_MS]
    if not heard:
        return Doubt.ALONE if set(roster.organisations) - {organisation} else None
    return Doubt.APART if abs(median_low(heard)) > CLOCK_AHEAD_MS_MAX else None


def _is_steady(ledger: Ledger, now_ms: int) -> bool:
    noted = _noted(ledger)
    if noted is None:
        return False
    since, last = noted
    return -SET_BACK_MS <= now_ms - last <= GAP_MS and now_ms - since >= STEADY_MS


def _noted(ledger: Ledger) -> tuple[int, int] | None:
    written = ledger.meta(NOTED)
    if written is None:
        return None
    since, last = json.loads(written)
    return int(since), int(last)
