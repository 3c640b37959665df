"""Whether the clock is right: by the peers that spoke with us last, by the roster, and by its own past."""

from collections.abc import Iterator, Sequence
from statistics import median_low
from typing import Final

from node.clock_ahead import ahead_ms
from node.doctor.finding import Finding, Grade
from node.errors import NotEnrolled
from node.installation import Installation
from node.peer_clocks import PeerClock, clocks_of
from node.records.clock import milliseconds

RECENT_MS: Final = 7 * 86_400_000
"""What a peer's clock said longer ago says little of ours now."""
APART_MS: Final = 120_000
"""A clock that nobody sets by the network runs away two minutes in a few weeks."""
FAR_APART_MS: Final = 300_000
"""`CLOCK_AHEAD_MS_MAX`: from then on what is written here is set aside elsewhere."""


def look(node: Installation) -> Iterator[Finding]:
    """The wall clock of this machine."""
    now = node.now_ms()
    found = [*_by_its_past(node, now), *_by_the_roster(node, now), *_by_peers(node, now)]
    yield from found or [Finding("clock", "right")]


def judge(clocks: Sequence[PeerClock]) -> Finding | None:
    """What the peers' clocks say of ours; None: nothing."""
    if not clocks:
        return None
    apart = median_low(one.ahead_ms for one in clocks)
    values: dict[str, str | int] = {"apart_ms": abs(apart), "peers": len(clocks)}
    if abs(apart) <= APART_MS:
        return Finding("clock", "as_peers", Grade.OK, values)
    grade = Grade.BAD if abs(apart) > FAR_APART_MS and len(clocks) > 1 else Grade.WARN
    return Finding("clock", "behind_peers" if apart > 0 else "ahead_of_peers", grade, values)


def _by_its_past(node: Installation, now: int) -> Iterator[Finding]:
    ahead = ahead_ms(node.ledger, now)
    if ahead:
        yield Finding("clock", "was_ahead", Grade.BAD, {"ahead_ms": ahead})
    elif milliseconds(node.ledger.clock()) - now > APART_MS:
        yield Finding("clock", "went_back", Grade.WARN, {"back_ms": milliseconds(node.ledger.clock()) - now})


def _by_the_roster(node: Installation, now: int) -> Iterator[Finding]:
    try:
        roster = node.room.now().believed.roster
    except NotEnrolled:
        return
    if now < roster.issued_at_ms - FAR_APART_MS:
        yield Finding("clock", "before_roster", Grade.BAD, {"before_ms": roster.issued_at_ms - now})


def _by_peers(node: Installation, now: int) -> Iterator[Finding]:
    found = judge([one for one in clocks_of(node.ledger) if 0 <= now - one.at_ms < RECENT_MS])
    if found is not None:
        yield found
